"""What is done with all hits of a text at once, and the plain way to do it, in which it is easier to read than in C."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

#: The first of the repairs of a hit that stands for a folded character; those before it are kinds of gaps.
FOLDED = 7

#: More than the bits of all repairs.
REPAIRS = 512

#: Where a form may be a member of a series: behind a separator, in front of one, anywhere, before brackets; and what a sign stands for,
#: a series whose terms may all be in pieces.
LEFT, RIGHT, ANYWHERE, BRACKETS, LISTED = (1 << bit for bit in range(5))
MEMBER = LEFT | RIGHT | ANYWHERE | BRACKETS

#: Hits, and a bit for each rule or way of each.
Asked: TypeAlias = tuple[Sequence[int], Sequence[int]]

Numbers: TypeAlias = "array[int] | memoryview"


class Hits(NamedTuple):
    """The places `text[start:end]` and the numbers of their forms, leftmost first and at one place the longest first.

    A number of `trie.forms` or more is that of a form with 的 in it: `trie.forms` plus the number of the form. A number below 0 stands for
    a name that is no form.
    """

    starts: array[int]
    ends: array[int]
    forms: array[int]


def asked(text: str, hits: Hits, rules: Numbers, before: Numbers, after: Numbers) -> tuple[list[int], list[int]]:
    """The places of the hits with a rule that holds where they stand, and these rules.

    `rules[form]` has a bit for each rule, `before[code point]` and `after[code point]` those that hold behind and in front of a character;
    the last is for code points beyond and for the ends of the text.
    """
    found, whys = [], []
    for hit, (start, end, form) in enumerate(zip(*hits, strict=True)):
        left = ord(text[start - 1]) if start else len(before)
        right = ord(text[end]) if end < len(text) else len(after)
        why = rules[form] & (before[min(left, len(before) - 1)] | after[min(right, len(after) - 1)]) if form >= 0 else 0
        if why:
            found.append(hit)
            whys.append(why)
    return found, whys


def longest(hits: Hits, owners: Numbers, told: Sequence[int], terms: Sequence[int]) -> array[int]:
    """For each hit the hit that hides it, which is the hit itself if it is kept, the leftmost first and of these the longest.

    `owners[form]` is the term of a form, `terms` are those of the hits `told`; a term below 0 takes no part. The result is -1 for that and
    for a shorter form inside a longer one of the same term, which is not worth telling.
    """
    term = [owners[form] if form >= 0 else -1 for form in hits.forms]
    for hit, other in zip(told, terms, strict=True):
        term[hit] = other
    winners = array("i")
    end, winner = 0, -1
    for hit, start in enumerate(hits.starts):
        if term[hit] < 0:
            winners.append(-1)
        elif winner < 0 or start >= end:
            end, winner = hits.ends[hit], hit
            winners.append(hit)
        else:
            winners.append(winner if term[hit] != term[winner] else -1)
    return winners


def adjoining(hits: Hits, winners: Numbers, reach: int) -> list[int]:
    """The kept hits that begin at most `reach` characters behind the end of the kept one before; `winners` are those of `longest`."""
    found, end = [], -1 - reach
    for hit, winner in enumerate(winners):
        if winner == hit:
            if hits.starts[hit] <= end + reach:
                found.append(hit)
            end = hits.ends[hit]
    return found


def mended(
    original: str, hits: Hits, gap_starts: Numbers, gap_shifts: Numbers, gap_kinds: bytes, marks: Numbers
) -> array[int]:
    """For each hit a bit for each kind of repair that it needed: those of the gaps in it, and from FOLDED on what `marks` says of the code
    points of the original that stand there. Gaps are those of `Cleaned`.
    """
    repairs = array("H")
    gap = 0
    for start, end in zip(hits.starts, hits.ends, strict=True):
        while gap < len(gap_starts) and gap_starts[gap] <= start:
            gap += 1
        bits, following = 0, gap
        for at in range(start, end):
            while following < len(gap_starts) and gap_starts[following] <= at:
                bits |= 1 << gap_kinds[following]
                following += 1
            code = ord(original[at + (gap_shifts[following - 1] if following else 0)])
            mark = marks[code] if code < len(marks) else 0
            bits |= mark and 1 << FOLDED + mark - 1
        repairs.append(bits)
    return repairs


def coded(hits: Hits, winners: Numbers, mended: Numbers) -> list[int]:
    """For each hit that `longest` did not leave out one number, the same for equal ones: its form times 3, plus 0 if it is kept, 1 if it
    lies in a kept one and 2 if across one, all this times REPAIRS, plus its repairs.
    """
    return [
        (form * 3 + (0 if winner == hit else 1 if end <= hits.ends[winner] else 2)) * REPAIRS + bits
        for hit, (end, form, winner, bits) in enumerate(zip(hits.ends, hits.forms, winners, mended, strict=True))
        if winner >= 0
    ]
