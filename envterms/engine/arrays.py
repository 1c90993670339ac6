"""The engine on arrays of NumPy, for where there is no compiler."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envterms.engine.cleaning import BRACKET, CLASS, CODES, DOUBLE, LETTER, SPACE, Ask, Cleaned, Noise, clean_at
from envterms.engine.hits import FOLDED, REPAIRS, Hits
from envterms.engine.hits import Numbers as Table
from envterms.engine.plain import bridged, completed, continued, find
from envterms.engine.trie import FIRST, LONG, PART, SECOND, Trie

__all__ = [
    "adjoining", "asked", "bridged", "clean", "coded", "completed", "continued", "find", "fold", "longest", "mended", "scan", "total",
]  # fmt: skip

Numbers = NDArray[np.int32]

_BLOCK = 1 << 16  # characters whose arrays stay in the cache of a processor


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded."""
    codes = _codes(text)
    classes = np.frombuffer(noise.classes, dtype=np.uint8)[np.minimum(codes, CODES - 1)]
    found = classes & CLASS
    bracket = np.flatnonzero(found == BRACKET)
    found[bracket[np.append(classes, 0)[bracket + 1] & LETTER == 0]] = 0
    double = np.flatnonzero(found == DOUBLE)
    found[double[np.append(codes, 0)[double + 1] != codes[double]]] = 0
    places = np.flatnonzero(found)
    kinds = found[places]
    apart = (kinds > SPACE) | (np.diff(places, prepend=-2) > 1) | (np.diff(kinds, prepend=0) != 0)
    first = np.flatnonzero(apart)
    ends = places[np.append(first[1:] - 1, len(places) - 1)[: len(first)]] + 1
    runs = zip(places[first].tolist(), ends.tolist(), kinds[first].tolist(), strict=True)
    cleaned = clean_at(runs, text, noise, ask)
    return cleaned._replace(text=fold(noise.folded, cleaned.text))


def fold(table: memoryview, text: str) -> str:
    """The text with `table[code point]` for every character; those beyond the table stay."""
    folded = _array(table)
    out = []
    for at in range(0, len(text), _BLOCK):
        codes = _codes(text[at : at + _BLOCK])
        beyond = codes >= len(folded)
        codes = np.where(beyond, codes, folded[np.where(beyond, 0, codes)]) if beyond.any() else folded[codes]
        out.append(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
    return "".join(out)


def total(weights: bytes, text: str) -> int:
    """The sum of `weights[code point]` over the text; the last weight is for all code points beyond."""
    table = np.frombuffer(weights, dtype=np.uint8)
    blocks = (_codes(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK))
    return sum(int(table[np.minimum(codes, len(table) - 1)].sum()) for codes in blocks)


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text. All walks go on together, one step at a time."""
    base, check, out = _array(trie.cells).reshape(-1, 3).T
    codes = _codes(text)
    classes = np.zeros(len(codes) + trie.longest + 2, dtype=np.int32)  # what is behind the text is in no form
    classes[: len(codes)] = _array(trie.classes)[np.minimum(codes, len(trie.classes) - 1)]
    pairs = classes[:-2] * FIRST
    pairs += classes[1:-1] * SECOND
    may_begin = _bits(trie.short, pairs) | _bits(trie.beginnings, pairs + classes[2:])
    starts = np.flatnonzero(may_begin).astype(np.int32)
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    broken: list[tuple[Numbers, Numbers, Numbers]] = []

    def walk(start: Numbers, state: Numbers, at: Numbers, particle: Numbers | None) -> None:
        whole = np.ones(len(start), dtype=bool)
        while len(start):
            here = classes[at]
            is_particle = here == 1
            if particle is None:
                fork = np.flatnonzero(is_particle & whole & (at - start >= PART))
                if len(fork):
                    broken.append((start[fork], state[fork], at[fork]))
                whole &= ~is_particle
            place = base[state] + here
            on = check[place] == state
            if particle is not None:
                on &= ~is_particle
                particle = particle[on]
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


def _bits(table: memoryview, places: Numbers) -> NDArray[np.uint8]:
    places = places & (8 * len(table) - 1)
    found: NDArray[np.uint8] = _array(table)[places >> 3] >> (places & 7).astype(np.uint8) & 1
    return found


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


def adjoining(hits: Hits, winners: Table) -> list[int]:
    """The kept hits that begin where another kept one ends."""
    starts, ends, _ = map(_array, hits)
    kept = np.flatnonzero(_array(winners) == np.arange(len(starts)))
    found: list[int] = kept[1:][starts[kept][1:] == ends[kept][:-1]].tolist()
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
    behind = np.cumsum(lengths)
    hit = np.repeat(np.arange(len(starts)), lengths)  # of each character of a hit
    at = np.arange(len(hit)) - np.repeat(behind - lengths - starts, lengths)
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


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
