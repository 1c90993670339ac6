"""What is left out of a text: quotes, readings, invisible characters, symbols, tags, entities, white space inside terms."""

from __future__ import annotations

import re
from array import array
from functools import cache, lru_cache

from envterms import cache as kept
from envterms.engine import cleaning
from envterms.engine.cleaning import unescaped
from envterms.normalizing.annotations import is_reading, readings, toneless
from envterms.normalizing.folding import folded, folding, is_han, ranges

#: What may be left out; a number in `gap_kinds` is a place in here. The first three are the classes of noise that engines know.
KINDS = ("invisible", "quote", "space", "reading", "symbol", "markup", "escape")

#: Stands in the normalized text where no term may run on: a blank line, a table cell, an indented paragraph.
HARD_BREAK = "\n"

#: How many characters before its end something that is left out may begin, by the character that it begins with.
REACHES = {"<": 20_500, "(": 42, "（": 42}

_SPACE_KIND, _READING, _SYMBOL_KIND, _MARKUP, _ESCAPE_KIND = range(2, 7)
_SHORT = 64  # characters of a run that is worth remembering
_TEXT = -1  # the kind of what belongs to the text

# Sets of characters, written as between the brackets of a regular expression.
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
_QUOTE = "“”„\"‘’'「」『』﹁﹂﹃﹄〝〞＂＇"
_SPACE = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164"
_SYMBOL = "*＊#＃_＿※\u2500-\u259f\ufffd^"  # box drawing and blocks; arrows, dots, shapes and dingbats separate words
_LETTER = f"a-zA-Z\u00c0-\u024f\u0251\u0261\u0300-\u036f\u1e00-\u1eff0-5\u200b\ufeff'’·{_SPACE}-"
_DOUBLE = ",，、;；"
_NUMERAL = "〇零一二三四五六七八九十百千万两"
_CLASSES = {
    cleaning.INVISIBLE: _INVISIBLE,
    cleaning.QUOTE: _QUOTE,
    cleaning.SPACE: _SPACE,
    cleaning.COMPLEX: f"<&\\〇{_SYMBOL}",
    cleaning.BRACKET: "(（",
    cleaning.DOUBLE: _DOUBLE,
}
# Names of tags.
_BLOCKS = (
    " p div table tbody thead tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 hr section article header footer nav center blockquote title"
    " html head body form option select button iframe script style meta link input "
)
_INLINES = " br b strong i em u s font span a sup sub small big mark img wbr label nobr ins del o:p "
_BLOCK_NAMES, _INLINE_NAMES = _BLOCKS.encode(), _INLINES.encode()
_BLOCK = rf"(?:{'|'.join(_BLOCKS.split())})\b"
_INLINE = rf"(?:{'|'.join(_INLINES.split())}|st1:\w{{1,20}})\b"


def noise_of(text: str, repair: bool = True) -> cleaning.Noise:
    """What may be noise in a text, for `engine.clean`; without `repair` only quotes are."""
    read = repair and ("(" in text or "（" in text)
    letters, syllables = _readings() if read else (b"", memoryview(b""))
    return cleaning.Noise(classes(repair), letters, syllables, folded(), _BLOCK_NAMES, _INLINE_NAMES)


@cache
def classes(repair: bool = True) -> bytes:
    """The class of noise that each code point may begin, and whether it may stand in a reading."""
    table = bytearray(cleaning.CODES)
    for number, members in _CLASSES.items() if repair else [(cleaning.QUOTE, _QUOTE)]:
        for codes in ranges(members):
            table[codes.start : codes.stop] = bytes([number]) * len(codes)
    for code in (code for codes in ranges(_LETTER) for code in codes):
        table[code] |= cleaning.LETTER
    return bytes(table)


@cache
def _readings() -> tuple[bytes, memoryview]:
    """`letters` and `readings` of `cleaning.Noise`."""
    sections = kept.load("readings", "")
    if sections is None:
        letters = bytearray(cleaning.CODES)
        for code in (code for codes in ranges(_LETTER) for code in codes):
            letter = toneless(chr(code))
            if len(letter) == 1 and "a" <= letter <= "z":
                letters[code] = ord(letter)
            elif not letter and code != 0x308:  # the dots of ü, which make another letter of the one before
                letters[code] = cleaning.BLANK if chr(code).isspace() else cleaning.IGNORED
        alike: dict[str, list[str]] = {}
        for code, into in folding().items():
            alike.setdefault(into, []).append(chr(code))
        keys: set[int] = set()
        for syllable, characters in readings().items():
            same = [other for character in characters for other in (character, *alike.get(character, ()))]
            for written in {syllable, syllable.replace("v", "u")} if syllable[0] in "ln" else {syllable}:
                keys.update(cleaning.reading_key(written, character) for character in same)
        sections = {"letters": memoryview(letters), "readings": memoryview(array("Q", sorted(keys))).cast("B")}
        kept.store("readings", "", sections)
    return bytes(sections["letters"]), sections["readings"].cast("Q")


