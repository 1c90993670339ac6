"""Frequencies: every number is one that can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from envterms import Document, count
from envterms.analysis import Selection, Settings, Tally, count_table, tally, tally_files
from envterms.analysis.counting import DENOMINATORS
from envterms.errors import UnknownName, UnreadableDocument
from envterms.lexicon import Family, Lexicon, Term
from envterms.matching import Matcher
from tests.conftest import small_lexicon

LEXICON = small_lexicon(
    [
        Term("蓝天保卫战", ("蓝天之战",), "blue-sky battle", category="pollution/air", scope="core"),
        Term("净土保卫战", english="clean-soil battle", category="pollution/soil-groundwater", scope="core"),
        Term("生态文明", english="ecological civilisation", category="thought/core-idea", scope="core"),
        Term("生态文明思想", english="thought", category="thought/core-idea", scope="core"),
        Term("高质量发展", english="high-quality development", category="party/strategy", scope="party"),
    ],
    [Family("保卫战", "after", ("蓝天", "净土"))],
)
ONE = Document("one", "打赢蓝天保卫战。学习生态文明思想，建设生态文明。推动高质量发展。蓝天之战。")  # 32 Han characters
TWO = Document("two", "蓝天、净土保卫战!")  # 7 Han characters


def test_one_row_per_document_and_term() -> None:
    frame = count([ONE, TWO], LEXICON)
    assert list(zip(frame.document, frame.term, frame["count"], strict=True)) == [
        ("one", "蓝天保卫战", 2), ("one", "生态文明", 1), ("one", "生态文明思想", 1), ("one", "高质量发展", 1),
        ("two", "净土保卫战", 1), ("two", "蓝天保卫战", 1),
    ]  # fmt: skip


def test_the_forms_of_the_occurrences() -> None:
    frame = count([ONE, TWO], LEXICON, by="term").set_index("term")
    blue = frame.loc["蓝天保卫战"]
    assert (blue["count"], blue["literal"], blue["alias"], blue["coordinated"], blue["docfreq"]) == (3, 2, 1, 1, 2)
    assert frame.loc["生态文明", "nested"] == 1


def test_rates_are_per_10_000_han_characters() -> None:
    assert [tally(one, Matcher(LEXICON)).han for one in (ONE, TWO)] == [32, 7]
    frame = count([ONE, TWO], LEXICON, by="term").set_index("term")
    assert frame.loc["蓝天保卫战", "per_10k_han"] == pytest.approx(3 / 39 * 10_000, abs=1e-4)
    assert count(TWO, LEXICON).set_index("term").loc["蓝天保卫战", "per_10k_han"] == pytest.approx(
        1 / 7 * 10_000, abs=1e-4
    )


def test_other_denominators_are_named_in_the_column() -> None:
    assert count(ONE, LEXICON, per="sentences")["per_100_sentences"].max() == pytest.approx(2 / 4 * 100)
    assert count([ONE, TWO], LEXICON, by="term", per="documents")["per_document"].max() == 1.5
    assert "per_10k_tokens" in count(ONE, LEXICON, per="tokens").columns


def test_nested_all_counts_both() -> None:
    frame = count(ONE, LEXICON, nested="all").set_index("term")
    assert (frame.loc["生态文明", "count"], frame.loc["生态文明思想", "count"]) == (2, 1)


def test_without_coordination() -> None:
    assert list(count(TWO, LEXICON, coordination=False).term) == ["净土保卫战"]


def test_a_selection_does_not_change_the_matching() -> None:
    terms = ("生态文明",)
    tallies = [tally(ONE, Matcher(LEXICON))]
    table = count_table(tallies, LEXICON, selection=Selection(terms=terms))
    assert table.column("count") == [1]  # the one inside 生态文明思想 is still not counted
    assert count_table(tallies, LEXICON, selection=Selection(scopes=("party",))).column("term") == ["高质量发展"]
    assert "生态文明" not in count_table(tallies, LEXICON, selection=Selection(exclude=terms)).column("term")


def test_totals_agree_between_the_groupings() -> None:
    documents = [ONE, TWO]
    totals = {
        by: int(count(documents, LEXICON, by=by)["count"].sum())
        for by in ("document", "term", "category", "document-category")
    }
    assert totals == dict.fromkeys(totals, 7)
    assert count(documents, LEXICON, by="category").set_index("category").loc["pollution/air", "terms"] == 1


def test_the_built_in_lexicon_and_categories() -> None:
    frame = count(ONE, category="pollution")
    assert set(frame.term) == {"蓝天保卫战"}
    assert isinstance(frame, pd.DataFrame)


@pytest.mark.parametrize(
    "wrong", [{"by": "year"}, {"nested": "some"}, {"per": "words"}, {"category": "airr"}, {"exclude": "蓝天保卫仗"}]
)
def test_unknown_names_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownName):
        count(ONE, **wrong)  # type: ignore[arg-type]


def test_nothing_counted_gives_an_empty_table_with_its_columns() -> None:
    frame = count(Document("none", "今天天气很好。"), LEXICON)
    assert len(frame) == 0
    assert {"document", "term", "count", "per_10k_han"} <= set(frame.columns)
    assert count([], LEXICON, by="term").empty


def test_workers_do_not_change_the_result(tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[str | UnreadableDocument] = []
    for number in range(6):
        path = tmp_path / f"{number}.txt"
        path.write_text(ONE.text * number + "。蓝天、碧水、净土保卫战", encoding="utf-8")
        paths.append(str(path))
    (tmp_path / "bad.txt").write_bytes(b"\xff" * 300)
    paths.insert(3, UnreadableDocument("gone"))
    paths.insert(5, str(tmp_path / "bad.txt"))
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    for large, batch in ((1 << 20, 1 << 20), (1 << 20, 1), (100, 1)):  # several files to a worker; one; a file in parts
        monkeypatch.setattr("envterms.reading.documents._LARGE", large)
        monkeypatch.setattr("envterms.analysis.counting._BATCH", batch)
        done: list[int] = []
        alone = list(tally_files(paths, lexicon, jobs=1, progress=done.append))
        together = list(tally_files(paths, lexicon, jobs=2, progress=done.append))
        assert list(map(told, alone)) == list(map(told, together))
        assert sum(isinstance(one, Tally) for one in alone) == 6
        assert sum(done) == 2 * sum(Path(path).stat().st_size for path in paths if isinstance(path, str))


def told(one: Tally | UnreadableDocument) -> object:
    return str(one) if isinstance(one, UnreadableDocument) else one


def test_a_large_file_is_counted_in_pieces(tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    path.write_text("\n\n".join([ONE.text, TWO.text, "防治\n污染(rǎn)"] * 500), encoding="gb18030")
    (whole,) = tally_files([str(path)], lexicon)
    monkeypatch.setattr("envterms.reading.documents._LARGE", 0)
    monkeypatch.setattr("envterms.reading.encodings.CHUNK", 1000)
    monkeypatch.setattr("envterms.reading.documents.CHUNK", 1000)
    assert list(tally_files([str(path)], lexicon)) == [whole]
    path.write_bytes(path.read_bytes() + b"\xff")
    (failed,) = tally_files([str(path)], lexicon)
    assert isinstance(failed, UnreadableDocument)
    assert "the encoding cannot be told" in str(failed)


def test_every_denominator_can_be_asked_for() -> None:
    for per in DENOMINATORS:
        assert tally(ONE, Matcher(LEXICON), Settings(per=per)).units > 0
