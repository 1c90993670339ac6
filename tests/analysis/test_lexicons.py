from __future__ import annotations

from dataclasses import replace

from envterms.analysis.lexicons import DIFF_COLUMNS, diff_lexicons, diff_table, lexicon_stats, stats_table
from envterms.lexicon import Event, Family, Lexicon, SenseRule, Source, Term
from envterms.lexicon.model import Retired
from envterms.reading import Document
from tests.conftest import small_lexicon

TERMS = [
    Term("蓝天保卫战", ("蓝天战",), "x", ("甲",), "pollution/air", "campaign", region=("HK", "MO"), status="verified",
         events=(Event("coined", "2017", "a"),), sources=("a", "b"), definition="y"),
    Term("碧水保卫战", (), "x", (), "pollution/water", "campaign", sources=("b", "c")),
    Term("河长制", (), "x", (), "pollution/water", "instrument"),
]  # fmt: skip
SOURCES = {"a": Source("a", number="1", date="2017"), "b": Source("b", date="2017"), "c": Source("c", number="1")}


def test_shares_are_of_terms_and_every_facet_adds_up(lexicon: Lexicon) -> None:
    small = replace(small_lexicon(TERMS), sources=SOURCES)
    rows = {(row[0], row[1]): row[2:] for row in stats_table(small).rows}
    assert rows["all", "all"] == (3, 4, 1.0)
    assert rows["category", "pollution/water"] == (2, 2, 0.6667)
    assert rows["top", "pollution"] == (3, 4, 1.0)
    assert rows["status", "verified"] == (1, 2, 0.3333)
    assert rows["region", "HK"] == rows["region", "MO"] == rows["event", "coined"] == (1, 2, 0.3333)
    assert rows["has", "dated source"] == rows["has", "expansion"] == rows["has", "definition"] == (1, 2, 0.3333)
    frame = lexicon_stats(lexicon)
    for facet in ("top", "category", "type", "scope", "level", "status"):
        of_facet = frame[frame["facet"] == facet]
        assert of_facet["terms"].sum() == len(lexicon.terms)
        assert of_facet["forms"].sum() == sum(len(term.forms) for term in lexicon.terms.values())


def changes(old: Lexicon, new: Lexicon, *texts: str) -> set[tuple[object, ...]]:
    table = diff_table(old, new, [Document(f"{n}.txt", text) for n, text in enumerate(texts)])
    assert table.columns == DIFF_COLUMNS
    return set(table.rows)


def test_terms_added_removed_and_changed_cell_by_cell() -> None:
    edited = TERMS[0]._replace(aliases=("蓝天之战",), english="z", region=("MO", "HK"), events=(), place="elsewhere:1")
    old, new = small_lexicon(TERMS), small_lexicon([edited, TERMS[1], "林长制"])
    assert changes(old, new) == {
        ("terms", "蓝天保卫战", "changed", "aliases", "蓝天战", "蓝天之战"),
        ("terms", "蓝天保卫战", "changed", "english", "x", "z"),
        ("terms", "蓝天保卫战", "changed", "region", "HK|MO", "MO|HK"),
        ("terms", "蓝天保卫战", "changed", "events", "coined 2017 a", ""),
        ("terms", "河长制", "removed", "", "pollution/water", ""),
        ("terms", "林长制", "added", "", "", "pollution/air"),
    }
    retired = replace(new, retired={"河长制": Retired("河长制", "2026-11-21", "a double", "林长制")})
    assert ("terms", "河长制", "removed", "", "pollution/water", "retired 2026-11-21: a double; use 林长制") in changes(
        old, retired
    )
    assert changes(old, old) == set()


def test_rules_that_bear_on_counts() -> None:
    rule = SenseRule("河长制", "after", ("度",), "reject", "other", example="one", place="a:1")
    old = small_lexicon(TERMS, [Family("战", "after", ("蓝天",))], [rule])
    new = small_lexicon(TERMS, [Family("战", "after", ("碧水",))], [rule._replace(example="another", place="b:2")])
    assert changes(old, new) == {
        ("families", "战 after 蓝天", "removed", "", "", ""),
        ("families", "战 after 碧水", "added", "", "", ""),
    }


def test_the_counts_that_move_on_a_corpus() -> None:
    """A longer term that comes in takes the places of a shorter one that nobody touched."""
    old, new = small_lexicon(TERMS), small_lexicon([*TERMS, "全面推行河长制"])
    texts = ("全面推行河长制，河长制见效。蓝天保卫战", "全面推行河长制")
    assert {row for row in changes(old, new, *texts) if row[0] == "counts"} == {
        ("counts", "河长制", "moved", "count", 3, 1),
        ("counts", "河长制", "moved", "docfreq", 2, 1),
        ("counts", "全面推行河长制", "moved", "count", 0, 2),
        ("counts", "全面推行河长制", "moved", "docfreq", 0, 2),
    }
    assert list(diff_lexicons(old, new)["name"]) == ["全面推行河长制"]
