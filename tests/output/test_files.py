"""Files: whole literal contents, so that the test is also the documentation."""

import io
import json
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


def test_csv_for_excel_has_a_bom_and_pandas_reads_both() -> None:
    assert render(TABLE, "csv", bom=True).startswith(b"\xef\xbb\xbf")
    assert render(TABLE, "csv").startswith(b"document")
    for bom in (True, False):
        frame = pd.read_csv(io.BytesIO(render(TABLE, "csv", bom=bom)))
        assert list(frame["term"]) == ["2+26", "[red]蓝天|碧水"]


def test_xlsx_holds_numbers_as_numbers_and_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render(TABLE, "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["document", "term", "count", "rate"],
        ["a,b.txt", "2+26", 3, 1.5],
        ["=cmd()", "[red]蓝天|碧水", 1, None],
    ]
    assert sheet["A3"].data_type == "s"


def test_the_ending_says_the_format() -> None:
    assert [format_of(f"x.{ending}") for ending in FORMATS] == list(FORMATS)
    with pytest.raises(UnknownName, match="unknown ending of an output file 'docx'"):
        format_of("x.docx")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old", encoding="utf-8")
    write(b"new", str(path))
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["x.csv"]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for target in (tmp_path / "no" / "x.csv", tmp_path / "folder.csv"):
        with pytest.raises(UnwritableOutput, match="cannot be written"):
            write(b"new", str(target))
    assert [one.name for one in tmp_path.iterdir()] == ["folder.csv"]
