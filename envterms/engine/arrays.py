"""The engine on arrays of NumPy, for where there is no compiler."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from envterms.engine import plain
from envterms.engine.cleaning import (
    BLANK,
    BRACKET,
    CLASS,
    COMPLEX,
    DOUBLE,
    KEPT,
    LETTER,
    NEAR,
    READING,
    SPACE,
    SYLLABLE,
    Ask,
    Cleaned,
    Noise,
    common_markup,
    is_hard,
)
from envterms.engine.hits import ANYWHERE, BRACKETS, FOLDED, LEFT, LISTED, MEMBER, REPAIRS, RIGHT, Asked, Hits
from envterms.engine.hits import Numbers as Table
from envterms.engine.plain import bridged, completed, continued, find
from envterms.engine.trie import BEGINNING, FACTORS, LONG, PART, Trie

__all__ = [
    "adjoining", "asked", "bridged", "clean", "coded", "completed", "continued", "find", "fold", "joinable", "longest", "mended",
    "scan", "total",
]  # fmt: skip

Numbers = NDArray[np.int32]
Places = NDArray[Any]  # whole numbers of any size
Codes = NDArray[np.uint32]

_BLOCK = 1 << 16  # characters whose arrays stay in the cache of a processor
_BREAK = ord("\n")
_MARKS, _CLOSING = ([ord(character) for character in characters] for characters in ("<&\\", ")）"))
_WINDOW = 12  # characters behind a bracket in which the reading of a syllable ends
_JOINT = re.compile("以及|[、和与及跟暨或]")
_MEMBER = 12  # characters of the longest member of a series
_SERIES = 24  # characters of which as many members are made as are looked at without knowing them
_OUTSIDE = 0xFF  # stands for what is in no reading


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded."""
    codes = _codes(text)
    gaps = _runs(codes, noise)
    if not len(gaps.starts):
        return Cleaned(_text(_folded(noise.folded, codes)), array("i"), array("i"), b"", {})
    _read_space(gaps, text, codes)
    _read_markup(gaps, text, noise, ask)
    gaps = gaps.outermost()
    kept, stood = gaps.applied(codes)
    if (gaps.classes == BRACKET).any():
        _read_brackets(gaps, codes, noise, ask, kept, stood)
        gaps = gaps.outermost()
    gaps = gaps.where(gaps.kinds >= 0)
    cleaned = _text(_folded(noise.folded, stood[kept]))
    stand = gaps.stands > 0
    removed = gaps.ends - gaps.starts - stand
    shifts = np.cumsum(removed)
    places = gaps.ends - shifts
    entities = np.flatnonzero(stand & (gaps.stands != _BREAK) & (codes[gaps.starts] == ord("&")))
    lengths = (gaps.ends - gaps.starts)[entities]
    widths = dict(zip((places[entities] - 1).tolist(), lengths.tolist(), strict=True))
    told = removed > 0
    starts, shifts = places[told], shifts[told]
    return Cleaned(cleaned, _ints(starts), _ints(shifts), gaps.kinds[told].tobytes(), widths)


class _Gaps(NamedTuple):
    """What may be left out, in columns: where it begins, up to where it reaches, the class of its first character, its kind, or KEPT if
    it belongs to the text, and the code point that stands in its place, 0 for none. What is no noise reaches nowhere.
    """

    starts: Places
    ends: Places
    classes: NDArray[Any]
    kinds: NDArray[Any]
    stands: NDArray[Any]

    def where(self, chosen: NDArray[np.bool_]) -> _Gaps:
        """Some of them."""
        return self if chosen.all() else _Gaps._make(column[chosen] for column in self)

    def outermost(self) -> _Gaps:
        """Those that do not begin inside another."""
        reach = np.maximum.accumulate(self.ends)
        return self.where(np.append(True, self.starts[1:] >= reach[:-1]))

    def applied(self, codes: Codes) -> tuple[NDArray[np.bool_], Codes]:
        """Which characters are kept, and these with what stands in the place of others."""
        kept, codes = np.ones(len(codes), dtype=bool), codes.copy()
        gaps = self.where(self.kinds >= 0)
        kept[_each(gaps.starts, gaps.ends - gaps.starts)] = False
        gaps = gaps.where(gaps.stands > 0)
        kept[gaps.starts] = True
        codes[gaps.starts] = gaps.stands
        return kept, codes


