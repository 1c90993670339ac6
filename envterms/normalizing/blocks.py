"""Texts of any size in blocks, cut where no rule looks across: what is found in the blocks is what is found in the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from envterms.engine.cleaning import is_hard
from envterms.normalizing.noise import REACHES, begins_noise, noise_over

#: About how many characters a block has: few enough for the cache of a processor, many enough that NumPy pays.
BLOCK = 1 << 18

_TITLE = 1000  # characters before a sentence end in which no title may have been opened
_TRIES = 1000
_AHEAD = max(REACHES.values())  # characters that must be known on both sides to tell whether a tag runs over a place
_ENDLESS = 1 << 20  # characters without any place to cut, as no prose has


def blocks(pieces: Iterable[str], size: int = BLOCK) -> Iterator[str]:
    """The text that the pieces make, cut into blocks of about `size` characters.

    It is cut at the last hard break (a blank line, an indented paragraph) before `size`, or else behind the last sentence; a text that has
    neither for very long is cut anywhere.
    """
    rest = ""
    for piece in pieces:
        rest += piece
        while cut := _place_to_cut(rest, size, len(rest) - _AHEAD):
            yield rest[:cut]
            rest = rest[cut:]
    while cut := _place_to_cut(rest, size, len(rest)):
        yield rest[:cut]
        rest = rest[cut:]
    if rest:
        yield rest


def place_to_cut(text: str) -> int:
    """A place where a text may be cut of which this is a piece, as `blocks` cuts it; 0 if there is none of which enough is known."""
    place = _place_before(text, len(text) - _AHEAD)
    return place if place > _AHEAD else 0


def _place_to_cut(text: str, size: int, known: int) -> int:
    """The place to cut a text of which only what follows `known` characters may be cut by the end of a piece; 0 if there is none."""
    if known <= size:
        return 0
    cut = _place_before(text, size)
    if not cut and known > 2 * size:
        cut = _place_before(text, known) or (known if known > max(_ENDLESS, 2 * size) else 0)
    return cut if cut < len(text) else 0


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
