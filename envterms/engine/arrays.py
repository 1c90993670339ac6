"""The engine on arrays of NumPy, for where there is no compiler."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from envterms.engine.cleaning import CODES, LETTER, Ask, Cleaned, clean_at
from envterms.engine.trie import LONG, PAIR_FACTOR, PART, Hits, Trie

Numbers = NDArray[np.int32]

_BLOCK = 1 << 16  # characters whose arrays stay in the cache of a processor


def clean(text: str, classes: bytes, ask: Ask) -> Cleaned:
    """The text without its noise."""
    found = np.frombuffer(classes, dtype=np.uint8)[np.minimum(_codes(text), CODES - 1)]
    return clean_at(np.flatnonzero(found & (LETTER - 1)).tolist(), text, classes, ask)


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
    base, check, out = _array(trie.base), _array(trie.check), _array(trie.out)
    codes = _codes(text)
    classes = np.zeros(len(codes) + trie.longest + 2, dtype=np.int32)  # what is behind the text is in no form
    classes[: len(codes)] = _array(trie.classes)[np.minimum(codes, len(trie.classes) - 1)]
    pairs = classes[:-1] * PAIR_FACTOR
    pairs += classes[1:]
    pairs &= len(trie.pairs) - 1
    starts = np.flatnonzero(_array(trie.pairs)[pairs]).astype(np.int32)
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
        return Hits([], [], [])
    start, end, form = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((form, -end, start))
    return Hits(start[order].tolist(), end[order].tolist(), form[order].tolist())


def _array(of: memoryview) -> NDArray[Any]:
    return np.frombuffer(of, dtype=of.format)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
