"""The engine in C, for where the package was built with a compiler."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from envterms.engine import _native
from envterms.engine._native import fold, total, utf8_end
from envterms.engine.cleaning import Ask, Cleaned, Noise
from envterms.engine.hits import Asked, Hits, Numbers
from envterms.engine.trie import Trie

__all__ = [
    "adjoining", "asked", "bridged", "clean", "coded", "completed", "continued", "decided", "find", "fold", "joinable", "longest", "mended",
    "scan", "total", "utf8_end", "verbs",
]  # fmt: skip


_STANDS_FOR = 0x80  # with the kind of a gap behind a character that stands for several
_PLAIN = bytes(kind & ~_STANDS_FOR for kind in range(256))


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded."""
    cleaned, (places, lengths, kinds) = _native.clean(text, *noise, ask)
    starts, shifts = array("i", places), array("i", lengths)
    if kinds.isascii():
        return Cleaned(cleaned, starts, shifts, kinds, {})
    standing = [gap for gap, kind in enumerate(kinds) if kind & _STANDS_FOR]
    widths = {starts[gap] - 1: shifts[gap] - (shifts[gap - 1] if gap else 0) + 1 for gap in standing}
    return Cleaned(cleaned, starts, shifts, kinds.translate(_PLAIN), widths)


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text."""
    tables = (trie.classes, trie.cells, trie.pairs, trie.beginnings, trie.short)
    return Hits(*(array("i", column) for column in _native.scan(*tables, trie.forms, trie.longest, text)))


def find(trie: Trie, text: str) -> int:
    """The number of a form or sign by its text, -1 if there is none."""
    return _native.find(trie.classes, trie.cells, text)


def completed(trie: Trie, text: str, end: int, rest: str, reach: int) -> list[int]:
    """The places, at most `reach` characters before `end`, from which on the text up to there is a form if the rest follows."""
    return _native.completed(trie.classes, trie.cells, trie.signs, text, end, rest, reach)


def bridged(trie: Trie, text: str, left: int, right: int, reach: int) -> list[tuple[int, int]]:
    """From where and up to where, at most `reach` Chinese characters on each side, the text is a form without `[left, right)`."""
    return _native.bridged(trie.classes, trie.cells, trie.signs, text, left, right, reach)


def continued(trie: Trie, head: str, text: str, start: int, reach: int) -> list[int]:
    """The places, at most `reach` characters behind `start`, up to which the text from there is a form behind the head, the last first."""
    return _native.continued(trie.classes, trie.cells, trie.signs, head, text, start, reach)


def joinable(
    trie: Trie, text: str, hits: Hits, winners: Numbers, asked: Asked, tails: memoryview, heads: memoryview
) -> Asked:
    """The kept hits that may be members of a series and the signs that one may have, and in which ways.

    Of those that are `asked` about a look at what stands beside them leaves some; `tails` and `heads` are those of the tables of a lexicon.
    No hit that is in a series is lost.
    """
    places, whys = (array("i", column) for column in asked)
    return _native.joinable(trie.classes, trie.cells, trie.signs, text, *hits, winners, places, whys, tails, heads)


def decided(
    rules: memoryview, lists: memoryview, trie: Trie, text: str, hits: Hits, places: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The hits at the places of which a sense rule speaks, and a number of the rule and its cue, as `Senses.decision` reads it.

    `rules` and `lists` are those of the tables of a lexicon.
    """
    return _native.decided(rules, lists, trie.forms, text, *hits, array("i", places))


def verbs(trie: Trie, roles: memoryview, text: str, places: Sequence[int]) -> list[str]:
    """The verbs that end before the places, as `Context.verb_before` finds them, by the trie of its words and what each of these is."""
    return _native.verbs(trie.classes, trie.cells, roles, text, array("i", places))


def asked(text: str, hits: Hits, rules: Numbers, before: Numbers, after: Numbers) -> tuple[list[int], list[int]]:
    """The hits with a rule that holds where they stand, and these rules."""
    return _native.asked(text, *hits, rules, before, after)


def longest(hits: Hits, owners: Numbers, told: Sequence[int], terms: Sequence[int]) -> array[int]:
    """For each hit the one that hides it."""
    return array("i", _native.longest(*hits, owners, array("i", told), array("i", terms)))


def adjoining(hits: Hits, winners: Numbers, reach: int) -> list[int]:
    """The kept hits that begin soon behind the kept one before."""
    return _native.adjoining(*hits, winners, reach)


def mended(
    original: str, hits: Hits, gap_starts: Numbers, gap_shifts: Numbers, gap_kinds: bytes, marks: Numbers
) -> array[int]:
    """The repairs of each hit."""
    return array("H", _native.mended(original, hits.starts, hits.ends, gap_starts, gap_shifts, gap_kinds, marks))


def coded(hits: Hits, winners: Numbers, mended: Numbers) -> list[int]:
    """Form, state and repairs of the hits as one number each."""
    return _native.coded(hits.ends, hits.forms, winners, mended)
