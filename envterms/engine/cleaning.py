"""How noise is left out of a text: what the engines agree on, and the way without a compiler."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple

#: How many code points the table of classes has places for, the last for all beyond.
CODES = 0x10000

#: Classes of noise by the character that it begins with. The first three are left out in runs, COMPLEX is asked about; a bracket is if a
#: LETTER follows, and a mark if it is doubled.
INVISIBLE, QUOTE, SPACE, COMPLEX, BRACKET, DOUBLE = range(1, 7)
LETTER = 0x80

_NEAR = 40  # characters that are shown before what is asked about
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_INDENTED = re.compile("[\n\r\u2028\u2029][ \u00a0]*\u3000{2}")

#: Given a place and the characters before it that were kept: the end of the noise there, its kind and what stands in its place, or None.
Ask = Callable[[int, int, str], tuple[int, int, str] | None]


class Cleaned(NamedTuple):
    """A text without its noise.

    Each gap is a run that was left out: its place in `text`, what to add from there on to come to the original, and its kind; the classes
    INVISIBLE, QUOTE and SPACE are the kinds 0, 1 and 2.
    """

    text: str
    gap_starts: array[int]
    gap_shifts: array[int]
    gap_kinds: bytes


def clean_at(places: Iterable[int], text: str, classes: bytes, ask: Ask) -> Cleaned:
    """The text without the noise that begins at some of the places, which are those of the characters of a class."""
    pieces: list[str] = []
    starts, shifts, kinds = array("i"), array("i"), bytearray()
    taken = written = 0  # how far the text was taken up, how long the result is

    def class_at(at: int) -> int:
        return classes[min(ord(text[at]), CODES - 1)] if at < len(text) else 0

    for at in places:
        if at < taken:
            continue
        found = class_at(at) & ~LETTER
        end, stand = at + 1, ""
        if found <= SPACE:
            while class_at(end) & ~LETTER == found:
                end += 1
        if found <= SPACE and not (found == SPACE and text[end : end + 1] in ("<", "&", "\\")):
            kind = found - 1
            stand = "\n" if found == SPACE and is_hard(text[at:end]) else ""
        elif (found == BRACKET and not class_at(end) & LETTER) or (found == DOUBLE and text[at] != text[end : end + 1]):
            continue
        else:
            before = "".join(pieces[-_NEAR:]) + text[max(taken, at - _NEAR) : at]
            told = ask(at, written + at - taken, before[-_NEAR:])
            if told is None:
                continue
            end, kind, stand = told
        kept = text[taken : at if kind >= 0 else end] + stand
        pieces.append(kept)
        written += len(kept)
        taken = end
        if kind >= 0 and end > at + len(stand):
            starts.append(written)
            shifts.append(taken - written)
            kinds.append(kind)
    return Cleaned("".join([*pieces, text[taken:]]), starts, shifts, bytes(kinds))


def is_hard(space: str) -> bool:
    """Whether no term runs on across this white space."""
    if space == " ":
        return False
    return "\t" in space or "\x0c" in space or len(_NEWLINE.findall(space)) > 1 or _INDENTED.search(space) is not None