def _runs(codes: Codes, noise: Noise) -> _Gaps:
    """Runs of characters of a class up to SPACE, and characters of another."""
    classes = np.frombuffer(noise.classes, dtype=np.uint8).take(codes, mode="clip")
    found = classes & CLASS
    bracket = np.flatnonzero(found == BRACKET)
    found[bracket[np.append(classes, 0)[bracket + 1] & LETTER == 0]] = 0
    double = np.flatnonzero(found == DOUBLE)
    found[double[np.append(codes, 0)[double + 1] != codes[double]]] = 0
    places = np.flatnonzero(found != 0)
    found = found[places]
    apart = (found > SPACE) | (np.diff(places, prepend=-2) > 1) | (np.diff(found, prepend=0) != 0)
    first = np.flatnonzero(apart)
    ends = places[np.append(first[1:] - 1, len(places) - 1)[: len(first)]] + 1
    starts, found = places[first], found[first]
    kinds = np.where(found <= SPACE, found.astype(np.int8) - 1, KEPT).astype(np.int8)
    return _Gaps(starts, np.where(found <= SPACE, ends, starts), found, kinds, np.zeros(len(starts), dtype=np.uint32))


def _read_space(gaps: _Gaps, text: str, codes: Codes) -> None:
    """Breaks stand in the place of hard white space."""
    hard = codes[gaps.starts]
    gaps.stands[(gaps.classes == SPACE) & ((hard == ord("\t")) | (hard == ord("\f")))] = _BREAK
    longer = np.flatnonzero((gaps.classes == SPACE) & (gaps.ends - gaps.starts > 1))
    spans = zip(gaps.starts[longer].tolist(), gaps.ends[longer].tolist(), strict=True)
    gaps.stands[longer] = np.array([is_hard(text[start:end]) for start, end in spans], dtype=np.uint32) * _BREAK


def _read_markup(gaps: _Gaps, text: str, noise: Noise, ask: Ask) -> None:
    """What begins with a tag, an entity or an escape, or with white space in front of one, symbols, and doubled marks."""
    following = np.append(_codes(text), 0)[gaps.ends]
    marked = (gaps.classes == SPACE) & np.isin(following, _MARKS)
    chosen = np.flatnonzero(marked | (gaps.classes == COMPLEX) | (gaps.classes == DOUBLE))
    gaps.ends[chosen], gaps.kinds[chosen] = gaps.starts[chosen], KEPT
    answers, taken = [], 0
    for gap, at in zip(chosen.tolist(), gaps.starts[chosen].tolist(), strict=True):
        if at >= taken and (told := common_markup(text, at, noise) or ask(at, "")):
            taken, kind, stand = told
            answers.append((gap, taken, kind, ord(stand or "\0")))
    if answers:
        read, ends, kinds, stands = np.array(answers).T
        gaps.ends[read], gaps.kinds[read], gaps.stands[read] = ends, kinds, stands


def _read_brackets(gaps: _Gaps, codes: Codes, noise: Noise, ask: Ask, kept: NDArray[np.bool_], stood: Codes) -> None:
    """Readings; of these of one syllable the keys are looked up, the others are asked about."""
    chosen = np.flatnonzero(gaps.classes == BRACKET)
    starts = gaps.starts[chosen]
    ends = _reading_ends(codes, starts, _before(gaps, kept, stood, starts), noise)
    known = ends > 0
    gaps.ends[chosen[known]], gaps.kinds[chosen[known]] = ends[known], READING
    kept[_each(starts[known], (ends - starts)[known])] = False
    for gap, at in zip(chosen[~known].tolist(), starts[~known].tolist(), strict=True):
        told = ask(at, _near(kept, stood, at))
        if told is not None:
            end, gaps.kinds[gap], _ = told
            gaps.ends[gap], kept[at:end], stood[at:end] = end, gaps.kinds[gap] < 0, codes[at:end]


