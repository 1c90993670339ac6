"""The forms of a lexicon as a double array: a trie in flat tables that NumPy and C can walk and a file can hold."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

#: Characters of a form that may be broken by 的, as in 污染防治的攻坚战; shorter ones run over word boundaries.
LONG = 6

#: Characters that must stand on either side of that 的.
PART = 2

#: The character that may stand between the parts of a long form; always of class 1.
PARTICLE = "的"

#: The characters of which a form is told by a bit.
BEGINNING = 4

#: With which the code points of a beginning make the number of its bit, see `bit_of`.
FACTORS = (0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F)

_PAIRS, _SHORT, _BEGINNINGS = 1 << 18, 1 << 18, 1 << 21  # bits
_TRIES = 32
_FIRST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Trie:
    """The transition from `state` by a class `c` leads to the place `base + c`, if `check` of that place is `state`.

    `classes[code point]` is the class of a character, 0 for those of no form; the last place, always 0, is for those beyond it. A state
    has three cells: `base`, `check`, and the number of the form that ends there or -1. Classes are unsigned shorts (`H`), cells C ints
    (`i`); there are so many states that `base + c` never lies beyond them.

    A form begins only where the bit of two characters is set in `pairs`, and that of BEGINNING characters in `beginnings` or, for a form
    of fewer, that of all of them in `short`.

    Of the `forms` those from the number `signs` on are none, but signs that a rule has something to look at where they stand.
    """

    classes: memoryview
    cells: memoryview
    pairs: memoryview
    beginnings: memoryview
    short: memoryview
    forms: int
    longest: int
    signs: int

    def find(self, text: str) -> int:
        """The number of a form or sign by its text, -1 if there is none."""
        state = self.behind(0, self.classes_of(text))
        number: int = self.cells[3 * state + 2] if state >= 0 else -1
        return number

    def classes_of(self, text: str) -> list[int]:
        """The classes of its characters."""
        classes, last = self.classes, len(self.classes) - 1
        return [classes[code if code < last else last] for code in map(ord, text)]

    def behind(self, state: int, classes: Sequence[int]) -> int:
        """The state that classes lead to from a state, -1 if there is none."""
        cells = self.cells
        for step in classes if state >= 0 else ():
            place = cells[3 * state] + step
            if cells[3 * place + 1] != state:
                return -1
            state = place
        return state

    def is_form(self, state: int) -> bool:
        """Whether a form, and no sign, ends at a state."""
        return state >= 0 and 0 <= self.cells[3 * state + 2] < self.signs


def build_trie(forms: Sequence[str], signs: Sequence[str] = ()) -> Trie:
    """The trie of the forms and, behind them, the signs, numbered in their order; the first of two equal ones is found."""
    first_sign = len(forms)
    forms = [*forms, *signs]
    alphabet = sorted({PARTICLE, *"".join(forms)}, key=lambda character: (character != PARTICLE, character))
    number = {character: place for place, character in enumerate(alphabet, 1)}
    classes = array("H", bytes(2 * (max(map(ord, alphabet)) + 2)))
    for character, place in number.items():
        classes[ord(character)] = place
    children: list[dict[int, int]] = [{}]
    ends = [-1]
    pairs, beginnings, short = (bytearray(bits // 8) for bits in (_PAIRS, _BEGINNINGS, _SHORT))
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
    _mark(pairs, {form[:2] for form in forms})
    _mark(short, {form for form in forms if len(form) < BEGINNING})
    broken = (
        form[:place] + PARTICLE + form[place:]
        for form in forms
        if len(form) >= LONG
        for place in range(PART, BEGINNING)
    )
    _mark(beginnings, {form[:BEGINNING] for form in chain(forms, broken) if len(form) >= BEGINNING})
    if min(map(len, forms), default=2) == 1:  # which any character may follow
        pairs = bytearray(b"\xff") * len(pairs)
    cells = memoryview(_lay_out(children, ends, len(alphabet) + 1))
    longest = max(map(len, forms), default=0)
    tables = (memoryview(classes), cells, memoryview(pairs), memoryview(beginnings), memoryview(short))
    return Trie(*tables, len(forms), longest, first_sign)


def bit_of(size: int, codes: Iterable[int]) -> int:
    """The number of the bit of a beginning, by its code points, among as many as there are in a table of `size` bytes, a power of two."""
    number = sum(code * factor for code, factor in zip(codes, FACTORS, strict=False)) % (1 << 32)
    return number * 8 * size >> 32


def _mark(table: bytearray, beginnings: set[str]) -> None:
    for beginning in beginnings:
        place, bit = divmod(bit_of(len(table), map(ord, beginning)), 8)
        table[place] |= 1 << bit


def _lay_out(children: list[dict[int, int]], ends: list[int], width: int) -> array[int]:
    """Places the nodes so that the children of no two collide: those with several children first, the others in the holes.

    The first steps come before all others, since most walks end there and a processor keeps in its cache what lies close together.
    """
    taken = bytearray(width)
    taken[0] = 1
    bases = [0] * len(children)
    depths = [0] * len(children)
    for node, steps in enumerate(children):  # a parent comes before its children
        for child in steps.values():
            depths[child] = depths[node] + 1
    parents = [node for node, steps in enumerate(children) if steps]
    parents.sort(key=lambda node: (min(depths[node], _FIRST_STEPS), -len(children[node])))
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
    cells = array("i", [0, -1, -1]) * size
    places = [0] * len(children)
    for node, branches in enumerate(children):
        at = places[node]
        cells[3 * at], cells[3 * at + 2] = bases[node], ends[node]
        for step, child in branches.items():
            places[child] = bases[node] + step
            cells[3 * places[child] + 1] = at
    return cells
