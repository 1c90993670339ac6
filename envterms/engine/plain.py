"""The engine without NumPy or compiler: what the others must equal, and fast enough for some pages."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import groupby

from envterms.engine.cleaning import CLASS, CODES, SPACE, Ask, Cleaned, Noise, clean_at
from envterms.engine.hits import Hits, adjoining, asked, coded, longest, mended
from envterms.engine.trie import BEGINNING, LONG, PART, PARTICLE, Trie, bit_of

__all__ = ["adjoining", "asked", "clean", "coded", "fold", "longest", "mended", "scan", "total"]


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded."""
    found = [noise.classes[min(code, CODES - 1)] & CLASS for code in map(ord, text)]
    runs, at = [], 0
    for kind, members in groupby(found):
        length = len(list(members))
        if kind > SPACE:
            runs += [(place, place + 1, kind) for place in range(at, at + length)]
        elif kind:
            runs.append((at, at + length, kind))
        at += length
    cleaned = clean_at(runs, text, noise, ask)
    return cleaned._replace(text=fold(noise.folded, cleaned.text))


def fold(table: memoryview, text: str) -> str:
    """The text with `table[code point]` for every character; those beyond the table stay."""
    limit = len(table)
    return "".join([chr(table[code]) if (code := ord(character)) < limit else character for character in text])


def total(weights: bytes, text: str) -> int:
    """The sum of `weights[code point]` over the text; the last weight is for all code points beyond."""
    last = len(weights) - 1
    return sum([weights[min(code, last)] for code in map(ord, text)])


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text."""
    last = len(trie.classes) - 1
    codes = list(map(ord, text))
    classes = [trie.classes[min(code, last)] for code in codes]
    starts = [at for at in range(len(codes)) if _may_begin(trie, codes[at : at + BEGINNING])]
    found = [(start, end, form) for start in starts for end, form in _hits_at(trie, classes, start)]
    found.sort(key=lambda hit: (hit[0], -hit[1], hit[2]))
    return Hits(*(array("i", column) for column in (zip(*found, strict=True) if found else ((), (), ()))))


def _may_begin(trie: Trie, codes: list[int]) -> bool:
    """Whether a form may begin with these characters, which are fewer than BEGINNING at the end of a text alone."""
    if not _is_set(trie.pairs, codes[:2]):
        return False
    short = any(_is_set(trie.short, codes[:length]) for length in range(1, min(len(codes) + 1, BEGINNING)))
    return short or _is_set(trie.beginnings, codes)


def _is_set(table: memoryview, codes: list[int]) -> bool:
    place, bit = divmod(bit_of(len(table), codes), 8)
    return bool(table[place] >> bit & 1)


def _hits_at(trie: Trie, classes: list[int], start: int) -> Iterator[tuple[int, int]]:
    """End and number of the forms that begin at `start`: a walk through the trie, and one more from the first 的 on without it."""
    particle = trie.classes[ord(PARTICLE)]
    walks = [(0, start, 0)]  # state, place, place of the 的 that was left out
    while walks:
        state, at, broken = walks.pop()
        whole = not broken
        while at < len(classes):
            if classes[at] == particle:
                if broken:
                    break
                if whole and at - start >= PART:
                    walks.append((state, at + 1, at))
                whole = False  # only the first 的 may be left out
            place = trie.cells[3 * state] + classes[at]
            if trie.cells[3 * place + 1] != state:
                break
            state, at = place, at + 1
            form = trie.cells[3 * state + 2]
            if form >= 0 and not broken:
                yield at, form
            elif form >= 0 and at - start > LONG and at - broken > PART:
                yield at, trie.forms + form
