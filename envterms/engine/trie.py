"""The forms of a lexicon as a double array: a trie in flat tables that NumPy and C can walk and a file can hold."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: Characters of a form that may be broken by 的, as in 污染防治的攻坚战; shorter ones run over word boundaries.
LONG = 6

#: Characters that must stand on either side of that 的.
PART = 2

#: The character that may stand between the parts of a long form; always of class 1.
PARTICLE = "的"

PAIR_FACTOR = 2533  # spreads the pairs of classes over the table; any odd number of this size does
_PAIRS = 1 << 18
_TRIES = 32


@dataclass(frozen=True, slots=True)
class Trie:
    """The transition from `state` by a class `c` leads to `base[state] + c`, if `check` of that place is `state`.

    `classes[code point]` is the class of a character, 0 for those of no form; the last place, always 0, is for those beyond it.
    `out[state]` is the number of the form that ends there, or -1. `pairs[(a * PAIR_FACTOR + b) % len(pairs)]` is 0 only if no form begins
    with the classes a and b. Classes are unsigned shorts (`H`), pairs bytes, the others C ints (`i`), and the tables so long that
    `base[state] + c` never lies beyond them.
    """

    classes: memoryview
    base: memoryview
    check: memoryview
    out: memoryview
    pairs: memoryview
    forms: int
    longest: int


class Hits(NamedTuple):
    """The places `text[start:end]` and the numbers of their forms, leftmost first and at one place the longest first.

    A number of `trie.forms` or more is that of a form with 的 in it: `trie.forms` plus the number of the form.
    """

    starts: list[int]
    ends: list[int]
    forms: list[int]


def build_trie(forms: Sequence[str]) -> Trie:
    """The trie of the forms, which are numbered in their order; the first of two equal ones is found."""
    alphabet = sorted({PARTICLE, *"".join(forms)}, key=lambda character: (character != PARTICLE, character))
    number = {character: place for place, character in enumerate(alphabet, 1)}
    classes = array("H", bytes(2 * (max(map(ord, alphabet)) + 2)))
    for character, place in number.items():
        classes[ord(character)] = place
    children: list[dict[int, int]] = [{}]
    ends = [-1]
    pairs = bytearray(_PAIRS)
    for form_number, form in enumerate(forms):
        node = 0
        for character in form:
            here = children[node]
            node = here.get(number[character], 0)
            if not node:
                node = here[number[character]] = len(children)
                children.append({})
                ends.append(-1)
        if ends[node] < 0:
            ends[node] = form_number
        first = number[form[0]] * PAIR_FACTOR
        for second in [number[form[1]]] if len(form) > 1 else range(len(alphabet) + 1):
            pairs[(first + second) % _PAIRS] = 1
    base, check, out = (memoryview(table) for table in _lay_out(children, ends, len(alphabet) + 1))
    longest = max(map(len, forms), default=0)
    return Trie(memoryview(classes), base, check, out, memoryview(pairs), len(forms), longest)


def _lay_out(children: list[dict[int, int]], ends: list[int], width: int) -> tuple[array[int], array[int], array[int]]:
    """Places the nodes so that the children of no two collide: those with several children first, the others in the holes."""
    taken = bytearray(width)
    taken[0] = 1
    bases = [0] * len(children)
    parents = sorted((node for node, steps in enumerate(children) if steps), key=lambda node: -len(children[node]))
    low = hole = 0
    for node in parents:
        least, *others = sorted(children[node])
        if others:
            hole = low
        tries = 0
        while True:
            hole = taken.find(0, max(hole + 1, least))
            if hole < 0 or hole + width > len(taken):
                hole = hole if hole >= 0 else len(taken)
                taken.extend(bytes(len(taken) + width))
            first = hole - least
            if not others or not any(taken[first + step] for step in others):
                break
            tries += 1
        if tries > _TRIES:  # the room below is as good as full
            low = hole
        for step in children[node]:
            taken[first + step] = 1
        bases[node] = first
    size = taken.rindex(1) + 1 + width
    base, check, out = array("i", bytes(4 * size)), array("i", [-1]) * size, array("i", [-1]) * size
    places = [0] * len(children)
    for node, branches in enumerate(children):  # a parent comes before its children
        at = places[node]
        base[at], out[at] = bases[node], ends[node]
        for step, child in branches.items():
            places[child] = bases[node] + step
            check[places[child]] = at
    return base, check, out
