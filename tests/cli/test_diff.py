"""`envterms diff` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

OLD = "我们落实环境保护督察,打赢蓝天保卫战,建设资源节约型社会。"
NEW = "我们落实生态环境保护督察,深入打好蓝天、碧水、净土保卫战,推进减污降碳。"


@pytest.fixture
def sides(tmp_path: Path) -> Path:
    for side, text in (("old", OLD), ("new", NEW)):
        (tmp_path / side).mkdir()
        for number in range(6):
            (tmp_path / side / f"{number}.txt").write_text(text * (number + 1), encoding="utf-8")
    return tmp_path


def test_two_files(run: Run, sides: Path) -> None:
    done = run("diff", "new/0.txt", "old/0.txt")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("target     new/0.txt  (1 document, ")
    assert "shared" in done.stdout
    assert "came (" in done.stdout
    assert "减污降碳 1" in done.stdout
    assert "环境保护督察 1 of 1 -> 生态环境保护督察 1 of 1" in done.stdout
    assert "two single documents" in done.stderr
    assert "p_adj" not in done.stdout
    assert "*" not in done.stdout


def test_two_folders_are_tested_by_documents_and_marked(run: Run, sides: Path) -> None:
    done = run("diff", "new", "old", "--english")
    assert "documents permuted" in done.stdout
    assert "减污降碳* 21" in done.stdout
    assert "two single documents" not in done.stderr
    narrow = run("diff", "new", "old", "-q", COLUMNS="40").stdout
    assert "columns left out: per_10k" in narrow
    assert "term" in narrow.split("columns left out")[0]


def test_a_section_is_by_one_term_and_the_star_by_all(run: Run, sides: Path) -> None:
    """The interval is of one term, p is adjusted for all."""
    for number in range(6):
        for side in ("old", "new"):
            path = sides / side / f"{number}.txt"
            often = "蓝天保卫战，" * (9 if side == "new" else 1)
            path.write_text(path.read_text(encoding="utf-8") + often + "河长制。", encoding="utf-8")
    shown = run("diff", "new", "old", "-q").stdout
    assert "adjusted for all" in shown
    assert "* marks p_adj below 0.05" in shown
    assert "\nmore in target\n  蓝天保卫战*        75 : 27  798.72 : 454.55  0.003" in shown
    assert "\nshared\n  河长制              6 : 6    63.90 : 101.01  " in shown
    assert "without correction for the" in run("diff", "new/0.txt", "old/0.txt", "-q").stdout


def test_several_targets_against_a_reference(run: Run, sides: Path) -> None:
    done = run("diff", "new/0.txt", "new/1.txt", "-r", "old/*.txt", "--format", "json", "-q")
    rows = {row["term"]: row for row in json.loads(done.stdout)}
    assert (rows["减污降碳"]["n_target"], rows["减污降碳"]["docfreq_target"]) == (3, 2)
    assert rows["资源节约型社会"]["n_reference"] == 21


def test_a_table_split_by_a_column(run: Run, tmp_path: Path) -> None:
    (tmp_path / "speeches.csv").write_text(
        f"year,text\n2018,{OLD.replace(',', '，')}\n2023,{NEW.replace(',', '，')}\n2024,无\n", encoding="utf-8"
    )
    rest = run("diff", "speeches.csv", "--by", "year", "--target", "2023", "--format", "csv", "-q")
    one = run(
        "diff", "speeches.csv", "--by", "year", "--target", "2023", "--reference", "2018", "--format", "csv", "-q"
    )
    assert rest.stdout.splitlines()[0].startswith("part,term,english,category,n_target,n_reference,per_10k_target")
    assert "减污降碳" in rest.stdout
    assert len(rest.stdout.splitlines()) == len(one.stdout.splitlines())
    assert rest.stdout != one.stdout  # 2024 adds a document without terms


def test_a_value_stands_on_one_side_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "speeches.csv").write_text(f"year,text\n2018,{OLD}\n2020,{NEW}\n", encoding="utf-8")
    done = run("diff", "speeches.csv", "--by", "year", "--target", "2020", "-r", "2018", "-r", "2020")
    assert (done.returncode, done.stdout) == (2, "")
    assert "2020 stands on both sides" in done.stderr


def test_rows_without_a_value_are_on_neither_side(run: Run, tmp_path: Path) -> None:
    (tmp_path / "speeches.csv").write_text(
        "year,text\n2018,河长制\n2023,蓝天保卫战\n,减污降碳\n ,湖长制\n", encoding="utf-8"
    )
    split = ("diff", "speeches.csv", "--by", "year", "--target")
    done = run(*split, "2023")
    assert "reference  year others  (1 document, " in done.stdout
    assert "2 rows have no value of year and stand on neither side: speeches.csv:3, speeches.csv:4" in done.stderr
    assert "减污降碳 1" in run(*split, "2023", "--reference", "").stdout
    assert "no row has another value of year than 2023, 2018" in " ".join(
        run(*split, "2023", "--target", "2018").stderr.split()
    )


def test_a_list_of_values_that_is_cut_says_so(run: Run, tmp_path: Path) -> None:
    for number, end in ((20, "119"), (21, "119, …")):
        rows = "".join(f"{100 + row},河长制\n" for row in range(number))
        (tmp_path / "speeches.csv").write_text(f"year,text\n{rows},湖长制\n", encoding="utf-8")
        done = run("diff", "speeches.csv", "--by", "year", "--target", "甲")
        assert "; values are 100, 101, " in done.stderr
        assert done.stderr.strip().endswith(end)


def test_one_broken_table_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"year,text\n2018,{OLD.replace(',', '，')}\n2023,{NEW.replace(',', '，')}\n", encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text("year,text\n2018, \n", encoding="utf-8")
    done = run("diff", "a.csv", "b.csv", "--by", "year", "--target", "2023", "--format", "csv", "-q")
    assert done.returncode == 1
    assert "b.csv: no row holds a text" in done.stderr
    assert "减污降碳" in done.stdout
    assert run("diff", "b.csv", "--by", "year", "--target", "2023").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new",), "1 paths: give two"),
        (("new", "old", "new/0.txt"), "3 paths: give two"),
        (("new", "old", "--measures", "chi2"), "unknown value 'chi2'"),
        (("new", "old", "--per", "sentences"), "unknown value 'sentences'"),
        (("new", "old", "--target", "x"), "the column that --by names"),
        (("new", "old", "--by", "year"), "not a CSV, TSV or JSONL file"),
        (("new", "old", "--alpha", "2"), "--alpha"),
    ],
)
def test_usage_that_is_wrong(run: Run, sides: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run("diff", *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_side_that_cannot_be_read(run: Run, sides: Path) -> None:
    (sides / "empty.txt").write_bytes(b"")
    done = run("diff", "empty.txt", "old")
    assert (done.returncode, done.stdout) == (1, "")
    assert "empty.txt: no document of this side could be read" in done.stderr
    half = run("diff", "new", "empty.txt", "-r", "old", "--format", "csv", "-q")
    assert half.returncode == 1
    assert "减污降碳" in half.stdout


def test_exit_code_like_git(run: Run, sides: Path) -> None:
    assert run("diff", "new/0.txt", "new/0.txt", "--exit-code").returncode == 0
    assert run("diff", "new/0.txt", "old/0.txt", "--exit-code").returncode == 1
    assert run("diff", "none.txt", "old/0.txt", "--exit-code").returncode == 3


def test_files_hold_all_columns_and_the_asked_for_rows(run: Run, sides: Path) -> None:
    run("diff", "new", "old", "-o", "diff.csv", "--measures", "bic,pct_diff", "-q")
    head, *rows = (sides / "diff.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == (
        "part,term,english,category,n_target,n_reference,per_10k_target,per_10k_reference,docfreq_target,docfreq_reference,"
        "g2,p,p_adj,test,log_ratio,ci_low,ci_high,lrc,dp_target,dp_reference,bic,pct_diff"
    )
    assert len(run("diff", "new", "old", "--min-count", "22", "--format", "jsonl", "-q").stdout.splitlines()) < len(
        rows
    )
    few = run("diff", "new", "old", "-n", "1", "--format", "csv", "--columns", "part,term", "-q").stdout.splitlines()
    assert len(few) == 1 + len({line.split(",")[0] for line in few[1:]})
    forms = json.loads(run("diff", "new", "old", "--show", "forms", "--format", "json", "-q").stdout)
    assert ("环境保护督察", "生态环境保护督察") in {(row["reference"], row["target"]) for row in forms}


def test_the_manifest_names_sides_options_and_measures(run: Run, sides: Path) -> None:
    run("diff", "new", "old", "--manifest", "methods.json", "--seed", "7", "-q")
    content = json.loads((sides / "methods.json").read_text(encoding="utf-8"))
    assert list(content["documents"]) == ["target: new", "reference: old"]
    assert content["options"]["seed"] == 7
    assert "Westfall" in content["measures"]["p by documents"]


def test_matrix_and_index_of_count(run: Run, sides: Path) -> None:
    matrix = run("count", "new", "old", "--matrix", "--format", "csv", "-q").stdout.splitlines()
    assert len(matrix) == 13
    assert matrix[0].startswith("document,han,")
    index = run("count", "new", "--index", "attention", "--format", "csv", "-q").stdout.splitlines()
    assert index[0].startswith("document,occurrences,terms,han,per_10k_han,tokens")
    assert len(index) == 7
    assert run("count", "new", "--index", "attention", "--matrix").returncode == 2
    run("count", "new", "--manifest", "methods.json", "-q")
    assert len(json.loads((sides / "methods.json").read_text(encoding="utf-8"))["documents"]["documents"]) == 6


def test_text_of_documents_never_becomes_markup_or_an_escape(run: Run, tmp_path: Path) -> None:
    """The names of files and the terms of a user's lexicon come from outside."""
    (tmp_path / "mine.csv").write_text("term\n[red]蓝天[/red]\n", encoding="utf-8")
    for name in ("[b]a.txt", "b.txt"):
        (tmp_path / name).write_text("[red]蓝天[/red]和河长制", encoding="utf-8")
    done = run("diff", "[b]a.txt", "b.txt", "--lexicon", "mine.csv")
    assert "[b]a.txt" in done.stdout
    assert "[red]蓝天[/red]" in done.stdout


def test_samples_of_two_years(run: Run) -> None:
    done = run("diff", "samples/2024", "samples/2019", cwd=ROOT)
    assert "中央环保督察 1 of 1 -> 中央生态环境保护督察 1 of 1" in done.stdout
    for show in ("forms", "verbs"):
        rows = run("diff", "samples/2024", "samples/2019", "--show", show, "-n", "2", "--format", "csv", "-q", cwd=ROOT)
        assert len(rows.stdout.splitlines()) == 3
