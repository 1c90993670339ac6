"""Every engine does with hits what the plain one does, whatever they are; and that is what is meant."""

from __future__ import annotations

from array import array
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms.engine import FOLDED, REPAIRS, Hits, Trie, build_trie, plain
from tests.conftest import ENGINES

FORMS = 8
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.integers(-1, FORMS - 1)), max_size=25)
TEXT = st.text("的水大气污染、(1a\U0001f600", min_size=40, max_size=50)
every_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)


def hits_of(spans: list[tuple[int, int, int]]) -> Hits:
    """Hits as a scan gives them, the leftmost first and at one place the longest."""
    ordered = sorted(
        {(start, start + length, form) for start, length, form in spans}, key=lambda hit: (hit[0], -hit[1])
    )
    return Hits(*(array("i", [hit[column] for hit in ordered]) for column in range(3)))


def tables(size: int) -> st.SearchStrategy[array[int]]:
    """Bits of rules, the same ones again and again up to the size."""
    few = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=30)
    return few.map(lambda numbers: array("H", (numbers * size)[:size]))


@every_engine
@settings(max_examples=300)
@given(TEXT, SPANS, tables(FORMS), tables(0x6C50), tables(0x20))
def test_asked(
    engine: ModuleType,
    text: str,
    spans: list[tuple[int, int, int]],
    rules: array[int],
    before: array[int],
    after: array[int],
) -> None:
    hits = hits_of(spans)
    assert engine.asked(text, hits, rules, before, after) == plain.asked(text, hits, rules, before, after)


@every_engine
@settings(max_examples=500)
@given(SPANS, st.lists(st.integers(0, 3), min_size=FORMS, max_size=FORMS), st.data())
def test_longest(engine: ModuleType, spans: list[tuple[int, int, int]], owners: list[int], data: st.DataObject) -> None:
    hits = hits_of(spans)
    told = [hit for hit, form in enumerate(hits.forms) if form < 0 or data.draw(st.integers(0, 4)) == 0]
    terms = [data.draw(st.integers(-1, 5)) for _ in told]
    owned = array("i", owners)
    winners = plain.longest(hits, owned, told, terms)
    assert engine.longest(hits, owned, told, terms) == winners
    for reach in range(4):
        assert engine.adjoining(hits, winners, reach) == plain.adjoining(hits, winners, reach)
    mended = array("H", [data.draw(st.integers(0, REPAIRS - 1)) for _ in winners])
    assert engine.coded(hits, winners, mended) == plain.coded(hits, winners, mended)


@every_engine
def test_a_code_may_have_more_than_32_bits(engine: ModuleType) -> None:
    form = 2**31 - 1
    codes = engine.coded(hits_of([(0, 2, form)]), array("i", [0]), array("H", [REPAIRS - 1]))
    assert codes == [form * 3 * REPAIRS + REPAIRS - 1]


def test_the_longest_hides_what_lies_in_it_and_across_it() -> None:
    hits = hits_of([(0, 4, 0), (1, 2, 1), (3, 3, 2), (6, 2, 3), (6, 1, 4), (9, 1, 5)])
    owners = array("i", [0, 1, 2, 3, 3, 4])
    assert list(plain.longest(hits, owners, [5], [-1])) == [
        0,
        0,
        0,
        3,
        -1,
        -1,
    ]  # the fifth is of the term that hides it
    codes = plain.coded(hits, array("i", [0, 0, 0, 3, -1, -1]), array("H", [0, 0, 5, 0, 0, 0]))
    assert codes == [0 * REPAIRS, (1 * 3 + 1) * REPAIRS, (2 * 3 + 2) * REPAIRS + 5, 3 * 3 * REPAIRS]


def test_hits_that_adjoin_are_kept_ones() -> None:
    hits = hits_of([(0, 2, 0), (2, 3, 1), (2, 2, 2), (4, 1, 3), (5, 1, 4), (7, 1, 5)])
    winners = plain.longest(hits, array("i", range(8)), [], [])
    assert plain.adjoining(hits, winners, 0) == [1, 4]
    assert plain.adjoining(hits, winners, 1) == [1, 4, 5]


GAPS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3), st.integers(0, FOLDED - 1)), max_size=12)


