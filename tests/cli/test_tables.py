"""Tables of texts, files given twice and options that do not go together, as a user meets them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Run

TABLE = "year,title,text\n2018,A,打好蓝天保卫战\n2019,B, \n2020,C,落实河长制。环境污染\n2021,D,打好蓝天保卫战\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_row_is_a_document(run: Run, table: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("落实河长制", encoding="utf-8")
    done = run("count", "speeches.csv", "a.txt", "--text-column", "text", "--format", "csv", "--manifest", "m.json")
    found = [
        (row["document"], row["term"], row["year"], row["title"]) for row in rows(done.stdout) if row["count"] != "0"
    ]
    assert found == [
        ("speeches.csv:1", "蓝天保卫战", "2018", "A"),
        ("speeches.csv:3", "河长制", "2020", "C"),
        ("speeches.csv:4", "蓝天保卫战", "2021", "D"),
        ("a.txt", "河长制", "", ""),
    ]
    assert "envterms: 1 row without text left out: speeches.csv:2\n" in done.stderr
    assert "envterms: 1 document has the same text as others; " in done.stderr
    manifest = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    hashes = [one["sha256"] for one in manifest["documents"]["documents"]]
    assert hashes[:3] == [hashlib.sha256(table.read_bytes()).hexdigest()] * 3
    assert manifest["options"]["text_column"] == "text"


def test_kwic_and_the_index_of_rows(run: Run, table: Path) -> None:
    places = rows(run("kwic", "speeches.csv", "--text-column", "text", "--format", "csv").stdout)
    assert [(row["document"], row["line"], row["column"]) for row in places] == [
        ("speeches.csv:1", "1", "3"), ("speeches.csv:3", "1", "3"), ("speeches.csv:4", "1", "3"),
    ]  # fmt: skip
    assert [(row["year"], row["title"], row["term"]) for row in places] == [
        ("2018", "A", "蓝天保卫战"), ("2020", "C", "河长制"), ("2021", "D", "蓝天保卫战"),
    ]  # fmt: skip
    by_year = run("kwic", "speeches.csv", "--text-column", "text", "--columns", "year,verb", "--format", "tsv")
    shown = run("kwic", "speeches.csv", "--text-column", "text", "--columns", "year,surface").stdout.splitlines()
    assert shown[0].split() == ["year", "surface"]
    assert len(shown) == 1 + len(places)
    assert by_year.stdout == "year\tverb\n2018\t打好\n2020\t\n2021\t打好\n"
    index = rows(
        run("count", "speeches.csv", "--text-column", "text", "--index", "attention", "--format", "csv").stdout
    )
    assert [(row["year"], row["occurrences"]) for row in index] == [("2018", "1"), ("2020", "1"), ("2021", "1")]


def test_kwic_gives_a_column_with_a_name_that_is_taken_another_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "蓝天保卫战", "line": 7}\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text("落实河长制", encoding="utf-8")
    done = run("kwic", "a.jsonl", "b.txt", "--text-column", "text", "--format", "json")
    assert [(row["line"], row["metadata_line"]) for row in json.loads(done.stdout)] == [(1, 7), (1, None)]


def test_explain_takes_each_row_as_count_does(run: Run, tmp_path: Path) -> None:
    content = (
        "year,text\n2018,打好蓝天保卫战\n2019,遏制两高。\n2020,坚决遏制“两高”问题。\n".encode("gb18030")
        + b"2021,\xff\n"
    )
    (tmp_path / "speeches.csv").write_bytes(content)
    options = ("speeches.csv", "--text-column", "text", "-e", "gb18030:replace", "--format")
    done = run("explain", *options, "csv", "--status", "unresolved")
    assert [(row["document"], row["year"]) for row in rows(done.stdout)] == [
        (row["document"], row["year"]) for row in rows(run("count", *options, "csv").stdout) if row["unresolved"] != "0"
    ]
    assert done.stderr.count("replaced") == 1
    first = run("explain", *options, "jsonl", "--columns", "document,year,term").stdout.splitlines()[0]
    assert json.loads(first) == {"document": "speeches.csv:1", "year": "2018", "term": "蓝天保卫战"}
    assert "speeches.csv:3:1:6" in run("explain", *options[:3], "-e", "gb18030:replace").stdout


def test_clean_takes_each_row_as_a_document(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        'text\n打好蓝天保卫战\n"当前位置:首页 > 环保 > 正文\n全市打好碧水保卫战，持续改善水环境质量，建设美丽河湖，让群众满意。"\n',
        encoding="utf-8",
    )
    assert run("clean", "a.csv", "--text-column", "text").stdout == "a.csv:2:1: 当前位置:首页 > 环保 > 正文\n"


def test_a_table_without_a_column_named_is_one_text_and_that_is_said(run: Run, table: Path) -> None:
    done = run("count", "speeches.csv")
    assert "1 table is taken as one text; --text-column NAME takes each row as a document: speeches.csv" in done.stderr
    done = run("diff", "speeches.csv", "speeches.csv")
    assert "--by COLUMN --target VALUE takes each row as a document" in done.stderr


def test_a_column_that_is_not_there_and_paths_without_a_table(run: Run, table: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("落实河长制", encoding="utf-8")
    done = run("count", "speeches.csv", "--text-column", "txt")
    assert "unknown column 'txt'; did you mean text" in done.stderr
    done = run("kwic", "a.txt", "--text-column", "text")
    assert (done.returncode, "none of the paths is a CSV, TSV or JSONL file" in done.stderr) == (2, True)


def test_diff_says_how_many_rows_have_no_text(run: Run, table: Path) -> None:
    done = run("diff", "speeches.csv", "--by", "year", "--target", "2018", "--term", "蓝天保卫战", "--format", "json")
    assert "envterms: 1 row without text left out: speeches.csv:2\n" in done.stderr
    assert [row["term"] for row in json.loads(done.stdout)] == ["蓝天保卫战"]


def test_a_file_given_twice_is_counted_once_and_one_with_the_same_text_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dup").mkdir()
    for name in ("a.txt", "d.txt"):
        (tmp_path / "dup" / name).write_text("打好蓝天保卫战", encoding="utf-8")
    (tmp_path / "dup" / "b.txt").symlink_to("a.txt")
    done = run("count", "dup", "dup/../dup/a.txt", "--by", "term", "--format", "json")
    assert json.loads(done.stdout)[0]["docfreq"] == 2
    assert (
        "2 files are given already under another name, and taken once: dup/b.txt is dup/a.txt, dup/../" in done.stderr
    )
    assert (
        "1 document has the same text as others; nothing was left out for that: dup/d.txt as dup/a.txt" in done.stderr
    )
    assert "another name" not in run("count", "dup", "-q").stderr


def test_a_column_of_a_table_is_called_the_same_in_all_outputs_of_count(run: Run, tmp_path: Path) -> None:
    names = ["year", "count", "han", "term", "terms", "tokens", "per_10k_tokens"]
    content = ",".join([*names, "text"]) + "\n1,2,3,4,5,6,7,打好蓝天保卫战\n"
    (tmp_path / "own.csv").write_text(content, encoding="utf-8")
    for options in ("", "--by document-category", "--index attention", "--per tokens --by document-category"):
        done = run("count", "own.csv", "--text-column", "text", "--format", "csv", *options.split())
        header = done.stdout.partition("\n")[0].split(",")
        assert header[-7:] == ["year", *(f"metadata_{name}" for name in names[1:])], options
        assert len(header) == len(set(header))


def test_a_matrix_by_category(run: Run, table: Path) -> None:
    done = run("count", "speeches.csv", "--text-column", "text", "--matrix", "--by", "category", "--format", "csv")
    assert done.stdout.splitlines() == [
        "document,han,year,title,pollution/air,pollution/water",
        "speeches.csv:1,7,2018,A,1,0", "speeches.csv:3,9,2020,C,0,1", "speeches.csv:4,7,2021,D,1,0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        "--index attention --by term",
        "--index attention --per han",
        "--index attention -n 3",
        "--matrix --per han",
        "--matrix -n 3",
    ],
)
def test_options_without_an_effect_are_refused(run: Run, table: Path, options: str) -> None:
    done = run("count", "speeches.csv", *options.split())
    assert done.returncode == 2
    assert "does not go with" in done.stderr


def test_the_index_of_words_of_ones_own(run: Run, table: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("term\n环境\n污染\n", encoding="utf-8")
    arguments = (
        "count",
        "speeches.csv",
        "--text-column",
        "text",
        "--index",
        "attention",
        "--lexicon",
        "own.csv",
        "--format",
        "csv",
    )
    assert [row["occurrences"] for row in rows(run(*arguments).stdout)] == ["1", "3", "1"]
    done = run(*arguments, "--only-lexicon")
    assert [row["occurrences"] for row in rows(done.stdout)] == ["0", "2", "0"], done.stderr
