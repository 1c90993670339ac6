"""How noise is left out of a text: what the engines agree on, and the way without a compiler."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

#: How many code points the table of classes has places for, the last for all beyond.
CODES = 0x10000

#: Classes of noise by the character that it begins with. The first three are left out in runs, COMPLEX is asked about; a bracket is if a
#: LETTER follows, and a mark if it is doubled.
INVISIBLE, QUOTE, SPACE, COMPLEX, BRACKET, DOUBLE = range(1, 7)
CLASS, LETTER = 0x7F, 0x80

#: What stands for no letter.
IGNORED, BLANK = 1, 2

#: The letters of the longest syllable.
SYLLABLE = 6

#: Kinds of what is left out beside these of INVISIBLE, QUOTE and SPACE, as places in `noise.KINDS`, and that of what belongs to the text.
READING, MARKUP, KEPT = 3, 5, -1

#: Characters that are shown before what is asked about.
NEAR = 40

_SHORT = 64  # characters of white space that is worth remembering
_MARKS = frozenset("<&\\")
_LONG = 256  # characters of markup that is worth remembering
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_INDENTED = re.compile("[\n\r\u2028\u2029][ \u00a0]*\u3000{2}")

#: Given a place and, at a bracket, the characters before it that were kept: the end of the noise there, its kind and what stands in its
#: place, or None.
Ask = Callable[[int, str], tuple[int, int, str] | None]


class Noise(NamedTuple):
    """What may be noise: `classes[code point]` is the class of what begins there, and LETTER if it may stand in a reading.

    Of readings of a syllable an engine may know by itself: `letters[code point]` is its letter without tone, IGNORED, BLANK, or 0 where an
    engine must ask; `readings` are the keys of syllables and characters in rising order, see `reading_key`. What is no noise becomes
    `folded[code point]`, beyond the table it stays. `blocks` and `inlines` are the names of the tags at which a line ends and of those in a
    line, each with a blank on both sides.
    """

    classes: bytes
    letters: bytes
    readings: memoryview
    folded: memoryview
    blocks: bytes
    inlines: bytes


class Cleaned(NamedTuple):
    """A text without its noise, folded.

    Each gap is a run that was left out: its place in `text`, what to add from there on to come to the original, and its kind; the classes
    INVISIBLE, QUOTE and SPACE are the kinds 0, 1 and 2. `widths` gives the length in the original of those characters of `text` that stand
    for several (&#25112;).
    """

    text: str
    gap_starts: array[int]
    gap_shifts: array[int]
    gap_kinds: bytes
    widths: Mapping[int, int]


def clean_at(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without noise, not yet folded; all but runs without markup behind them is asked about."""
    pieces: list[str] = []
    starts, shifts, kinds = array("i"), array("i"), bytearray()
    widths: dict[int, int] = {}
    taken = written = 0  # how far the text was taken up, how long the result is
    near = ""  # its last characters
    for run in _beginnings(noise.classes).finditer(text):
        (at, end), found = run.span(), run.lastindex or 0
        if at < taken:
            continue
        stand = ""
        if found < SPACE or (found == SPACE and text[end : end + 1] not in _MARKS):
            kind = found - 1
            if found == SPACE and is_hard(run[0]):
                stand = "\n"
        else:
            before = near + text[max(taken, at - NEAR) : at]
            told = ask(at, before[-NEAR:])
            if told is None:
                continue
            end, kind, stand = told
        kept = text[taken : at if kind >= 0 else end] + stand
        pieces.append(kept)
        near = (near + kept[-NEAR:])[-NEAR:]
        written += len(kept)
        taken = end
        if kind >= 0 and text[at] == "&" and stand not in ("", "\n"):
            widths[written - 1] = end - at
        if kind >= 0 and end > at + len(stand):
            starts.append(written)
            shifts.append(taken - written)
            kinds.append(kind)
    return Cleaned("".join([*pieces, text[taken:]]), starts, shifts, bytes(kinds), widths)


@cache
def _beginnings(classes: bytes) -> re.Pattern[str]:
    """What noise may begin with; the number of the group is its class."""
    runs = [f"({_set(classes, found)}+)" for found in (INVISIBLE, QUOTE, SPACE)]
    letter = _set(classes, LETTER, LETTER)
    others = [f"({_set(classes, found)})" for found in (COMPLEX, BRACKET, DOUBLE)]
    return re.compile("|".join([*runs, others[0], f"{others[1]}(?={letter})", f"{others[2]}(?=\\{DOUBLE})"]))


def _set(classes: bytes, found: int, bits: int = CLASS) -> str:
    """The characters of a class as a set of a regular expression."""
    table = classes.translate(bytes(int(byte & bits == found) for byte in range(256)))
    spans = (span.span() for span in re.finditer(b"\1+", table))
    ranges = [f"\\U{start:08x}-\\U{end - 1 if end < CODES else 0x10FFFF:08x}" for start, end in spans]
    return f"[{''.join(ranges)}]" if ranges else "(?!)"


def reading_key(syllable: str, character: str) -> int:
    """The key of a syllable of the letters a to z, at most SYLLABLE of them, as reading of a character."""
    number = 0
    for letter in syllable:
        number = number * 27 + ord(letter) - ord("a") + 1
    return number << 21 | ord(character)


def is_hard(space: str) -> bool:
    """Whether no term runs on across this white space."""
    return (_known_hard if len(space) < _SHORT else _known_hard.__wrapped__)(space)


@lru_cache(1 << 12)
def _known_hard(space: str) -> bool:
    if space == " ":
        return False
    return "\t" in space or "\x0c" in space or len(_NEWLINE.findall(space)) > 1 or _INDENTED.search(space) is not None


def unescaped(text: str) -> str:
    """The text with what its entities stand for.

    The list of their names is loaded only where one may stand, since that takes a third as long as to count a page.
    """
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


def common_markup(text: str, at: int, noise: Noise) -> tuple[int, int, str] | None:
    """What `Ask` gives at a place for white space, tags and entities if they are common ones; None if it must be asked."""
    run = _runs(noise.classes).match(text, at)
    if run is None:
        return _entity_at(text, at, noise.classes)
    written, end = run[0], run.end()
    read = (_read if len(written) < _LONG else _read.__wrapped__)(written, noise.blocks, noise.inlines)
    if read is None or (text[end : end + 1] in _MARKS and _entity_at(text, end, noise.classes) is None):
        return None
    return end, *read


@cache
def _runs(classes: bytes) -> re.Pattern[str]:
    """White space, also where it is written as entities, and what may be tags."""
    blank = "&(?:nbsp|ensp|emsp|thinsp|#10|#13|#32|#160|#12288);"
    return re.compile(f"(?:{_set(classes, SPACE)}+|<[^<>]{{1,400}}>|{blank})+")


@lru_cache(1 << 13)
def _read(run: str, blocks: bytes, inlines: bytes) -> tuple[int, str] | None:
    """The kind of a run of white space and tags, and what stands in its place; None if a tag is no common one."""

    white, taken = "", 0
    for tag in _tags().finditer(run):
        name, closing = f" {tag[2].lower()} ".encode(), tag[1]
        is_block = name in blocks
        if not (is_block or name in inlines) or (name in (b" script ", b" style ") and not closing):
            return None
        breaks = 2 if is_block else int(name == b" br " and not closing)
        white += unescaped(run[taken : tag.start()]) + breaks * "\n"
        taken = tag.end()
    white += unescaped(run[taken:])
    if "<" in white:
        return None
    return MARKUP if taken or "&" in run else SPACE - 1, "\n" * is_hard(white)


@cache
def _tags() -> re.Pattern[str]:
    return re.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[ \t\r\n/][^<>]*)?>")


def _entity_at(text: str, at: int, classes: bytes) -> tuple[int, int, str] | None:
    """A character at a place that is written as an entity."""
    entity = _entities().match(text, at)
    stand = entity and _character(entity[0], classes)
    return None if entity is None or stand is None else (entity.end(), MARKUP, stand)


@cache
def _entities() -> re.Pattern[str]:
    return re.compile("&(?:[a-zA-Z][a-zA-Z0-9]{1,7}|#[0-9]{2,7}|#x[0-9a-fA-F]{2,6});")


@lru_cache(1 << 13)
def _character(entity: str, classes: bytes) -> str | None:
    """What stands in the place of an entity, None if that is not plainly one character or white space."""
    character = unescaped(entity)
    if len(character) != 1 or character == "&":
        return None
    found = classes[min(ord(character), CODES - 1)] & CLASS
    return None if found == SPACE else "" if found in (INVISIBLE, QUOTE) else character