@every_engine
@settings(max_examples=500)
@given(
    SPANS,
    GAPS,
    st.lists(st.integers(0, 2), min_size=1, max_size=0x6C50),
    st.text("的水大气污染、(1a", min_size=90, max_size=90),
)
def test_mended(
    engine: ModuleType,
    spans: list[tuple[int, int, int]],
    gaps: list[tuple[int, int, int]],
    marks: list[int],
    original: str,
) -> None:
    starts, shifts, kinds, shift = array("i"), array("i"), bytearray(), 0
    for start, length, kind in sorted(gaps):
        shift += length
        starts.append(start)
        shifts.append(shift)
        kinds.append(kind)
    arguments = (original, hits_of(spans), starts, shifts, bytes(kinds), memoryview(bytes(marks)))
    assert engine.mended(*arguments) == plain.mended(*arguments)


def test_a_repair_is_of_the_hit_that_it_stands_in() -> None:
    # The original is 蓝 天保卫战: a gap of the kind 2 before the second character, and 卫 is folded from another script.
    marks = bytearray(0x10000)
    marks[ord("衛")] = 1
    hits = hits_of([(0, 2, 0), (1, 2, 1), (2, 3, 2)])
    bits = plain.mended("蓝 天保衛战", hits, array("i", [1]), array("i", [1]), b"\2", memoryview(marks))
    assert list(bits) == [1 << 2, 0, 1 << FOLDED]


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if hasattr(engine, "completed")], ids=str)
@settings(max_examples=300)
@given(
    st.lists(st.text("的水大气", min_size=1, max_size=6), min_size=1),
    st.text("的水大气b", max_size=20),
    st.text("的水大气", min_size=1, max_size=3),
    st.integers(0, 20),
    st.integers(1, 8),
)
def test_forms_with_a_part_elsewhere(
    engine: ModuleType, forms: list[str], text: str, part: str, place: int, reach: int
) -> None:
    trie, place = build_trie(forms), min(place, len(text))
    starts = [start for start in range(max(0, place - reach), place) if text[start:place] + part in forms]
    assert engine.completed(trie, text, place, part, reach) == starts
    ends = [end for end in range(min(place + reach, len(text)), place, -1) if part + text[place:end] in forms]
    assert engine.continued(trie, part, text, place, reach) == ends
    for find in (Trie.find, engine.find):
        assert {form: find(trie, form) >= 0 for form in (text, part)} == {form: form in forms for form in (text, part)}


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if hasattr(engine, "bridged")], ids=str)
@settings(max_examples=300)
@given(
    st.lists(st.text("水大气", min_size=2, max_size=6), min_size=1),
    st.text("水大气b、", min_size=1, max_size=9),
    st.text("水大气b、", max_size=9),
    st.integers(1, 8),
)
def test_forms_across_what_stands_between(
    engine: ModuleType, forms: list[str], before: str, behind: str, reach: int
) -> None:
    text, left = f"{before}(县){behind}", len(before)
    right = left + 3
    spans = [(start, end) for start in range(left) for end in range(right + 1, len(text) + 1)]
    spans = [(start, end) for start, end in spans if left - start <= reach and end - right <= reach]
    expected = {(start, end) for start, end in spans if text[start:left] + text[right:end] in forms}
    assert {*engine.bridged(build_trie(forms), text, left, right, reach)} == expected


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if hasattr(engine, "completed")], ids=str)
def test_signs_are_found_but_are_no_forms(engine: ModuleType) -> None:
    trie = build_trie(["大气污染防治"], ["等污染防治"])
    text = "水、土壤等污染防治"
    assert [list(column) for column in engine.scan(trie, text)] == [[4], [9], [1]]
    assert engine.completed(trie, text, 5, "污染防治", 12) == []
    assert engine.continued(trie, "等", text, 5, 12) == []
    assert engine.find(trie, "等污染防治") == trie.signs


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if hasattr(engine, "completed")], ids=str)
def test_forms_of_any_length(engine: ModuleType) -> None:
    name = "水" + "大气" * 100
    assert engine.completed(build_trie([name]), "水", 1, name[1:], 12) == [0]
    assert engine.continued(build_trie([name]), name[:-1], "气", 0, 12) == [1]
