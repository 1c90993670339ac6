"""The command line as a user runs it: what it prints, where, and what it does with bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from envterms.analysis.lexicons import FACETS
from envterms.lexicon import load_lexicon
from tests.conftest import ROOT, Run

REPORT = "全市坚决打赢蓝天保卫战,落实河长制,深入学习习近平生态文明思想。\n蓝天、碧水、净土保卫战取得成效。"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_count_prints_a_ranked_table_and_one_audit_line(run: Run, report: Path) -> None:
    done = run("count", "report.txt")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].split() == ["term", "english", "category", "count", "per_10k_han"]
    assert lines[1].startswith("蓝天保卫战")
    assert "█" in lines[1]
    assert done.stderr.count("\n") == 1
    assert "1 document (1 UTF-8)" in done.stderr
    assert "(2 coordinated)" in done.stderr
    assert run("count", "report.txt", "--quiet").stderr == ""


def test_a_pipe_gets_no_colour_and_nothing_is_cut(run: Run, report: Path) -> None:
    assert "\x1b" not in run("count", "report.txt", FORCE_COLOR="").stdout
    assert "…" not in run("count", "report.txt").stdout
    narrow = run("count", "report.txt", COLUMNS="60").stdout
    assert max(map(len, narrow.splitlines())) <= 60
    assert "蓝天保卫战" in narrow


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ("count samples/2024 -n 9", {"term", "count"}),
        ("count samples/2024 --by category", {"category", "count"}),
        ("count samples/2024 --by document", {"term", "count"}),
        ("count samples/2024 --by document-category", {"document", "category", "count"}),
        ("count samples/2024 --columns all", {"term", "count"}),
        ("count samples/2024 --matrix", {"document"}),
        ("count samples/2024 --index attention", {"document", "per_10k_han"}),
        ("diff samples/2024 samples/2019", {"term", "count", "interval"}),
        ("explain samples/2024", {"place", "status", "surface"}),
        ("lexicon list -c pollution/air", {"term", "english"}),
        ("lexicon search 蓝天", {"term", "english"}),
        ("lexicon categories", {"category", "terms"}),
        ("lexicon stats", {"facet", "value", "terms"}),
        ("lexicon first-seen samples/2019 samples/2024", {"term", "form", "first"}),
    ],
)
def test_a_narrow_window_keeps_what_matters(run: Run, arguments: str, kept: set[str], width: int) -> None:
    done = run(*arguments.split(), cwd=ROOT, COLUMNS=str(width))
    head = next(line for line in done.stdout.splitlines() if kept & set(line.split()))
    assert kept <= set(head.split())
    table = done.stdout[done.stdout.index(head) :].partition("columns left out")[0].partition("\n… and")[0]
    assert all(cell_len(line) <= width for line in table.partition("\nSections")[0].splitlines()[:100])


def test_a_table_in_a_file_is_whole(run: Run, report: Path, tmp_path: Path) -> None:
    run("count", "report.txt", "--format", "table", "-o", "wide.txt", COLUMNS="40")
    assert "english" in (tmp_path / "wide.txt").read_text(encoding="utf-8").splitlines()[0]


def test_standard_input(run: Run) -> None:
    done = run("count", "-", "--format", "json", stdin=REPORT.encode("gb18030"))
    assert {row["document"] for row in json.loads(done.stdout)} == {"<stdin>"}
    assert "GB18030" in done.stderr


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "md", "xlsx"])
def test_the_ending_of_the_output_says_the_format(run: Run, report: Path, tmp_path: Path, ending: str) -> None:
    done = run("count", "report.txt", "-o", f"out.{ending}")
    assert (done.returncode, done.stdout) == (0, "")
    content = (tmp_path / f"out.{ending}").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (ending in ("csv", "tsv"))
    assert ending == "xlsx" or "蓝天保卫战" in content.decode("utf-8-sig")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="devices of POSIX")
def test_an_output_may_be_a_device(run: Run, report: Path) -> None:
    done = run(
        "count", "report.txt", "-o", "/dev/stdout", "--format", "csv", "--columns", "term", "-n", "1", "--no-bom"
    )
    assert (done.returncode, done.stdout) == (0, "term\n蓝天保卫战\n")


def test_csv_columns(run: Run, report: Path) -> None:
    header = run("count", "report.txt", "--format", "csv").stdout.splitlines()[0]
    assert header == "document,category,term,english,count,literal,coordinated,nested,unresolved,per_10k_han"
    assert (
        run("count", "report.txt", "--format", "csv", "--columns", "term,count", "-n", "1").stdout
        == "term,count\n蓝天保卫战,2\n"
    )


def test_groupings(run: Run, report: Path) -> None:
    assert run("count", "report.txt", "--by", "category").stdout.splitlines()[0].split()[:3] == [
        "category",
        "chinese",
        "count",
    ]
    assert run("count", "report.txt", "--by", "document").stdout.splitlines()[0].split() == ["term", "count", "report"]


def test_options_change_the_count(run: Run, report: Path) -> None:
    def counted(*options: str) -> dict[str, int]:
        rows = json.loads(run("count", "report.txt", "--format", "json", *options).stdout)
        return {row["term"]: row["count"] for row in rows if row["count"]}

    assert counted()["蓝天保卫战"] == 2
    assert counted("--no-coordination")["蓝天保卫战"] == 1
    assert "生态文明" not in counted()
    assert counted("--nested", "all")["生态文明"] == 1  # inside 习近平生态文明思想
    assert "河长制" not in counted("--exclude", "pollution/water")
    assert set(counted("--category", "pollution/air")) == {"蓝天保卫战"}
    assert set(counted("--term", "藍天保衛戰")) == {"蓝天保卫战"}


def test_a_lexicon_of_ones_own(run: Run, report: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("term,category\n取得成效,mine\n", encoding="utf-8")
    added = json.loads(run("count", "report.txt", "--lexicon", "own.csv", "--format", "json").stdout)
    alone = json.loads(run("count", "report.txt", "--lexicon", "own.csv", "--only-lexicon", "--format", "json").stdout)
    assert {"取得成效", "蓝天保卫战"} <= {row["term"] for row in added}
    assert [row["term"] for row in alone] == ["取得成效"]


def test_kwic(run: Run, report: Path) -> None:
    done = run("kwic", "report.txt", "--term", "蓝天保卫战", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(rows[0]) == [
        "document",
        "line",
        "column",
        "start",
        "end",
        "parts",
        "surface",
        "term",
        "category",
        "form",
        "verb",
        "value",
        "pre",
        "post",
    ]
    assert [(row["line"], row["column"], row["surface"], row["form"]) for row in rows] == [
        (1, 7, "蓝天保卫战", "literal"), (2, 1, "蓝天、碧水、净土保卫战", "coordinated"),
    ]  # fmt: skip
    assert rows[1]["parts"] == [[33, 35], [41, 44]]
    assert all(REPORT[row["start"] : row["end"]] == row["surface"] for row in rows)
    shown = run("kwic", "report.txt", "--term", "蓝天保卫战").stdout
    assert "report.txt:1:7" in shown
    assert run("kwic", "report.txt", "-n", "1", "--format", "csv").stdout.count("\n") == 2


def test_kwic_of_a_large_file_is_read_in_pieces(run: Run, tmp_path: Path) -> None:
    line = "天气晴朗。" * 40 + "\r\n"
    number = (9 << 20) // len(line.encode()) + 1  # more than is read at once
    (tmp_path / "large.txt").write_bytes((line * number + "打赢蓝天保卫战。" + line).encode())
    (tmp_path / "broken.txt").write_bytes((line * number).encode() + b"\xff\xfe")
    done = run("kwic", "large.txt", "broken.txt", "-o", "out.jsonl", "-w", "3")
    (row,) = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert (row["line"], row["column"], row["start"]) == (number + 1, 3, number * len(line) + 2)
    assert (row["pre"], row["surface"], row["post"]) == ("\n打赢", "蓝天保卫战", "。天气")
    assert done.returncode == 1
    assert "broken.txt: UTF-8 with 2 broken bytes" in done.stderr


def test_explain(run: Run, tmp_path: Path) -> None:
    text = "坚决遏制“两高”项目。\n“两高”工作会议。\n生态环境部门打贏藍(lán)天保衛戰。\n“两高”问题。"
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    rows = [json.loads(line) for line in run("explain", "report.txt", "--format", "jsonl").stdout.splitlines()]
    assert all(text[row["start"] : row["end"]] == row["surface"] for row in rows)
    told = {(row["line"], row["written"]): (row["status"], row["reason"], row["repairs"]) for row in rows}
    assert told[3, "蓝天保卫战"] == ("counted", "longest form here", "reading, script")
    assert told[3, "生态环境部"] == ("rejected", "生态环境部: after 门 -> reject: 生态环境部门", "")
    assert told[4, "两高"] == ("unresolved", "两高: otherwise -> unresolved", "")
    only = run(
        "explain", "report.txt", "--term", "蓝天保卫战", "--line", "3", "--columns", "term,status", "--format", "csv"
    )
    assert only.stdout == "term,status\n蓝天保卫战,counted\n"
    assert run("explain", "report.txt", "--line", "2", "--term", "蓝天保卫战").stdout == ""
    unresolved = run("explain", "report.txt", "--status", "unresolved")
    assert "report.txt:4:2" in unresolved.stdout
    assert unresolved.stderr == "2 candidates: 2 unresolved\n"
    assert run("explain", "report.txt", "--status", "lost").returncode == 2
    first = run("explain", "report.txt", "-n", "2", "--format", "jsonl")
    assert [json.loads(line) for line in first.stdout.splitlines()] == rows[:2]
    assert first.stderr.startswith("2 candidates: ")


def test_what_is_unresolved_is_shown_beside_the_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("打赢蓝天保卫战。两高问题。", encoding="utf-8")
    assert "1 place unresolved, not counted: 两高 1" in run("count", "a.txt").stdout.splitlines()[-1]
    assert "unresolved" not in run("count", "a.txt", "-c", "pollution").stdout
    rows = json.loads(run("count", "a.txt", "--format", "json").stdout)
    assert [(row["term"], row["count"], row["unresolved"]) for row in rows] == [("蓝天保卫战", 1, 0), ("两高", 0, 1)]
    assert json.loads(run("count", "a.txt", "--by", "category", "--format", "json").stdout)[-1]["unresolved"] == 1
    assert "1 unresolved" in run("kwic", "a.txt").stderr


def test_without_repair_noise_hides_a_term(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("打贏藍(lán)天保衛戰。\n污染防\n治攻坚战,藍天保衛戰", encoding="utf-8")

    def counted(*options: str) -> dict[str, int]:
        rows = json.loads(run("count", "a.txt", "--format", "json", *options).stdout)
        return {row["term"]: row["count"] for row in rows if row["count"]}

    assert counted() == {"蓝天保卫战": 2, "污染防治攻坚战": 1}
    assert counted("--no-repair") == {"蓝天保卫战": 1}
    assert "3 occurrences needed a repair: 2 script, 1 reading, 1 space" in run("count", "a.txt").stderr
    assert len(run("kwic", "a.txt", "--no-repair", "--format", "jsonl").stdout.splitlines()) == 1
    assert len(run("explain", "a.txt", "--no-repair", "-t", "蓝天保卫战", "--format", "jsonl").stdout.splitlines()) == 1


def test_lexicon_commands(run: Run) -> None:
    assert "blue" in run("lexicon", "show", "藍天保衛戰").stdout.lower()
    assert "蓝天保卫战" in run("lexicon", "search", "blue sky").stdout + run("lexicon", "search", "blue-sky").stdout
    assert "河长制" in run("lexicon", "list", "-c", "pollution/water", "--format", "csv").stdout
    assert "pollution/air" in run("lexicon", "categories").stdout
    assert run("lexicon", "check").returncode == 0


CHECKED = [
    ("a sound file", ["sound.csv"], 0, "0 faults in sound.csv\n"),
    ("a file with faults", ["faults.csv"], 1, "2 faults in faults.csv\n"),
    ("no such file", ["no.csv"], 2, "no.csv: no such file or folder"),
    ("a folder without terms", ["."], 2, ".: has no folder terms/"),
    ("a file to be mended", ["sound.csv", "--fix"], 2, "rewrites the files of a folder, and sound.csv is a file"),
]


@pytest.mark.parametrize(
    ("arguments", "status", "message"), [one[1:] for one in CHECKED], ids=[one[0] for one in CHECKED]
)
def test_ones_own_terms_are_checked(run: Run, tmp_path: Path, arguments: list[str], status: int, message: str) -> None:
    (tmp_path / "sound.csv").write_bytes("term;english\n取得成效;\n".encode("gbk"))
    (tmp_path / "faults.csv").write_text("term,english\n蓝天,blue,sky\n,x\n", encoding="utf-8")
    done = run("lexicon", "check", *arguments)
    assert (done.returncode, message in done.stderr) == (status, True)
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["faults.csv:2", "faults.csv:3"] * (
        status == 1
    )


def test_what_the_lexicon_holds(run: Run) -> None:
    rows = json.loads(run("lexicon", "stats", "--by", "status", "--format", "json").stdout)
    assert {row["value"] for row in rows} <= {"verified", "attested", "unknown"}
    assert sum(row["terms"] for row in rows) == len(load_lexicon().terms)
    assert "--by: unknown value 'colour'" in run("lexicon", "stats", "--by", "colour").stderr


def test_what_an_edit_changes(run: Run, report: Path, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("term,aliases\n蓝天,\n落实,\n", encoding="utf-8")
    (tmp_path / "new.csv").write_text("term,aliases\n蓝天,碧水\n", encoding="utf-8")
    done = run(
        "lexicon", "diff", "old.csv", "new.csv", "--corpus", "report.txt", "--corpus", "no.txt", "--format", "csv"
    )
    assert done.stdout.splitlines() == [
        "table,name,change,column,old,new", "terms,落实,removed,,,", "terms,蓝天,changed,aliases,,碧水",
        "counts,落实,moved,count,1,0", "counts,落实,moved,docfreq,1,0", "counts,蓝天,moved,count,2,3",
    ]  # fmt: skip
    assert (done.returncode, "no.txt: no such file" in done.stderr) == (1, True)
    assert "0 added, 1 removed (1 of them not in retired.csv), 1 changed" in done.stderr


def test_first_sights_in_a_corpus(run: Run, report: Path, tmp_path: Path) -> None:
    report.rename(tmp_path / "2015.txt")
    (tmp_path / "2018.txt").write_text("落实林长制", encoding="utf-8")
    (tmp_path / "undated.txt").write_text("落实林长制", encoding="utf-8")
    done = run("lexicon", "first-seen", ".", "--format", "csv", "--columns", "form,first,not_in_corpus")
    assert "林长制,2018,2016-2017" in done.stdout.splitlines()
    assert (done.returncode, "undated.txt: no date in its name" in done.stderr) == (1, True)
    assert "2015-2018, 2 documents; years without a document: 2016-2017" in done.stderr
    (tmp_path / "dates.csv").write_text("document,date\nundated.txt,2016-05\n", encoding="utf-8")
    done = run("lexicon", "first-seen", ".", "--dates", "dates.csv", "-t", "林长制")
    assert (done.returncode, "2016-05" in done.stdout) == (0, True)


def test_export_and_import(run: Run, report: Path, tmp_path: Path) -> None:
    done = run("lexicon", "export", "csv", "-c", "pollution/air", "--exclude", "蓝天保卫战", "-o", "air.csv")
    assert (done.returncode, done.stdout) == (0, "")
    content = (tmp_path / "air.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") > 100
    assert "\n蓝天保卫战," not in content.decode()
    assert re.search(
        r"left out: [\d,]+ sense rules, \d+ families, \d+ patterns; counts with an export differ", done.stderr
    )
    again = run("lexicon", "export", "csv", "--lexicon", "air.csv", "--only-lexicon")
    assert (again.returncode, "left out" in again.stderr) == (0, False)
    done = run("lexicon", "export", "jieba", "-c", "thought/slogan")
    assert done.stdout.startswith("#envterms_lexicon_")
    assert "forms that jieba cannot hold are left out" in done.stderr
    (tmp_path / "words.txt").write_text("取得成效 3 n\n战\n", encoding="utf-8")
    done = run("lexicon", "import", "words.txt", "-o", "own.csv")
    assert (done.returncode, "terms 1, forms 1, left out 1" in done.stderr) == (0, True)
    counted = run(
        "count", "report.txt", "--lexicon", "own.csv", "--only-lexicon", "--format", "csv", "--columns", "term,count"
    )
    assert counted.stdout == "term,count\n取得成效,1\n"
    assert "unknown format 'xls'; formats are csv, json" in run("lexicon", "export", "xls").stderr
    for name in ("own.xlsx", "own.txt", "own"):
        refused = run("lexicon", "import", "words.txt", "-o", name)
        assert (refused.returncode, (tmp_path / name).exists()) == (2, False)
        assert f"--output: {name}: a lexicon is a CSV file; let its name end in .csv" in refused.stderr
    assert run("lexicon", "import", "words.txt", "--from", "xls").returncode == 2


def test_the_list_of_terms_can_be_restricted(run: Run) -> None:
    asked = (
        "lexicon",
        "list",
        "--type",
        "campaign",
        "--status",
        "attested",
        "--exclude",
        "party",
        "-n",
        "3",
        "--format",
        "json",
    )
    rows = json.loads(run(*asked).stdout)
    assert [(row["type"], row["status"]) for row in rows] == [("campaign", "attested")] * 3
    assert "--status: unknown value 'true'" in run("lexicon", "list", "--status", "true").stderr
    assert "unknown value 'campain'; did you mean campaign" in run("lexicon", "list", "--type", "campain").stderr


def test_an_entry_as_data(run: Run, tmp_path: Path) -> None:
    (row,) = json.loads(run("lexicon", "show", "藍天保衛戰", "--format", "json").stdout)
    assert (row["term"], row["category"]) == ("蓝天保卫战", "pollution/air")
    run("lexicon", "show", "蓝天保卫战", "-o", "one.csv", "--columns", "term,type")
    assert (tmp_path / "one.csv").read_text(encoding="utf-8-sig").splitlines() == ["term,type", "蓝天保卫战,campaign"]


def test_a_cut_between_equal_counts_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("蓝天保卫战，河长制，碧水保卫战，蓝天保卫战", encoding="utf-8")
    assert "… and 2 more rows (-n 0 shows all)" in run("count", "a.txt", "-n", "1").stdout
    assert "… and 1 more row, the next with the same count (-n 0 shows all)" in run("count", "a.txt", "-n", "2").stdout
    rows = [line.split()[0] for line in run("count", "a.txt", "--by", "document").stdout.splitlines()[1:]]
    assert rows == ["蓝天保卫战", "河长制", "碧水保卫战"]


def test_a_pipe_may_ask_for_another_encoding(run: Run, report: Path) -> None:
    def output(*arguments: str, **environment: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "envterms", *arguments],
            capture_output=True,
            cwd=report.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", **environment},
            check=True,
        ).stdout

    (report.parent / "own.csv").write_text("term\n保卫战🌏\n", encoding="utf-8")
    (report.parent / "odd.txt").write_text("保卫战🌏", encoding="utf-8")
    csv = ("count", "odd.txt", "-q", "--lexicon", "own.csv", "--only-lexicon", "--format", "csv", "--columns", "term")
    for arguments in (("count", "report.txt"), ("kwic", "report.txt"), ("kwic", "report.txt", "--format", "jsonl")):
        assert "蓝天保卫战" in output(*arguments, PYTHONIOENCODING="gbk").decode("gbk")
    assert "保卫战\\U0001f30f" in output(*csv, PYTHONIOENCODING="gbk").decode("gbk")
    assert "保卫战?" in output(*csv, PYTHONIOENCODING="gbk:replace").decode("gbk")
    assert output(*csv, PYTHONIOENCODING="", LC_ALL="C").decode("utf-8").splitlines() == ["term", "保卫战🌏"]
    assert output(*csv[:-4], "--format", "xlsx", PYTHONIOENCODING="gbk").startswith(b"PK")


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not allowed there")
def test_no_name_of_a_file_moves_a_terminal(run: Run, tmp_path: Path) -> None:
    names = ["esc\x1b[31mred.txt", "new\nline.txt", "turn\u202eed.txt"]
    for name in names:
        (tmp_path / name).write_text("蓝天保卫战，河长制", encoding="utf-8")
    (tmp_path / "bad\x1b[2J\n.txt").write_bytes(b"")
    (tmp_path / "--no\x1b[2J").write_bytes(b"")
    for arguments in (
        ["count", ".", "--by", "document"], ["count", ".", "--by", "document", "--columns", "all"], ["count", ".", "--matrix"],
        ["count", ".", "--index", "attention"], ["kwic", "."], ["explain", "."], ["clean", "."], ["lexicon", "first-seen", "."],
        ["diff", names[0], names[1]], ["diff", names[0], "bad\x1b[2J\n.txt"], ["diff", names[0], names[1], "--by", "x"],
        ["count", names[0], "-o", "no\x1b[2J\n/x.csv"], ["count", "--no\x1b[2J"], ["count", ".", "--lexicon", names[0]],
        ["count", ".", "--lexicon", "bad\x1b[2J\n.txt"], ["lexicon", "check", "no\x1b[2J\n"], ["lexicon", "search", "no\x1b[2J\n"],
    ):  # fmt: skip
        done = run(*arguments)
        shown = done.stdout + done.stderr
        assert not set(shown) & set("\x1b\u202e"), arguments
        assert "\nline.txt" not in shown, arguments
        assert "Traceback" not in shown, arguments
    assert "bad␛[2J .txt: the file is empty" in run("count", ".").stderr
    assert run("count", ".", "--by", "document", "-q").stdout.splitlines()[0].split() == [
        "term", "count", "esc␛[31mred", "new", "line", "turn�ed",
    ]  # fmt: skip


def test_a_retired_term_is_shown_and_not_counted(run: Run, report: Path) -> None:
    lexicon = load_lexicon()
    forms = {form for term in lexicon.terms.values() for form in term.forms}
    gone = next(one for one in lexicon.retired.values() if one.replacement and one.term not in forms)
    shown = run("lexicon", "show", gone.term)
    assert (shown.returncode, gone.reason in shown.stdout, gone.replacement in shown.stdout) == (0, True, True)
    asked = run("count", "report.txt", "--term", gone.term)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert (
        asked.stderr
        == f"envterms: the term {gone.term} was retired on {gone.retired} ({gone.reason}); use {gone.replacement}\n"
    )


def test_versions(run: Run) -> None:
    assert run("--version").stdout.startswith("envterms 0.")
    assert run("--version", ENVTERMS_ENGINE="arrays").stdout.endswith("engine arrays\n")
    unknown = run("--version", ENVTERMS_ENGINE="steam")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        "envterms: unknown engine 'steam'; engines are native, arrays, plain\n",
    )


def test_every_engine_prints_the_same(run: Run, samples: Path) -> None:
    outputs = {
        engine: run("count", samples, "--columns", "all", ENVTERMS_ENGINE=engine).stdout
        for engine in ("", "arrays", "plain")
    }
    assert len(set(outputs.values())) == 1
    assert len(outputs[""]) > 1000


BAD = [
    ("missing path", ["count", "no.txt"], 1, "no.txt: no such file or folder"),
    ("empty file", ["count", "empty.txt"], 1, "empty.txt: the file is empty"),
    ("folder with nothing to read", ["count", "nothing"], 1, "nothing: no file that ends in .txt or .text in this folder"),
    ("binary file", ["count", "binary.txt"], 1, "binary.txt: a binary file, not text"),
    ("undecodable file", ["count", "broken.txt"], 1, "broken.txt: the encoding cannot be told (byte 6 is not UTF-8"),
    ("wrong encoding named", ["count", "report.txt", "-e", "big5"], 1, "report.txt: byte"),
    ("unknown encoding", ["count", "report.txt", "-e", "klingon"], 2, "unknown encoding 'klingon'; use for example utf-8"),
    ("a codec for bytes", ["kwic", "report.txt", "-e", "zip"], 2, "unknown encoding 'zip'"),
    ("a handler that only encodes", ["clean", "report.txt", "-e", "utf-8:xmlcharrefreplace"], 2, "unknown handler of broken bytes 'xmlcharrefreplace'"),
    ("broken bytes", ["count", "bytes.txt"], 1, "bytes.txt: GB18030 with 2 broken bytes, the first is byte 95; accept broken bytes with -e gb18030:replace"),
    ("broken lexicon line", ["count", "report.txt", "--lexicon", "bad.csv"], 1, "bad.csv:2: 3 cells where the header has 2"),
    ("duplicate lexicon line", ["count", "report.txt", "--lexicon", "twice.csv"], 1, "twice.csv:3: 蓝天: stands already at twice.csv:2"),
    ("unknown category", ["count", "report.txt", "-c", "airr"], 2, "unknown category 'airr'"),
    ("unknown term", ["kwic", "report.txt", "-t", "蓝天保卫仗"], 2, "unknown term '蓝天保卫仗'; did you mean"),
    ("unknown column", ["count", "report.txt", "--columns", "cuont"], 2, "unknown column 'cuont'; did you mean count"),
    ("no column named", ["kwic", "report.txt", "--columns", ","], 2, "',' names nothing"),
    ("unknown scope", ["count", "report.txt", "--scope", "cor"], 2, "unknown scope 'cor'; did you mean core?"),
    ("unknown name left out", ["kwic", "report.txt", "--exclude", "airr"], 2, "unknown term 'airr'"),
    ("unknown column to sort by", ["diff", "report.txt", "report.txt", "--sort", "g3"], 2, "unknown column 'g3'"),
    ("unknown column of texts", ["diff", "years.csv", "--by", "year", "--target", "2018", "--text-column", "t"], 2, "unknown column 't'"),
    ("unknown value of a column", ["diff", "years.csv", "--by", "year", "--target", "2017"], 2, "unknown value of year '2017'"),
    ("unknown term to show", ["lexicon", "show", "蓝天保卫仗"], 2, "unknown term '蓝天保卫仗'"),
    ("missing lexicon", ["count", "report.txt", "--lexicon", "no.csv"], 2, "Invalid value for --lexicon: no.csv: no such file or folder"),
    ("a text as lexicon", ["count", "report.txt", "--lexicon", REPORT * 5], 2, "no such file or folder"),
    ("a text as lexicon to check", ["lexicon", "check", REPORT * 5], 2, "no such file or folder"),
    ("unusable lexicon with --exit-code", ["diff", "report.txt", "report.txt", "--exit-code", "--lexicon", "bad.csv"], 3, "bad.csv:2: 3 cells"),
    ("unwritable output", ["count", "report.txt", "-o", "no/such/folder/x.csv"], 1, "no/such/folder/x.csv: cannot be written"),
    ("unknown format", ["count", "report.txt", "--format", "docx"], 2, "unknown format 'docx'"),
    ("unknown ending", ["count", "report.txt", "-o", "x.docx"], 2, "unknown ending of an output file 'docx'"),
    ("unknown grouping", ["count", "report.txt", "--by", "years"], 2, "unknown value 'years'"),
    ("unknown option", ["count", "report.txt", "--bye"], 2, "No such option"),
    ("no path", ["count"], 2, "Missing argument"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "status", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_gets_one_clear_sentence(
    run: Run, report: Path, tmp_path: Path, arguments: list[str], status: int, message: str
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "broken.txt").write_bytes("蓝天".encode() + b"\xff\xfe\xfa\xfb" * 30)
    (tmp_path / "bytes.txt").write_bytes(REPORT.encode("gb18030") + b"\xff\xff")
    (tmp_path / "bad.csv").write_text("term,english\n蓝天,blue,sky\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text("term\n蓝天\n蓝天\n", encoding="utf-8")
    (tmp_path / "years.csv").write_text("year,text\n2018,蓝天\n2019,蓝天\n", encoding="utf-8")
    done = run(*arguments)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.glob("x.*"))


@pytest.mark.parametrize("command", ["count", "kwic", "explain", "clean", "lexicon first-seen"])
def test_a_text_in_place_of_a_path_gets_one_sentence(run: Run, command: str) -> None:
    text = "全市坚决打赢蓝天保卫战" * 30
    done = run(*command.split(), text)
    assert done.returncode == 1
    assert done.stderr.startswith(f"envterms: {text}: ")
    assert done.stderr.count("\n") == 1


DOUBTFUL = [
    ("count", ["count", "FILE", "--quiet", "--manifest", "m.json"]),
    ("count with an index", ["count", "FILE", "--index", "attention"]),
    ("diff", ["diff", "FILE", "FILE"]),
    ("diff of a table", ["diff", "FILE.csv", "--by", "year", "--target", "2018"]),
    ("kwic", ["kwic", "FILE"]),
    ("explain", ["explain", "FILE"]),
    ("clean", ["clean", "FILE"]),
    ("lexicon first-seen", ["lexicon", "first-seen", "FILE"]),
    ("lexicon diff", ["lexicon", "diff", "lexicon", "lexicon", "--corpus", "FILE"]),
]


@pytest.mark.parametrize("arguments", [arguments for _, arguments in DOUBTFUL], ids=[label for label, _ in DOUBTFUL])
def test_what_is_doubtful_in_a_text_is_said_once(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "lexicon" / "terms").mkdir(parents=True)
    (tmp_path / "lexicon" / "terms" / "a.csv").write_text("term\n蓝天保卫战\n", encoding="utf-8")
    (tmp_path / "r2018").write_bytes(REPORT.encode() + b"\xff")
    (tmp_path / "r2018.csv").write_bytes(f'year,text\n2018,"{REPORT}"\n2023,"{REPORT}"\n'.encode() + b"\xff")
    file = next(argument for argument in arguments if "FILE" in argument).replace("FILE", "r2018")
    named = [argument.replace("FILE", "r2018") for argument in arguments]
    wrong = f"envterms: {file}: does not look like Chinese as iso8859-1; it looks like UTF-8, so leave out -e\n"
    assert run(*named, "-e", "latin-1").stderr.count(wrong) == 1
    replaced = f"{file}: UTF-8 with a broken byte, byte "
    done = run(*named, "-e", "auto:replace")
    assert (done.stderr.count(f"envterms: {replaced}"), done.returncode) == (1, 0)
    if "--manifest" in named:
        assert json.loads((tmp_path / "m.json").read_bytes())["warnings"][0].startswith(replaced)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(run: Run, report: Path) -> None:
    report.chmod(0)
    assert "report.txt: cannot be read (Permission denied)" in run("count", "report.txt").stderr


def test_the_other_files_are_still_counted(run: Run, report: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run("count", "no.txt", "empty.txt", "report.txt", "--format", "csv")
    assert done.returncode == 1
    assert "report.txt,pollution/air,蓝天保卫战" in done.stdout
    assert len(done.stderr.splitlines()) == 3


def test_hostile_text_is_inert(run: Run, tmp_path: Path) -> None:
    name = "=cmd()[red].txt"
    (tmp_path / name).write_bytes("\x1b]0;owned\x07[bold]=1+1蓝天保卫战\x1b[31m[/bold]".encode())
    for arguments in (["count", "--by", "document"], ["kwic"], ["kwic", "--format", "md"], ["count", "--format", "md"]):
        shown = run(*arguments, name).stdout
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "red" in shown
    assert "\n'=cmd()" in run("count", "--format", "csv", name).stdout
    run("kwic", name, "-o", "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no UTF-8")
def test_names_of_files_that_are_no_utf_8(run: Run, tmp_path: Path) -> None:
    for name in (b"\xb1\xb1.txt", b"\xc9\xcf.txt"):  # in GBK, 北 and 上
        (tmp_path / os.fsdecode(name)).write_text(REPORT, encoding="utf-8")
    (tmp_path / os.fsdecode(b"\xb4\xca.csv")).write_text("term\n蓝天保卫战\n", encoding="utf-8")
    own = ["--lexicon", os.fsdecode(b"\xb4\xca.csv"), "--only-lexicon"]
    names = [r"\udcb1\udcb1.txt", r"\udcc9\udccf.txt"]
    rows = json.loads(run("count", ".", *own, "--format", "json", "--manifest", "m.json").stdout)
    assert [row["document"] for row in rows] == names
    methods = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert [one["document"] for one in methods["documents"]["documents"]] == names
    assert all(one["sha256"] for one in methods["documents"]["documents"])
    assert r"\udcb1\udcb1.txt:1:7" in run("kwic", ".", *own).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a POSIX shell")
@pytest.mark.parametrize(
    "arguments",
    [
        "count",
        "count --format csv",
        "kwic",
        "kwic --format jsonl",
        "explain",
        "diff 2.txt",
        "clean",
        "lexicon list",
        "lexicon export jieba",
    ],
)
def test_a_closed_pipe_is_no_error(report: Path, tmp_path: Path, arguments: str) -> None:
    """Nothing is read of what is written, so that also little of it meets a closed pipe."""
    report.write_text("首页 > 环保\n" + REPORT * 200, encoding="utf-8")
    (tmp_path / "2.txt").write_text(REPORT, encoding="utf-8")
    words = [*arguments.split(), *([] if "lexicon" in arguments else ["report.txt"])]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "envterms", *words],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("arguments", ["count report.txt", "kwic report.txt --format jsonl", "--version"])
def test_a_full_disk_gets_one_clear_sentence(report: Path, arguments: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "envterms", *arguments.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=report.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=120,
        )
    assert done.returncode == 1
    assert done.stderr == b"envterms: standard output: cannot be written (No space left on device)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_at_once_and_leaves_nothing(report: Path, tmp_path: Path) -> None:
    report.write_text(REPORT * 200_000, encoding="utf-8")  # some ten seconds of work
    arguments = [sys.executable, "-m", "envterms", "count", str(report), "-o", str(tmp_path / "out.csv")]
    process = subprocess.Popen(
        arguments,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background would ignore it
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.decode() == "envterms: interrupted; no output file was written\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.txt"]


HEAVY = {
    "pandas", "numpy", "scipy", "jieba", "opencc", "xlsxwriter", "rdflib", "yaml", "pydantic", "pygments", "rich.table",
    "concurrent.futures", "importlib.metadata",
}  # fmt: skip
OF_OTHER_COMMANDS = {
    "envterms.cli.diff", "envterms.cli.lexicon", "envterms.lexicon.checking", "envterms.lexicon.plausibility",
    "envterms.lexicon.searching", "envterms.output.manifest",
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        ("--help", {"rich", "envterms.lexicon", "envterms.analysis"}),
        ("--complete", {"rich", "envterms.lexicon", "envterms.analysis"} | OF_OTHER_COMMANDS),
        ("count -q", {"envterms.output.files"} | OF_OTHER_COMMANDS),
        ("count -q --format csv", {"rich"} | OF_OTHER_COMMANDS),
    ],
)
def test_what_a_command_does_not_use_is_not_imported(arguments: str, spared: set[str], report: Path) -> None:
    words = ["envterms", *arguments.split(), *([str(report)] if arguments.startswith("count") else [])]
    code = f"import sys; sys.argv={words!r}\ntry:\n import envterms.cli; envterms.cli.main()\nexcept SystemExit: pass\nprint(sorted({HEAVY | spared!r} & sys.modules.keys()))"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    if arguments == "--complete":
        variables |= {"_ENVTERMS_COMPLETE": "complete_bash", "COMP_WORDS": "envterms count --no", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=variables, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == "[]"
    assert len(lines) > 1  # the command did something


def test_the_help_of_stats_names_the_facets(run: Run) -> None:
    said = " ".join(run("lexicon", "stats", "--help").stdout.split())
    assert f"{', '.join(FACETS[:-1])} or {FACETS[-1]}; may be repeated" in said
    assert "evidence" not in said