def _before(gaps: _Gaps, kept: NDArray[np.bool_], stood: Codes, places: Places) -> Codes:
    """The last character before each place that is kept, 0 if there is none."""
    gaps = gaps.where(gaps.kinds >= 0)
    before = places - 1
    while len(hidden := np.flatnonzero((before >= 0) & ~kept[before])):
        gap = np.searchsorted(gaps.starts, before[hidden], "right") - 1
        before[hidden] = gaps.starts[gap] - (gaps.stands[gap] == 0)
    return np.where(before >= 0, stood[before], 0)


def _near(kept: NDArray[np.bool_], codes: Codes, place: int) -> str:
    """The last characters before a place that are kept."""
    reach = NEAR
    while True:
        start = max(0, place - reach)
        near = codes[start:place][kept[start:place]][-NEAR:]
        if len(near) == NEAR or not start:
            return _text(near)
        reach *= 8


def _reading_ends(codes: Codes, places: Places, before: Codes, noise: Noise) -> Places:
    """The ends of brackets that hold a reading of one syllable of the character before; 0 if that is not known here."""
    if not noise.letters:
        return np.zeros_like(places)
    letters = np.frombuffer(noise.letters, dtype=np.uint8).copy()
    letters[np.frombuffer(noise.classes, dtype=np.uint8) & LETTER == 0] = _OUTSIDE
    window = np.append(codes, np.zeros(_WINDOW, dtype=np.uint32))[places + np.arange(1, _WINDOW + 1)[:, np.newaxis]]
    read = letters.take(window, mode="clip")
    outside = np.logical_or.accumulate(read == _OUTSIDE, axis=0)
    read[outside] = BLANK
    length = np.minimum((~outside).sum(axis=0), _WINDOW - 1)
    is_closed = np.isin(window[length, np.arange(len(places))], _CLOSING)
    solid = read != BLANK
    words = solid[0] + (solid[1:] & ~solid[:-1]).sum(axis=0)
    key: Places = np.zeros(len(places), dtype=np.uint64)
    for letter in read:
        key = np.where(letter > BLANK, key * 27 + letter - (ord("a") - 1), key)
    spelled = (read > BLANK).sum(axis=0)
    is_syllable = is_closed & (words == 1) & (spelled > 0) & (spelled <= SYLLABLE) & (read != 0).all(axis=0)
    readings = np.append(_array(noise.readings), 0)
    key = key << 21 | before
    is_reading = is_syllable & (readings[np.searchsorted(readings[:-1], key)] == key)
    return np.where(is_reading, places + length + 2, 0)


def fold(table: memoryview, text: str) -> str:
    """The text with `table[code point]` for every character; those beyond the table stay."""
    return _text(_folded(table, _codes(text)))