def noise_at(text: str, at: int, before: str = "") -> tuple[int, int, str] | None:
    """What is left out from `at` on, if it is no run of invisible characters or quotes: its end, its kind, and the character that stands
    in its place, if any; None if there is nothing. The kind -1 says that the text up to the end is none.

    `before` are the last characters of the text without what was left out of it, as many as a reading may have syllables.
    """
    first = text[at]
    if first in "(（":
        reading = _reading().match(text, at)
        return reading and (reading.end(), _READING if is_reading(reading[1], before.rstrip()) else _TEXT, "")
    if first in _DOUBLE:
        end = at + 1
        while text[end : end + 1] == first:
            end += 1
        return (end, _SYMBOL_KIND, first) if end > at + 1 else None
    if first == "〇" or first in _symbols():
        symbol_end = _symbol_end(text, at)
        return (symbol_end, _SYMBOL_KIND, "") if symbol_end else None
    if gap := _gap().match(text, at):
        run = gap[0]
        kind = _MARKUP if "<" in run or "&" in run else _ESCAPE_KIND if "\\" in run else _SPACE_KIND
        return gap.end(), kind, HARD_BREAK if _is_hard(run) else ""
    if first == "&":
        entity = _entity().match(text, at)
        character = unescaped(unescaped(entity[0])) if entity else ""
        if entity is None or len(character) > 1:
            return entity and (entity.end(), _TEXT, "")
        return entity.end(), _MARKUP, "" if _skipped().match(character) else character
    return None


def begins_noise(character: str) -> bool:
    """Whether something that is left out may begin with the character."""
    return classes()[min(ord(character), cleaning.CODES - 1)] & ~cleaning.LETTER not in (0, cleaning.DOUBLE)


def noise_over(text: str, place: int) -> bool:
    """Whether something that is left out may begin before `place` and end behind it, given that a break or a sentence end is there."""
    for opening, reach in REACHES.items():
        start = text.rfind(opening, max(0, place - reach), place)
        noise = noise_at(text, start) if start >= 0 else None
        if noise is not None and noise[0] > place:
            return True
    return False


@cache
def _reading() -> re.Pattern[str]:
    return re.compile(f"[(（]([{_LETTER}]{{1,40}})[)）]")


@cache
def _gap() -> re.Pattern[str]:
    tag = rf"""(?i: (?:script|style)\b[^<>]{{0,400}}>[^<]{{0,20000}}</(?:script|style)> | /?(?:{_BLOCK}|{_INLINE})[^<>]{{0,400}}>
        | !--(?:[^<-]|-(?!->)){{0,4000}}--> )"""
    blank = r"(?i:amp;)*(?i:nbsp|ensp|emsp|thinsp|\#0*(?:9|10|13|32|160|12288)|\#x0*(?:9|a|d|20|a0|3000));"
    escape = "[rnt](?![a-z])"  # a line break as JSON writes it
    return re.compile(rf"(?: [{_SPACE}] | <{tag} | &{blank} | \\{escape} )+", re.VERBOSE)


@cache
def _entity() -> re.Pattern[str]:
    return re.compile(r"&(?i:amp;)*(?i:[a-z][a-z0-9]{1,9}|#\d{2,7}|#x[0-9a-f]{2,6});")


@cache
def _skipped() -> re.Pattern[str]:
    return re.compile(rf"[\s{_INVISIBLE}{_QUOTE}{_SPACE}]")


@cache
def _symbols() -> frozenset[str]:
    return frozenset(chr(code) for codes in ranges(_SYMBOL) for code in codes)


@lru_cache(1 << 14)
def _is_beside(character: str) -> bool:
    """Whether it may stand beside symbols that are noise."""
    return is_han(character) or character in f"{_QUOTE}、"


def _symbol_end(text: str, at: int) -> int | None:
    """The end of up to three symbols between characters, or of the zero of a scraper that stands for none; None if there is no noise."""
    end = at + 1
    if text[at] != "〇":
        while end < at + 3 and text[end : end + 1] in _symbols():
            end += 1
    left, right = text[at - 1 : at], text[end : end + 1]
    if not left or not right:
        return None
    if text[at] == "〇" and not (is_han(left) and is_han(right) and left not in _NUMERAL and right not in _NUMERAL):
        return None
    return end if _is_beside(left) and _is_beside(right) else None


def _is_hard(run: str) -> bool:
    """Whether no term runs on across white space, tags, entities and escapes, which are read as the white space that they stand for."""
    return (_known_hard if len(run) < _SHORT else _known_hard.__wrapped__)(run)


@lru_cache(1 << 12)
def _known_hard(run: str) -> bool:
    plain = re.sub(r"(?i)<br\b[^<>]*>", "\n", re.sub(f"(?i)</?{_BLOCK}[^<>]*>", "\n\n", run))
    for written, meant in (("\\r\\n", "\n"), ("\\n", "\n"), ("\\r", "\n"), ("\\t", "\t")):
        plain = plain.replace(written, meant)
    return cleaning.is_hard(unescaped(unescaped(re.sub("<[^<>]*>", "", plain))))
