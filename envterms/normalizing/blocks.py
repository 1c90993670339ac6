"""Texts of any size in blocks, cut where no rule looks across: what is found in the blocks is what is found in the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from itertools import chain, islice
from typing import TypeAlias

from envterms.engine.cleaning import is_hard
from envterms.normalizing.noise import REACHES, begins_noise, noise_over

#: About how many characters a block has: few enough for the cache of a processor, many enough that NumPy pays.
BLOCK = 1 << 18

_TITLE = 1000  # characters before a sentence end in which no title may have been opened
_TRIES = 1000
_AHEAD = max(REACHES.values())  # characters that must be known on both sides to tell whether a tag runs over a place
_ENDLESS = 1 << 20  # characters without a break or sentence end, as no prose has

# What such a text is rather cut behind, the best first; in the end any character will do.
_MARKS = ("；", "！", "？", ";", "!", "?", "，", ",", "、", "\n", " ")
_TRIES_APART = 50  # of each, since they are dear
_BESIDE = 1000  # characters on both sides that tell whether anything is found across a place

#: Given a text and a place in it, whether what is found in the text is what is found before and behind the place.
Apart: TypeAlias = Callable[[str, int], bool]


class Edge(IntEnum):
    """Where a block begins: with the text, behind a break or a sentence; within a sentence where nothing is found across; or anywhere."""

    BREAK = 0
    JOINED = 1
    TORN = 2


def blocks(pieces: Iterable[str], size: int = BLOCK, apart: Apart | None = None) -> Iterator[tuple[str, Edge]]:
    """The text that the pieces make, cut into blocks of about `size` characters, each with how it is cut from the one before.

    It is cut at the last hard break (a blank line, an indented paragraph) before `size`, or else behind the last sentence; a text that has
    neither for very long is cut where `apart` allows it, and anywhere if that is nowhere.
    """
    rest, edge = "", Edge.BREAK
    for piece, margin in chain(((piece, _AHEAD) for piece in pieces), [("", 0)]):
        rest += piece
        while (cut := _place_to_cut(rest, size, len(rest) - margin, apart))[0]:
            yield rest[: cut[0]], edge
            rest, edge = rest[cut[0] :], cut[1]
    if rest:
        yield rest, edge


def place_to_cut(text: str) -> int:
    """A place where a text may be cut of which this is a piece, as `blocks` cuts it; 0 if there is none of which enough is known."""
    place = _place_before(text, len(text) - _AHEAD)
    return place if place > _AHEAD else 0


def _place_to_cut(text: str, size: int, known: int, apart: Apart | None) -> tuple[int, Edge]:
    """The place to cut a text of which only what follows `known` characters may be cut by the end of a piece; 0 if there is none."""
    if known <= size:
        return 0, Edge.BREAK
    cut = _place_before(text, size)
    if not cut and known > 2 * size:
        cut = _place_before(text, known)
        if not cut and known > _ENDLESS:
            return _place_apart(text, size, apart)
    return cut if cut < len(text) else 0, Edge.BREAK


def _place_before(text: str, limit: int) -> int:
    return _hard_break(text, limit) or _sentence_end(text, limit)


def _hard_break(text: str, limit: int) -> int:
    """The place behind the last newline of a hard break, 0 if there is none before `limit`."""
    at = limit
    for _ in range(_TRIES):
        at = text.rfind("\n", 0, at)
        if at <= 0:
            return 0
        start, end = at, at + 1
        while start and text[start - 1].isspace():
            start -= 1
        while end < len(text) and text[end].isspace():
            end += 1
        hard = end < len(text) and not begins_noise(text[end]) and is_hard(text[start:end])
        if hard and not noise_over(text, at + 1):
            return at + 1
        at = start
    return 0


def _sentence_end(text: str, limit: int) -> int:
    at = limit
    for _ in range(_TRIES):
        at = text.rfind("。", 0, at)
        if at <= 0:
            return 0
        if "《" not in text[max(0, at - _TITLE) : at] and not noise_over(text, at + 1):
            return at + 1
    return 0


def _place_apart(text: str, limit: int, apart: Apart | None) -> tuple[int, Edge]:
    """The last place up to `limit` that nothing is found across, behind one of the marks if there is such a one."""
    while noise_over(text, limit):
        limit = max(text.rfind(opening, 0, limit) for opening in REACHES)
    behind = [islice(_ends(text, mark, limit), _TRIES_APART) for mark in _MARKS]
    for place in chain(*behind, range(limit, max(0, limit - _TRIES_APART), -1)):
        start = max(0, place - _BESIDE)
        if apart and not noise_over(text, place) and apart(text[start : place + _BESIDE], place - start):
            return place, Edge.JOINED
    return max(limit, 1), Edge.TORN


def _ends(text: str, mark: str, limit: int) -> Iterator[int]:
    """The places behind a mark up to `limit`, the last first."""
    at = limit
    while (at := text.rfind(mark, 0, at)) >= 0:
        yield at + 1