def total(weights: bytes, text: str) -> int:
    """The sum of `weights[code point]` over the text; the last weight is for all code points beyond."""
    table = np.frombuffer(weights, dtype=np.uint8)
    blocks = (_codes(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK))
    return sum(int(table.take(codes, mode="clip").sum()) for codes in blocks)


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text. All walks go on together, one step at a time."""
    base, check, out = _array(trie.cells).reshape(-1, 3).T
    classes = _classes(trie, text, trie.longest + 2)  # what is behind the text is in no form
    starts = _begun(trie, _codes(text))
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    broken: list[tuple[Numbers, Numbers, Numbers]] = []

    def walk(start: Numbers, state: Numbers, at: Numbers, particle: Numbers | None) -> None:
        whole = np.ones(len(start), dtype=bool)
        while len(start):
            here = classes[at]
            place = base[state] + here
            on = check[place] == state
            is_particle = here == 1
            if particle is not None:
                on &= ~is_particle
                particle = particle[on]
            elif is_particle.any():
                fork = np.flatnonzero(is_particle & whole & (at - start >= PART))
                broken.append((start[fork], state[fork], at[fork]))
                whole &= ~is_particle
            start, state, at, whole = start[on], place[on], at[on] + 1, whole[on]
            form = out[state]
            if particle is None:
                done = np.flatnonzero(form >= 0)
                found.append((start[done], at[done], form[done]))
            else:
                done = np.flatnonzero((form >= 0) & (at - start > LONG) & (at - particle > PART))
                found.append((start[done], at[done], form[done] + trie.forms))

    walk(starts, np.zeros_like(starts), starts, None)
    if broken:
        start, state, at = (np.concatenate(column) for column in zip(*broken, strict=True))
        walk(start, state, at + 1, at)
    if not found:
        return Hits(array("i"), array("i"), array("i"))
    start, end, form = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((form, -end, start))
    return Hits(*(array("i", column[order].tobytes()) for column in (start, end, form)))


def _begun(trie: Trie, codes: Codes) -> Numbers:
    """The places where a form may begin, by the bits of two and more characters."""
    ahead = np.append(codes, np.zeros(BEGINNING, dtype=np.uint32))
    first, second, *others = (np.uint32(factor) for factor in FACTORS)
    numbers = ahead[:-1] * first
    pairs = numbers + ahead[1:] * second
    places = np.flatnonzero(_bits(trie.pairs, pairs[: len(codes)]))
    found, number = _bits(trie.short, numbers[places]), pairs[places]
    for distance, factor in enumerate(others, 2):
        found |= _bits(trie.short, number)
        number += ahead[places + distance] * factor
    return places[found | _bits(trie.beginnings, number)].astype(np.int32)


def _bits(table: memoryview, numbers: Codes) -> NDArray[np.bool_]:
    """The bits of the numbers, of which the highest digits count, see `trie.bit_of`."""
    bits = np.unpackbits(_array(table), bitorder="little").view(bool)
    return bits.take(numbers >> np.uint32(33 - len(bits).bit_length()))


def _classes(trie: Trie, text: str, more: int) -> Numbers:
    """The classes of the characters, and of as many more that are in no form."""
    classes = np.zeros(len(text) + more, dtype=np.int32)
    classes[: len(text)] = _array(trie.classes).take(_codes(text), mode="clip")
    return classes


def joinable(
    trie: Trie, text: str, hits: Hits, winners: Table, asked: Asked, tails: memoryview, heads: memoryview
) -> Asked:
    """The kept hits that may be members of a series and the signs that one may have, and in which ways, as `native.joinable` tells; a
    little more is left here, since members are sought at every joint near by.
    """
    possible = [
        (hit, way)
        for hit, way in zip(*plain.joinable(trie, text, hits, winners, asked, tails, heads), strict=True)
        if way
    ]
    listing, closing, opening = [], [], []
    for number, (hit, way) in enumerate(possible):
        start, end, form = (column[hit] for column in hits)
        if way & LISTED:
            first = start - 2 * (text[start] == "大")  # before which stand a numeral and, it may be, 等
            listing += [(number, place, start, end, end - start - 1) for place in range(first, start + 1)]
        if 0 <= form < len(tails):
            anywhere = way & ANYWHERE
            if tails[form] and way & (LEFT | ANYWHERE):
                closing += [(number, place, start, end, tails[form]) for place in _ends_before(text, start, anywhere)]
            if way & (RIGHT | ANYWHERE):
                joint = _JOINT.match(text, end)
                if joint:
                    opening.append((number, start, end, joint.end(), min(heads[form] or 2, 2)))
                if anywhere and heads[form]:
                    opening += [
                        (number, start, end, place, heads[form]) for place in (end, end + (text[end : end + 1] == ","))
                    ]
    path = _Path(trie, text)
    listed, closed, opened = path.closed(listing), path.closed(closing), path.opened(opening)
    ways = []
    for number, (hit, way) in enumerate(possible):
        left = way & LISTED if number in listed else 0
        if 0 <= hits.forms[hit] < len(tails):
            left |= way & BRACKETS | (number in closed) * LEFT | (number in opened) * RIGHT
        else:  # 的 stands in it, or it is a name
            left |= way & MEMBER
        ways.append(left)
    return [hit for hit, _ in possible], ways


def _ends_before(text: str, start: int, anywhere: int) -> list[int]:
    """Where members of a series may end that the form at `start` closes."""
    ends = [start, start - (text[max(0, start - 1) : start] == ",")] if anywhere else []
    first = max(0, start - _SERIES)
    near = text[first:start]
    if _JOINT.match(near, len(near) - 1):
        ends += [first + end for joint in _JOINT.finditer(near) for end in joint.span()[: 2 if anywhere else 1]]
    return ends


class _Path:
    """A text that is walked through with a trie, from many places at once."""

    def __init__(self, trie: Trie, text: str) -> None:
        self._base, self._check, self._form = _array(trie.cells).reshape(-1, 3).T
        self._signs = trie.signs
        self._classes = _classes(trie, text, _MEMBER)

    def closed(self, queries: Sequence[tuple[int, ...]]) -> set[int]:
        """The numbers of queries for which a text before a place makes a form with an end of at least so many characters of
        `[start, end)`.
        """
        number, place, start, end, least = np.array(queries, dtype=int).reshape(-1, 5).repeat(_MEMBER, axis=0).T
        first = place - np.arange(len(place)) % _MEMBER - 1
        state = np.where(first >= 0, self._behind(np.zeros_like(first), np.maximum(first, 0), place), -1)
        reached = np.flatnonzero(state >= 0)
        cuts = np.maximum(end - least - start, 0)[reached]
        reached, tail = np.repeat(reached, cuts), _each(start[reached] + 1, cuts)
        return set(number[reached[self._is_form(self._behind(state[reached], tail, end[reached]))]].tolist())

    def opened(self, queries: Sequence[tuple[int, ...]]) -> set[int]:
        """The numbers of queries for which a beginning of `[start, end)` of at least so many characters makes a form with the text from a
        place on.
        """
        number, start, end, place, least = np.array(queries, dtype=int).reshape(-1, 5).T
        cuts = np.maximum(end - start - least, 0)
        first = np.repeat(start, cuts)
        state = self._behind(np.zeros_like(first), first, _each(start + least, cuts))
        number, place = np.repeat(number, cuts), np.repeat(place, cuts)
        found: set[int] = set()
        for length in range(_MEMBER):
            state = self._behind(state, place + length, place + length + 1)
            if length:
                found.update(number[self._is_form(state)].tolist())
        return found

    def _behind(self, state: Places, start: Places, end: Places) -> Places:
        """The states that the text at `[start, end)` leads to from others, -1 where there is none."""
        state, at = state.copy(), start
        while len(active := np.flatnonzero((state >= 0) & (at < end))):
            place = self._base[state[active]] + self._classes[at[active]]
            state[active] = np.where(self._check[place] == state[active], place, -1)
            at = at + 1
        return state

    def _is_form(self, state: Places) -> NDArray[np.bool_]:
        form = self._form[state]
        return (state >= 0) & (form >= 0) & (form < self._signs)


def asked(text: str, hits: Hits, rules: Table, before: Table, after: Table) -> tuple[list[int], list[int]]:
    """The hits with a rule that holds where they stand, and these rules."""
    starts, ends, forms = map(_array, hits)
    codes = np.full(len(text) + 2, 0x110000, dtype=np.uint32)
    codes[1:-1] = _codes(text)
    left, right = (np.minimum(codes[at], len(table) - 1) for at, table in ((starts, before), (ends + 1, after)))
    whys = np.where(forms >= 0, _array(rules)[forms], 0) & (_array(before)[left] | _array(after)[right])
    found = np.flatnonzero(whys)
    return found.tolist(), whys[found].tolist()


def longest(hits: Hits, owners: Table, told: Sequence[int], terms: Sequence[int]) -> array[int]:
    """For each hit the one that hides it."""
    starts, ends, forms = map(_array, hits)
    term = np.where(forms >= 0, _array(owners)[forms], -1)
    term[np.array(told, dtype=int)] = terms
    standing = np.flatnonzero(term >= 0)
    following = np.searchsorted(starts[standing], ends[standing]).tolist()
    kept, at = [], 0
    while at < len(following):
        kept.append(at)
        at = following[at]
    winners = np.full(len(forms), -1, dtype=np.int32)
    if kept:
        winner = standing[np.array(kept)[np.searchsorted(kept, np.arange(len(standing)), "right") - 1]]
        told_twice = (term[standing] == term[winner]) & (standing != winner)
        winners[standing] = np.where(told_twice, -1, winner)
    return array("i", winners.tobytes())


def adjoining(hits: Hits, winners: Table, reach: int) -> list[int]:
    """The kept hits that begin soon behind the kept one before."""
    starts, ends, _ = map(_array, hits)
    kept = np.flatnonzero(_array(winners) == np.arange(len(starts)))
    found: list[int] = kept[1:][starts[kept][1:] <= ends[kept][:-1] + reach].tolist()
    return found


def mended(
    original: str, hits: Hits, gap_starts: Table, gap_shifts: Table, gap_kinds: bytes, marks: Table
) -> array[int]:
    """The repairs of each hit."""
    starts, ends, _ = map(_array, hits)
    gaps, codes, table = _array(gap_starts), _codes(original), _array(marks)
    bits = np.zeros(len(starts), dtype=np.uint16)
    left, right = (np.searchsorted(gaps, places, "right") for places in (starts, ends - 1))
    kinds = np.frombuffer(gap_kinds, dtype=np.uint8)
    for kind in range(FOLDED):
        before = np.concatenate([[0], np.cumsum(kinds == kind)])
        bits |= (before[right] > before[left]).astype(np.uint16) << kind
    lengths = ends - starts
    hit = np.repeat(np.arange(len(starts)), lengths)  # of each character of a hit
    at = _each(starts, lengths)
    place = at + np.concatenate([[0], _array(gap_shifts)])[np.searchsorted(gaps, at, "right")]
    mark = table[np.minimum(codes[place], len(table) - 1)] * (codes[place] < len(table))
    for number in (1, 2):
        bits[hit[mark == number]] |= 1 << FOLDED + number - 1
    return array("H", bits.tobytes())


def coded(hits: Hits, winners: Table, mended: Table) -> list[int]:
    """Form, state and repairs of the hits as one number each."""
    ends, winner = _array(hits.ends), _array(winners)
    state = np.where(winner == np.arange(len(winner)), 0, np.where(ends <= ends[winner], 1, 2))
    codes = (_array(hits.forms).astype(np.int64) * 3 + state) * REPAIRS + _array(mended)
    result: list[int] = codes[winner >= 0].tolist()
    return result


def _array(of: Table) -> NDArray[Any]:
    return np.frombuffer(of, dtype=of.format if isinstance(of, memoryview) else of.typecode)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _ints(places: Places) -> array[int]:
    return array("i", places.astype(np.int32).tobytes())


def _text(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _folded(table: memoryview, codes: Codes) -> Codes:
    folded: Codes = _array(table).take(codes, mode="clip")
    beyond = codes >= len(table)
    folded[beyond] = codes[beyond]
    return folded


def _each(starts: Places, lengths: Places) -> Places:
    """Every place of spans."""
    behind = np.cumsum(lengths)
    places: Places = np.arange(lengths.sum()) - np.repeat(behind - lengths - starts, lengths)
    return places
