"""The engine without NumPy or compiler: what the others must equal, and fast enough for some pages."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import takewhile

from envterms.engine.cleaning import Ask, Cleaned, Noise, clean_at
from envterms.engine.hits import LISTED, MEMBER, Asked, Hits, Numbers, adjoining, asked, coded, longest, mended
from envterms.engine.trie import BEGINNING, FACTORS, LONG, PART, PARTICLE, Trie, bit_of

__all__ = [
    "adjoining", "asked", "bridged", "clean", "coded", "completed", "continued", "find", "fold", "joinable", "longest", "mended",
    "scan", "total",
]  # fmt: skip

find = Trie.find


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded."""
    cleaned = clean_at(text, noise, ask)
    return cleaned._replace(text=fold(noise.folded, cleaned.text))


def fold(table: memoryview, text: str) -> str:
    """The text with `table[code point]` for every character; those beyond the table stay."""
    return text.translate(table)


def total(weights: bytes, text: str) -> int:
    """The sum of `weights[code point]` over the text; the last weight is for all code points beyond."""
    last = len(weights) - 1
    return sum([weights[min(code, last)] for code in map(ord, text)])


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text."""
    classes = trie.classes_of(text)
    codes = [*map(ord, text), *[0] * BEGINNING]
    pairs, unused, (first, second, *_) = trie.pairs, 33 - (8 * len(trie.pairs)).bit_length(), FACTORS
    starts = []
    for at in range(len(text)):
        place = (codes[at] * first + codes[at + 1] * second & 0xFFFF_FFFF) >> unused
        if pairs[place >> 3] >> (place & 7) & 1 and _may_begin(trie, codes[at : at + BEGINNING]):
            starts.append(at)
    found = [(start, end, form) for start in starts for end, form in _hits_at(trie, classes, start)]
    found.sort(key=lambda hit: (hit[0], -hit[1], hit[2]))
    return Hits(*(array("i", column) for column in (zip(*found, strict=True) if found else ((), (), ()))))


def _may_begin(trie: Trie, codes: list[int]) -> bool:
    """Whether a form may begin with these characters, as far as is not told by two of them."""
    short = any(_is_set(trie.short, codes[:length]) for length in range(1, BEGINNING))
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


def completed(trie: Trie, text: str, end: int, rest: str, reach: int) -> list[int]:
    """The places, at most `reach` characters before `end`, from which on the text up to there is a form if the rest follows."""
    first = max(0, end - reach)
    classes = trie.classes_of(text[first:end] + rest)
    starts = range(first, end)
    return [start for start in starts if trie.is_form(trie.behind(0, classes[start - first :]))]


def bridged(trie: Trie, text: str, left: int, right: int, reach: int) -> list[tuple[int, int]]:
    """From where and up to where, at most `reach` Chinese characters on each side, the text is a form without `[left, right)`."""
    starts = list(takewhile(lambda at: _is_chinese(text[at]), range(left - 1, max(0, left - reach) - 1, -1)))
    behind = "".join(takewhile(_is_chinese, text[right : right + reach]))
    ends = ((start, _forms_behind(trie, text[start:left], behind)) for start in starts)
    return [(start, right + length) for start, lengths in ends for length in lengths]


def continued(trie: Trie, head: str, text: str, start: int, reach: int) -> list[int]:
    """The places, at most `reach` characters behind `start`, up to which the text from there is a form behind the head, the last first."""
    return [start + length for length in _forms_behind(trie, head, text[start : start + reach])][::-1]


def joinable(
    _trie: Trie, _text: str, _hits: Hits, winners: Numbers, asked: Asked, _tails: memoryview, _heads: memoryview
) -> Asked:
    """The kept hits that may be members of a series and the signs that one may have, and in which ways: here all that are asked about."""
    places, whys = asked
    ways = [why & (MEMBER | LISTED if winners[hit] == hit else LISTED) for hit, why in zip(places, whys, strict=True)]
    return places, ways


def _forms_behind(trie: Trie, head: str, text: str) -> Iterator[int]:
    """The lengths that the text has where it is a form behind the head."""
    state = trie.behind(0, trie.classes_of(head))
    for length, step in enumerate(trie.classes_of(text), 1):
        state = trie.behind(state, (step,))
        if trie.is_form(state):
            yield length


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
