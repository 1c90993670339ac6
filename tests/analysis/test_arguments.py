"""What the functions of the library accept, and what they say of anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import envterms
from envterms import (
    Document,
    EnvtermsError,
    Matcher,
    attention,
    compare,
    count,
    diff_lexicons,
    explain,
    kwic,
    load_lexicon,
    matrix,
    read,
    read_table,
)
from envterms.errors import UnreadableDocument
from envterms.lexicon import Term
from tests.conftest import small_lexicon

TEXT = "打好蓝天保卫战，推动高质量发展。落实河长制。"
LEXICON = small_lexicon(
    [
        Term("蓝天保卫战", category="pollution/air", scope="core"),
        Term("河长制", category="pollution/water", scope="adjacent"),
        Term("高质量发展", category="party/strategy", scope="party"),
    ]
)
OF_DOCUMENTS = [count, kwic, explain, attention, matrix]
ADVICE = "where a Document is needed; envterms.read(path) reads files and folders, and envterms.Document(name, text) makes one of a text"


@pytest.mark.parametrize("function", [*OF_DOCUMENTS, lambda one, lexicon: compare(one, one, lexicon)])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("打好蓝天保卫战", "'打好蓝天保卫战' is a string"),
        (["samples"], "'samples' is a string"),
        ([Document("a", TEXT), 3], "an object of type int is given"),
        (None, "an object of type NoneType is given"),
    ],
)
def test_what_is_no_document_is_told_with_advice(function: Callable[..., Any], given: object, told: str) -> None:
    with pytest.raises(EnvtermsError, match=f"^{re.escape(f'{told} {ADVICE}')}$"):
        function(given, LEXICON)


def test_one_document_several_and_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    one = Document("a", TEXT)
    for given in (one, [one], (one for _ in range(1)), tmp_path, tmp_path / "a.txt", [tmp_path]):
        assert count(given, LEXICON)["count"].sum() == 3


def test_a_path_may_be_the_lexicon(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("term\n打好\n", encoding="utf-8")
    for path in (own, str(own)):
        assert {"打好", "蓝天保卫战"} <= set(count(Document("a", TEXT), path).term)
        assert "打好" in set(kwic(Document("a", TEXT), lexicon=path).term)
    with pytest.raises(EnvtermsError, match=r"^蓝天保卫战 is no file or folder where a lexicon is needed; .* terms=\["):
        kwic(Document("a", TEXT), "蓝天保卫战")
    with pytest.raises(EnvtermsError, match="is no file or folder where a lexicon is needed; "):
        kwic(Document("a", TEXT), TEXT * 30)
    with pytest.raises(EnvtermsError, match=r"^an object of type list is given where a lexicon is needed; "):
        count(Document("a", TEXT), ["蓝天保卫战"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("selection", "terms"),
    [
        ({"terms": "蓝天保卫战"}, {"蓝天保卫战"}),
        ({"terms": ["高质量发展"]}, {"高质量发展"}),
        ({"scope": ["core", "adjacent"]}, {"蓝天保卫战", "河长制"}),
        ({"scope": "party"}, {"高质量发展"}),
        ({"scope": "party", "category": None, "exclude": None, "terms": None}, {"高质量发展"}),
        ({"exclude": ["河长制", "高质量发展"]}, {"蓝天保卫战"}),
    ],
)
def test_the_same_selection_everywhere(selection: dict[str, Any], terms: set[str]) -> None:
    one = Document("a", TEXT)
    for function in (count, kwic, explain):
        assert set(function(one, LEXICON, **selection).term) == terms
    assert set(compare(one, one, LEXICON, **selection).term) == terms
    assert set(matrix(one, LEXICON, **selection).columns[2:]) == terms
    assert attention(one, LEXICON, **selection).terms[0] == len(terms)


def test_a_category_everywhere(lexicon: envterms.Lexicon) -> None:
    one = Document("a", TEXT)
    for function in (count, kwic, explain):
        assert set(function(one, lexicon, category="pollution/air").term) == {"蓝天保卫战"}
    assert attention(one, lexicon, category="pollution/air").occurrences[0] == 1


def test_the_functions_of_lexicons_take_paths(tmp_path: Path) -> None:
    own, other = tmp_path / "own.csv", tmp_path / "own.txt"
    own.write_text("term\n打好\n", encoding="utf-8")
    other.write_text("打好\n推动\n", encoding="utf-8")
    whole = len(load_lexicon().terms)
    assert envterms.lexicon_stats(str(own)).terms[0] == whole + 1
    assert diff_lexicons(str(own), other).name.tolist() == ["推动"]  # each alone, as the command takes them
    assert "\n打好," in envterms.export_lexicon(str(own), "csv").text
    (tmp_path / "2018.txt").write_text(TEXT, encoding="utf-8")
    found = envterms.first_seen(tmp_path / "2018.txt", own)
    assert {"打好", "蓝天保卫战"} <= set(found.term)
    for function in (lambda wrong: diff_lexicons(own, wrong), lambda wrong: envterms.export_lexicon(wrong, "csv"),
                     envterms.lexicon_stats, lambda wrong: envterms.first_seen((), wrong)):  # fmt: skip
        with pytest.raises(EnvtermsError, match="type int is given where a lexicon is needed"):
            function(3)


@pytest.mark.parametrize("function", [*OF_DOCUMENTS, envterms.first_seen])
def test_a_document_without_a_text(function: Callable[..., object]) -> None:
    with pytest.raises(
        EnvtermsError,
        match=r"^an object of type NoneType is given where the text of the document '2018\.txt' is needed$",
    ):
        function(Document("2018.txt", None), LEXICON)  # type: ignore[arg-type]


def test_a_category_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("term,category\n打好,mine/a\n", encoding="utf-8")
    for name in ("mine", "mine/a"):
        assert set(count(Document("a", TEXT), own, category=name).term) == {"打好"}
        assert {"蓝天保卫战"} <= set(count(Document("a", TEXT), own, exclude=name).term) <= set(load_lexicon().terms)


def test_a_matrix() -> None:
    documents = [Document("a", TEXT + "河长制。"), Document("b", "今天天气很好。")]
    frame = matrix(documents, LEXICON)
    assert frame.columns.tolist() == ["document", "han", "河长制", "蓝天保卫战", "高质量发展"]
    assert frame.to_numpy().tolist() == [["a", 22, 2, 1, 1], ["b", 6, 0, 0, 0]]
    by_category = matrix(documents, LEXICON, by="category", exclude="高质量发展")
    assert by_category.columns.tolist() == ["document", "han", "pollution/air", "pollution/water"]
    assert by_category.to_numpy().tolist() == [["a", 22, 1, 2], ["b", 6, 0, 0]]
    with pytest.raises(EnvtermsError, match="unknown column 'year'"):
        matrix(documents, LEXICON, by="year")


def test_a_matrix_has_a_column_for_each_term_named() -> None:
    documents = [Document("a", TEXT)]
    frame = matrix(Document("a", "落实河长制。"), LEXICON, terms=["蓝天保卫战", "河长制"])
    assert frame.to_numpy().tolist() == [["a", 5, 1, 0]]
    assert frame.columns.tolist() == matrix(documents, LEXICON, terms=["蓝天保卫战", "河长制"]).columns.tolist()
    by_category = matrix(Document("a", "今天天气很好。"), LEXICON, by="category", terms=["河长制"])
    assert by_category.columns.tolist() == ["document", "han", "pollution/water"]
    left_out = matrix(documents, LEXICON, terms=["蓝天保卫战", "河长制"], exclude="河长制")
    assert left_out.columns.tolist() == ["document", "han", "蓝天保卫战"]


def test_read_takes_paths_and_can_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\xff" * 300)
    assert [one.text for one in read(tmp_path / "a.txt")] == [TEXT]
    assert len(read([tmp_path / "a.txt", str(tmp_path / "a.txt")])) == 1
    failures: list[UnreadableDocument] = []
    assert [one.text for one in read(tmp_path, failures=failures)] == [TEXT]
    assert [str(error).split(": ")[0] for error in failures] == [(tmp_path / "b.txt").as_posix()]
    with pytest.raises(UnreadableDocument):
        read(tmp_path)


def test_metadata_of_documents_stand_beside_what_is_counted(tmp_path: Path) -> None:
    (tmp_path / "speeches.csv").write_text(f"year,term,text\n2018,x,{TEXT}\n2023,y,{TEXT}\n", encoding="utf-8")
    documents = [*read_table(tmp_path / "speeches.csv"), Document("none", TEXT)]
    for function in (count, kwic, explain, attention):
        frame = function(documents, LEXICON)
        assert frame.columns[-2:].tolist() == ["year", "metadata_term"]
        assert frame.groupby("year").size().index.tolist() == ["2018", "2023"]
    assert count(documents, LEXICON).groupby("year")["count"].sum().tolist() == [3, 3]
    assert matrix(documents, LEXICON).columns.tolist()[:5] == ["document", "han", "year", "metadata_term", "河长制"]
    named = Document("a", TEXT, metadata={"河长制": "x", "han": "y"})
    assert matrix(named, LEXICON, terms="河长制").to_dict("records") == [
        {"document": "a", "han": 19, "metadata_河长制": "x", "metadata_han": "y", "河长制": 1}
    ]
    assert "year" in count(documents, LEXICON, by="document-category").columns
    assert "year" not in count(documents, LEXICON, by="term").columns
    assert "year" not in count(Document("none", TEXT), LEXICON).columns


def test_a_documents_further_fields_have_names() -> None:
    assert Document("x", TEXT, metadata={"year": 2019}).metadata == {"year": 2019}
    with pytest.raises(TypeError):
        Document("x", TEXT, {"year": 2019})  # type: ignore[misc]


def test_a_matcher_takes_a_text() -> None:
    with pytest.raises(
        EnvtermsError, match=r"^an object of type Document is given where a text is needed; give document\.text$"
    ):
        Matcher(LEXICON).match(Document("x", TEXT))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "sizes", "told"),
    [
        ({"a": 1.9}, (10, 10), "a occurs 1.9 times in the target; give whole numbers from 0"),
        ({"a": -1}, (10, 10), "a occurs -1 times in the target"),
        ({"a": float("nan")}, (10, 10), "a occurs nan times in the target"),
        ({"a": "3"}, (10, 10), "a occurs '3' times in the target"),
        ({"a": 1}, (10,), "sizes=(target, reference)"),
        ({"a": 1}, 10, "sizes=(target, reference)"),
        ({"a": 1}, None, "sizes=(target, reference)"),
        ({"a": 1}, (10, 0), "the size of the reference is 0; it must be a number above 0"),
        ({"a": 1}, (-5, 10), "the size of the target is -5"),
    ],
)
def test_counts_of_ones_own_that_make_no_sense(counts: dict[str, Any], sizes: Any, told: str) -> None:
    with pytest.raises(EnvtermsError, match=re.escape(told)):
        compare(counts, {"a": 2}, sizes=sizes)


def test_whole_numbers_of_any_type_are_counts() -> None:
    assert compare({"a": 2.0}, {"a": 1}, sizes=(10, 10)).n_target.tolist() == [2]
