"""Comparisons of small corpora whose every number can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from envterms import Document, compare
from envterms.analysis import Selection, keyness, tally
from envterms.analysis.comparison import (
    MEASURES,
    Comparison,
    compare_tallies,
    sorted_by,
)
from envterms.errors import EnvtermsError, UnknownName
from envterms.lexicon import Term
from envterms.matching import Matcher
from tests.conftest import small_lexicon

LEXICON = small_lexicon(
    [
        Term("河长制", english="river chiefs", category="pollution/water", scope="core"),
        Term("蓝天保卫战", category="pollution/air", scope="core"),
        Term("生态环境保护督察", ("环境保护督察",), category="accountability/inspection", scope="core"),
        Term("高质量发展", category="party/strategy", scope="party"),
    ]
)
FILLER = "今天上午大家在会议室里讨论了很久但是没有得出任何结论于是决定明天继续"


def documents(*texts: str) -> list[Document]:
    return [Document(f"{number}.txt", text) for number, text in enumerate(texts)]


def compared(target: list[Document], reference: list[Document], **options: object) -> Comparison:
    matcher = Matcher(LEXICON)
    sides = ([tally(one, matcher) for one in side] for side in (target, reference))
    return compare_tallies(*sides, LEXICON, **options)  # type: ignore[arg-type, misc]


NEW = documents(f"河长制。河长制。{FILLER}", f"河长制,生态环境保护督察。{FILLER}")
OLD = documents(f"蓝天保卫战。{FILLER}", f"环境保护督察。{FILLER}", FILLER)


def test_counts_rates_and_document_frequencies() -> None:
    row = compare(NEW, OLD, LEXICON).set_index("term").loc["河长制"]
    han = 2 * len(FILLER) + 9 + 8
    assert (row.n_target, row.n_reference, row.docfreq_target, row.docfreq_reference) == (3, 0, 2, 0)
    assert row.per_10k_target == pytest.approx(3 / han * 10_000, abs=1e-4)
    assert (row.part, row.test, row.category, row.english) == ("came", "fisher", "pollution/water", "river chiefs")


def test_the_sides_are_named_and_measured() -> None:
    result = compared(NEW, OLD, names=("new", "old"))
    assert (result.target.name, result.target.documents, result.target.occurrences) == ("new", 2, 4)
    assert result.reference.han == 3 * len(FILLER) + 5 + 6


def test_holm_takes_all_terms_that_occur_whatever_is_shown() -> None:
    frame = compare(NEW, OLD, LEXICON)
    p = sorted(frame.p)
    assert len(frame) == 3
    assert frame.p_adj.min() == pytest.approx(min(p[0] * 3, 1))
    table = sorted_by(compared(NEW, OLD).table, "lrc", min_count=3)
    assert table.column("p_adj") == pytest.approx([frame.set_index("term").p_adj["河长制"]])


def test_fisher_takes_over_where_an_expected_count_is_below_five() -> None:
    target, reference = (
        documents("河长制。" * 60 + FILLER * 20 + "蓝天保卫战"),
        documents("河长制。" * 30 + FILLER * 20),
    )
    frame = compare(target, reference, LEXICON).set_index("term")
    assert frame.test.to_dict() == {"河长制": "g2", "蓝天保卫战": "fisher"}
    m, n = (sum("\u4e00" <= c <= "\u9fff" for one in side for c in one.text) for side in (target, reference))
    assert frame.p["蓝天保卫战"] == pytest.approx(stats.fisher_exact([[1, 0], [m - 1, n]]).pvalue, rel=1e-9)
    assert frame.p["河长制"] == pytest.approx(stats.chi2.sf(frame.g2["河长制"], 1), rel=1e-9)


def test_documents_are_the_unit_from_five_a_side() -> None:
    target, reference = [*NEW * 3][:5], [*OLD * 2][:5]
    result = compared(target, reference)
    assert result.by_documents
    assert set(result.table.column("test")) == {"documents"}
    assert not compared(target[:4], reference).by_documents
    assert set(compared(target, reference, test="counts").table.column("test")) <= {"g2", "fisher"}


def test_one_long_document_makes_no_term_significant() -> None:
    long = documents("河长制。" * 400, *[FILLER] * 7)
    short = documents(*[FILLER * 4] * 8)
    result = compared(long, short)
    row = next(iter(result.table.records()))
    assert row["g2"] > 100  # type: ignore[operator]
    assert row["p_adj"] > 0.4  # type: ignore[operator]
    assert not result.significant(row)


def test_what_stands_in_one_document_is_not_sure_where_documents_are_tested() -> None:
    target = documents("蓝天保卫战。" * 49 + FILLER, *[f"河长制。高质量发展。{FILLER}"] * 6)
    frame = compare(target, documents(*[f"{FILLER}高质量发展。{FILLER}"] * 7), LEXICON)
    row = frame.set_index("term").loc["蓝天保卫战"]
    assert row.p_adj > 0.9
    assert row.lrc == 0
    assert np.isnan([row.ci_low, row.ci_high]).all()
    assert frame.term.tolist() == ["河长制", "蓝天保卫战", "高质量发展"]  # 6 : 0 in six documents before 49 : 0 in one
    reference = documents(f"蓝天保卫战。{FILLER}", *[FILLER] * 6)
    assert compare(target, reference, LEXICON, test="counts").set_index("term").lrc["蓝天保卫战"] > 0
    assert compare(target[:1] * 2 + documents(*[FILLER] * 5), reference, LEXICON).lrc.tolist() == [0]


def test_the_conservative_log_ratio_agrees_with_the_permutation_test() -> None:
    target = documents(*[f"{'蓝天保卫战。' * (9 + number % 3)}高质量发展。{FILLER}" for number in range(8)])
    reference = documents(*[f"{'蓝天保卫战。' * (1 + number % 2)}高质量发展。{FILLER}" for number in range(8)])
    frame = compare(target, reference, LEXICON).set_index("term")
    assert 0 < frame.lrc["蓝天保卫战"] < frame.ci_low["蓝天保卫战"]
    assert ((frame.lrc != 0) == (frame.p_adj < 0.05)).all()


def test_a_test_by_documents_needs_some() -> None:
    with pytest.raises(EnvtermsError, match="at least two documents on each side"):
        compared(NEW[:1], OLD, test="documents")


def test_a_document_without_text_does_not_disturb_the_test_by_documents() -> None:
    empty = Document("empty", "no Han character")
    assert compared([*NEW * 3, empty], OLD * 2).by_documents
    assert np.isfinite(compare([*NEW * 3, empty], OLD * 2, LEXICON).p_adj).all()


def test_two_single_documents_are_described_and_not_tested() -> None:
    result = compared(documents("河长制。" * 99 + FILLER), documents(FILLER * 9))
    assert not any(map(result.significant, result.table.records()))
    assert any("two single documents" in warning for warning in result.warnings)
    assert "Nothing is tested" in result.summary()


def test_what_came_and_what_went() -> None:
    parts = dict(compared(NEW, OLD).table.select(["term", "part"]).rows)
    assert parts == {"河长制": "came", "蓝天保卫战": "went", "生态环境保护督察": "shared"}


def test_a_shift_of_form() -> None:
    shift = compared(NEW, OLD).forms
    assert list(shift.records()) == [
        {
            "term": "生态环境保护督察", "reference": "环境保护督察", "n_reference": 1, "of_reference": 1,
            "target": "生态环境保护督察", "n_target": 1, "of_target": 1,
        }
    ]  # fmt: skip
    assert compared(NEW, NEW).forms.rows == []


def test_the_summary_names_the_clearest_differences_in_their_direction() -> None:
    """Sides of very unequal size: a half for no occurrence would make an absent term more frequent in the small one."""
    result = compared(documents("今天", "明天"), documents(*["河长制。" + FILLER] * 4))
    assert "More in the reference: 河长制 0.00 against" in result.summary()
    assert "More in the target" not in result.summary()


def test_identical_sides() -> None:
    result = compared(NEW, NEW)
    assert set(result.table.column("log_ratio")) == {0.0}
    assert set(result.table.column("lrc")) == {0.0}
    assert any("stand on both sides" in warning for warning in result.warnings)
    assert result.summary().endswith("occurrences taken as independent). No rate differs.")
    assert (
        compared(NEW[:1], NEW[:1]).summary() == "Nothing is tested between two single documents, and no rate differs."
    )
    twins = [Document("other" + one.name, one.text) for one in NEW]
    assert "both sides hold the same counts" in compared(NEW, twins).warnings


def test_little_text_is_said_with_its_number() -> None:
    assert (
        f"reference holds only {len(FILLER)} Han characters; a rate rests on very little text"
        in compared(NEW, documents(FILLER)).warnings
    )


def test_a_side_without_text_is_an_error() -> None:
    with pytest.raises(EnvtermsError, match="target: there is no text"):
        compare([], OLD, LEXICON)
    with pytest.raises(EnvtermsError, match="reference: there is no text"):
        compare(NEW, documents("no Han characters"), LEXICON)


def test_no_term_on_either_side() -> None:
    assert compare(documents(FILLER), documents(FILLER), LEXICON).empty
    assert compared(documents(FILLER), documents(FILLER)).summary() == "No term occurs on either side."


def test_categories_are_compared_like_terms() -> None:
    frame = compare(NEW, OLD, LEXICON, level="category").set_index("category")
    assert frame.n_target["accountability/inspection"] == 1
    assert len(frame) == 3
    assert "Of 3 categories" in compared(NEW, OLD, level="category").summary()


def test_a_selection_changes_the_family_of_tests() -> None:
    assert len(compare(NEW, OLD, LEXICON, exclude="河长制")) == 2
    selected = compared(NEW, OLD, selection=Selection(exclude=("河长制",)))
    assert selected.target.occurrences == 1


def test_counts_of_ones_own() -> None:
    frame = compare({"蓝天": 52, "碧水": 3}, {"蓝天": 57}, sizes=(50_000, 75_000), measures=MEASURES).set_index("term")
    assert round(frame.g2["蓝天"], 2) == 2.65
    assert set(MEASURES) <= set(frame.columns)
    assert frame.part["碧水"] == "came"
    assert frame[["docfreq_target", "docfreq_reference"]].isna().all(axis=None)
    with pytest.raises(EnvtermsError, match="sizes"):
        compare({"蓝天": 1}, {"蓝天": 1})
    with pytest.raises(EnvtermsError, match="more often than its side is large"):
        compare({"蓝天": 10}, {"蓝天": 1}, sizes=(5, 100))


def test_a_target_of_nothing_but_the_term_has_no_finite_odds() -> None:
    with np.errstate(divide="raise", invalid="raise"):
        frame = compare({"水": 4}, {"水": 1}, sizes=(4, 10), measures=["odds_ratio"])
    assert frame.odds_ratio.isna().all()
    assert keyness.odds_ratio([1], [10], 4, 10).tolist() == [0]
    assert keyness.odds_ratio([4, 4], [1, 10], 4, 10).tolist() == [np.inf, pytest.approx(np.nan, nan_ok=True)]


@pytest.mark.parametrize("measures", ["all", ["all"], ["bic", "all"]])
def test_all_measures(measures: str | list[str]) -> None:
    assert tuple(compare(NEW, OLD, LEXICON, measures=measures).columns[-len(MEASURES) :]) == tuple(MEASURES)
    assert compare(NEW, OLD, LEXICON, measures="bic").columns[-1] == "bic"


def test_unknown_names() -> None:
    for option in ({"level": "page"}, {"test": "t"}, {"per": "sentences"}, {"measures": ["chi2"]}):
        with pytest.raises(UnknownName):
            compare(NEW, OLD, LEXICON, **option)


def test_sorting_and_the_first_of_each_part() -> None:
    table = compared(NEW, OLD).table
    assert sorted_by(table, "term").column("term") == sorted(map(str, table.column("term")))
    assert sorted_by(table, "p").column("p") == sorted(table.column("p"))  # type: ignore[type-var]
    assert sorted_by(table, "n_target").column("n_target") == [3, 1, 0]
    assert len(table.first(1, "part").rows) == 3
    with pytest.raises(UnknownName):
        sorted_by(table, "chi2")


def test_the_order_puts_the_most_typical_first_and_the_least_last() -> None:
    frame = compare(documents("河长制。" * 60 + FILLER * 9), documents("蓝天保卫战。" * 60 + FILLER * 9), LEXICON)
    assert frame.term.tolist() == ["河长制", "蓝天保卫战"]
    assert frame.lrc.iloc[0] > 0 > frame.lrc.iloc[1]


def test_the_methods_name_their_sources() -> None:
    methods = compared(NEW, OLD).methods
    assert "Dunning (1993)" in methods["g2"]
    assert all(len(text) > 40 for text in methods.values())


def test_dispersion_needs_three_documents() -> None:
    frame = compare(NEW, OLD, LEXICON).set_index("term")
    assert np.isnan(frame.dp_target["河长制"])
    assert frame.dp_reference["蓝天保卫战"] > 0.9


def test_a_warning_says_why_counts_were_tested() -> None:
    many = documents(*[FILLER + "河长制"] * 5)
    (asked_for,) = [one for one in compared(many, many, test="counts").warnings if "independent" in one]
    assert asked_for.startswith("a test by counts was asked for: p takes occurrences as independent")
    (few,) = [one for one in compared(many, NEW).warnings if "independent" in one]
    assert few.startswith("fewer than 5 documents on a side: ")
