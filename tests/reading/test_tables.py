"""Tables of documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from envterms import read_table
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
        {"year": "2018", "place": ""},
        {"year": "2023", "place": ""},
    ]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(UnknownName, match="unknown column 'txt'; did you mean text"):
        read_table(str(path), "txt")
    with pytest.raises(UnreadableDocument, match="cannot be read"):
        read_table(str(tmp_path / "none.csv"))
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{蓝天", encoding="utf-8")
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
