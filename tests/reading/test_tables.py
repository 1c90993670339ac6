"""Tables of documents."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from envterms import read, read_table
from envterms.errors import UnknownName, UnreadableDocument

TABLE = 'year,text\n2018,"打赢蓝天保卫战,\n落实河长制"\n2023,  \n2023,减污降碳\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE * 1, encoding=encoding, newline="")
    documents = read_table(str(path))
    assert [one.text for one in documents] == ["打赢蓝天保卫战,\n落实河长制", "减污降碳"]
    assert [one.name for one in documents] == [f"{path}:1", f"{path}:3"]
    assert [one.metadata for one in documents] == [{"year": "2018"}, {"year": "2023"}]


@pytest.mark.parametrize(
    ("content", "metadata"),
    [
        ('text;"jahr"\n"蓝天,碧水";2018\n', {"jahr": "2018"}),
        ("text\tyear\n蓝天,碧水\t2018\n", {"year": "2018"}),
        ('text,"a;b;c"\n"蓝天,碧水",2018\n', {"a;b;c": "2018"}),
        ('text\n"蓝天,碧水"\n', {}),
        ('text,year\n"蓝天,碧水",2018,\n', {"year": "2018"}),
    ],
    ids=["semicolons", "tabs", "semicolons in quotes", "one column", "a separator at the end of a row"],
)
def test_the_separator_of_a_csv_file_is_found(tmp_path: Path, content: str, metadata: dict[str, str]) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(content, encoding="utf-8")
    assert [(one.text, one.metadata) for one in read_table(path)] == [("蓝天,碧水", metadata)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,text\n1,蓝天,碧水\n", "a row has more cells than the header; quote a cell that holds a comma"),
        ("text;\n蓝天;;碧水\n", "a row has more cells than the header; quote a cell that holds a semicolon"),
        ("id,text\n1,碧水\n2,蓝天,碧水\n", "Expected 2 fields in line 3, saw 3"),
    ],
)
def test_a_row_with_more_cells_than_columns_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=problem):
        read_table(path)


def test_a_tsv_file_has_tabs_only(tmp_path: Path) -> None:
    path = tmp_path / "speeches.tsv"
    path.write_text("text\n蓝天,碧水\n", encoding="utf-8")
    assert [one.text for one in read_table(path)] == ["蓝天,碧水"]


def test_a_very_long_text_in_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "long.tsv"
    path.write_text("id\tbody\n1\t" + "蓝天" * 200_000 + "\n", encoding="utf-8")
    assert len(read_table(str(path), "body")[0].text) == 400_000


def test_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "speeches.jsonl"
    path.write_text(
        '{"text": "河长制", "year": 2018}\n{"text": "减污降碳", "year": 2023, "place": null}\n', encoding="utf-8"
    )
    assert [one.metadata for one in read_table(str(path))] == [
        {"year": 2018, "place": ""},
        {"year": 2023, "place": ""},
    ]


@pytest.mark.parametrize(
    ("content", "metadata"),
    [
        ('{"text": "河长制", "year": 2018}\n', {"year": 2018}),
        (" Year , text \n 2018 ,河长制\n", {"Year": " 2018 "}),
        ("text\tyear\n河长制\t2018\n", {"year": "2018"}),
    ],
    ids=["JSONL", "CSV", "tabs"],
)
def test_standard_input_may_be_a_table(
    content: str, metadata: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    (document,) = read_table("-")
    assert (document.name, document.text, document.metadata) == ("<stdin>:1", "河长制", metadata)


def test_the_library_says_that_a_table_is_taken_as_one_text(tmp_path: Path) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE, encoding="utf-8")
    (document,) = read(path)
    assert document.warnings == (
        f"{path.as_posix()} is a table taken as one text; envterms.read_table takes each row as a document",
    )


@pytest.mark.parametrize(("ending", "content"), [("csv", TABLE), ("jsonl", '{"year": "2018", "text": "河长制"}\n')])
def test_two_byte_order_marks_belong_to_no_column(tmp_path: Path, ending: str, content: str) -> None:
    path = tmp_path / f"speeches.{ending}"
    path.write_text("\ufeff" + content, encoding="utf-8-sig")
    assert read_table(path)[0].metadata == {"year": "2018"}


def test_what_is_no_string_in_jsonl_is_json(tmp_path: Path) -> None:
    path = tmp_path / "speeches.jsonl"
    path.write_text('{"text": "河长制", "tags": ["水", 1, null], "of": {"a": 0.50}, "read": true}\n', encoding="utf-8")
    assert read_table(path)[0].metadata == {"tags": '["水", 1, null]', "of": '{"a": 0.5}', "read": "true"}
    path.write_text('{"text": "河长制", "a": NaN, "b": -Infinity, "c": 1e999, "d": 2.5}\n', encoding="utf-8")
    assert read_table(path)[0].metadata == {"a": "NaN", "b": "-Infinity", "c": "Infinity", "d": 2.5}


def test_two_columns_with_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text("text, text\n蓝天,碧水\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="two columns have the same name"):
        read_table(path)


@pytest.mark.parametrize("line", ["[1]", '"蓝天"', "{蓝天", '[{"text": "蓝天"}]', "[" * 100_000])
def test_a_line_that_is_no_object_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"text": "河长制"}\n\n' + line, encoding="utf-8")
    with pytest.raises(UnreadableDocument) as caught:
        read_table(path)
    assert str(caught.value) == f"{path}: line 3 is no JSON object; a JSONL file holds one on each line"


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(UnknownName, match="unknown column 'txt'; did you mean text"):
        read_table(str(path), "txt")
    with pytest.raises(UnreadableDocument, match="cannot be read"):
        read_table(str(tmp_path / "none.csv"))
    broken = tmp_path / "broken.csv"
    broken.write_text('text\n"蓝天', encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="is no table that can be read"):
        read_table(str(broken))
    (tmp_path / "empty.csv").write_text("text\n \n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match="no row holds a text"):
        read_table(str(tmp_path / "empty.csv"))


def test_rows_without_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE, encoding="utf-8")
    empty: list[str] = []
    assert len(read_table(path, left_out=empty)) == 2
    assert empty == [f"{path}:2"]
