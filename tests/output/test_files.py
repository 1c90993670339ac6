"""Files: whole literal contents, so that the test is also the documentation."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from envterms.analysis import Table
from envterms.errors import UnknownName, UnwritableOutput
from envterms.output.files import FORMATS, format_of, render, write

TABLE = Table(
    ("document", "term", "count", "rate"), [("a,b.txt", "2+26", 3, 1.5), ("=cmd()", "[red]蓝天|碧水", 1, None)]
)


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("csv", 'document,term,count,rate\n"a,b.txt",2+26,3,1.5\n\'=cmd(),[red]蓝天|碧水,1,\n'),
        ("tsv", "document\tterm\tcount\trate\na,b.txt\t2+26\t3\t1.5\n'=cmd()\t[red]蓝天|碧水\t1\t\n"),
        (
            "jsonl",
            '{"document": "a,b.txt", "term": "2+26", "count": 3, "rate": 1.5}\n{"document": "=cmd()", "term": "[red]蓝天|碧水", "count": 1, "rate": null}\n',
        ),
        (
            "md",
            "| document | term | count | rate |\n| --- | --- | ---: | --- |\n| a,b.txt | 2+26 | 3 | 1.5 |\n| =cmd() | \\[red\\]蓝天\\|碧水 | 1 |  |\n",
        ),
    ],
)
def test_text_formats(format: str, expected: str) -> None:
    assert render(TABLE, format).decode() == expected


def test_json_is_a_list_of_row_objects() -> None:
    assert json.loads(render(TABLE, "json")) == list(TABLE.records())


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_holds_no_number_that_json_does_not_know(format: str) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        render(Table(("a",), [(float("inf"),)]), format)


def test_csv_for_excel_has_a_bom_and_pandas_reads_both() -> None:
    assert render(TABLE, "csv", bom=True).startswith(b"\xef\xbb\xbf")
    assert render(TABLE, "csv").startswith(b"document")
    for bom in (True, False):
        frame = pd.read_csv(io.BytesIO(render(TABLE, "csv", bom=bom)))
        assert list(frame["term"]) == ["2+26", "[red]蓝天|碧水"]


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_headers_are_no_formulas_and_signed_numbers_stay_numbers(format: str) -> None:
    table = Table(("=1+1", "growth"), [("+cmd|x", "-0.5"), ("-cmd", "+7")])
    separator = "," if format == "csv" else "\t"
    assert render(table, format).decode().replace(separator, " ") == "'=1+1 growth\n'+cmd|x -0.5\n'-cmd +7\n"
    assert pd.read_csv(io.BytesIO(render(table, format)), sep=separator)["growth"].tolist() == [-0.5, 7]


def test_xlsx_holds_numbers_as_numbers_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render(TABLE, "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["document", "term", "count", "rate"],
        ["a,b.txt", "2+26", 3, 1.5],
        ["=cmd()", "[red]蓝天|碧水", 1, None],
    ]
    assert sheet["A3"].data_type == "s"


LONG = "长" * 32_767


def test_xlsx_holds_columns_of_numbers_that_were_read_as_text_as_numbers() -> None:
    columns = ("year", "code", "mixed", "rate", "day", "id", "number")
    rows: list[tuple[object, ...]] = [
        ("2018", "007", "1", "2.5", "5.1", "1234567890123456789", 1234567890123456789),
        ("", "110", "x", "-0.25", "5.10", "1", 10**14),
        ("2020", "120", "", "", "", "", 1e400),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(render(Table(columns, rows), "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [2018, "007", "1", 2.5, "5.1", "1234567890123456789", "1234567890123456789"],
        [None, "110", "x", -0.25, "5.10", "1", 10**14],
        [2020, "120", "", None, "", "", "inf"],
    ]


def test_xlsx_holds_what_it_has_room_for() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render(Table((LONG,), [(LONG,)]), "xlsx"))).active
    assert [sheet["A1"].value, sheet["A2"].value] == [LONG, LONG]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            Table(("a",), [("长" + LONG,)]),
            "32,767 characters, not for 32,768 (长长长长长长长长长长长长长长长长长长长长…)",
        ),
        (Table((LONG + "长",), []), "32,767 characters, not for 32,768 (长长长长长长长长长长长长长长长长长长长长…)"),
        (Table(("a",), [([10_000] * 10_000,)]), "32,767 characters, not for 70,000 ([10000, 10000, 10000…)"),
        (Table(("a",), [(1,)] * 2**20), "1,048,575 rows and 16,384 columns, not for 1,048,576 rows and 1 columns"),
        (Table(("a",) * 16_385, []), "1,048,575 rows and 16,384 columns, not for 0 rows and 16,385 columns"),
    ],
    ids=["a cell", "a name", "parts", "rows", "columns"],
)
def test_xlsx_is_refused_where_it_would_lose_something(table: Table, problem: str) -> None:
    with pytest.raises(UnwritableOutput) as caught:
        render(table, "xlsx")
    assert str(caught.value).endswith(f"has room for {problem}; write CSV")


def test_the_ending_says_the_format() -> None:
    assert [format_of(f"x.{ending}") for ending in FORMATS] == list(FORMATS)
    with pytest.raises(UnknownName, match="unknown ending of an output file 'docx'"):
        format_of("x.docx")


@pytest.mark.parametrize(("ending", "suggested"), [("docx", False), ("txt", False), ("xls", True), ("jsn", True)])
def test_only_a_near_ending_is_suggested(ending: str, suggested: bool) -> None:
    with pytest.raises(UnknownName) as caught:
        format_of(f"x.{ending}")
    assert ("did you mean" in str(caught.value)) == suggested
    assert suggested or str(caught.value).endswith("endings are csv, tsv, json, jsonl, md, xlsx")


@pytest.mark.parametrize("format", FORMATS)
def test_a_name_that_is_no_utf_8_is_written_as_valid_text(format: str) -> None:
    assert render(Table(("北\udcb1",), [("a",)]), format)
    content = render(Table(("document",), [("北\udcb1.txt",)]), format)
    match format:
        case "json" | "jsonl":
            assert json.loads(content if format == "jsonl" else content.decode()[1:-2])["document"] == r"北\udcb1.txt"
        case "xlsx":
            assert openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value == r"北\udcb1.txt"
        case "md":
            assert r"北\\udcb1.txt" in content.decode()
        case _:
            assert content.decode().splitlines()[1] == r"北\udcb1.txt"


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
@pytest.mark.parametrize("exists", [True, False], ids=["a file", "no file yet"])
def test_a_link_stays_one_and_its_file_is_replaced_whole(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "x.csv", tmp_path / "link.csv"
    if exists:
        target.write_text("old", encoding="utf-8")
    link.symlink_to("far/x.csv")

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("no more")

    with pytest.raises(UnwritableOutput, match=r"link\.csv: cannot be written \(no more\); nothing was changed"):
        write(broken(), str(link))
    assert target.exists() == exists
    write(b"new", str(link))
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    assert [one.name for one in (tmp_path / "far").iterdir()] == ["x.csv"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old", encoding="utf-8")
    write(b"new", str(path))
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.skipif(os.name == "nt", reason="the whole path is bounded there")
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    name = "x" * 251 + ".csv"
    write(b"new", str(tmp_path / name))
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for target in (tmp_path / "no" / "x.csv", tmp_path / "folder.csv"):
        with pytest.raises(UnwritableOutput, match="cannot be written"):
            write(b"new", str(target))
    assert [one.name for one in tmp_path.iterdir()] == ["folder.csv"]
