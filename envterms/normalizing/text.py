"""What the matcher reads: folded text without noise, and for each place the place in the original."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape

from envterms import engine
from envterms.normalizing.annotations import is_reading
from envterms.normalizing.folding import fold

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

#: Stands in the normalized text where no term may run on: a blank line, a table cell, an indented paragraph.
HARD_BREAK = "\n"

_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
_QUOTE = "“”„\"‘’'「」『』﹁﹂﹃﹄〝〞＂＇"
_SPACE = r"\s\u2800\u3164"
_SYMBOL = r"*＊#＃_＿\^※\u2500-\u27bf\ufffd"  # box drawing, geometric shapes, dingbats; arrows and dots separate words
_NUMERAL = "〇零一二三四五六七八九十百千万两"
_BLOCK = (
    r"(?:p|div|t[dhr]|table|tbody|thead|li|[uod]l|d[td]|h[1-6r]|section|article|header|footer|nav|center|blockquote|title|html|head"
    r"|body|form|option|select|button|iframe|script|style|meta|link|input)\b"
)
_INLINE = r"(?:br|b|strong|i|em|u|s|font|span|a|sup|sub|small|big|mark|img|wbr|label|nobr|ins|del|o:p|st1:\w{1,20})\b"
_TAG = rf"""(?i: (?:script|style)\b[^<>]{{0,400}}>[^<]{{0,20000}}</(?:script|style)> | /?(?:{_BLOCK}|{_INLINE})[^<>]{{0,400}}>
    | !--(?:[^<-]|-(?!->)){{0,4000}}--> )"""
_BLANK = r"(?i:amp;)*(?i:nbsp|ensp|emsp|thinsp|\#0*(?:9|10|13|32|160|12288)|\#x0*(?:9|a|d|20|a0|3000));"
_ESCAPE = "[rnt](?![a-z])"  # a line break as JSON writes it
_FIRST = rf"{_INVISIBLE}{_QUOTE}{_SPACE}{_SYMBOL}〇<&\\(（"
# The first set lets the search run fast over clean text; looking back then says which of its characters was met.
_NOISE_FORM = rf"""([{_FIRST}%s])
    (?: (?<=[{_INVISIBLE}]) (?P<invisible>[{_INVISIBLE}]*)
      | (?<=[{_QUOTE}]) (?P<quote>[{_QUOTE}]*)
      | (?: (?<=[{_SPACE}]) | (?<=<){_TAG} | (?<=&){_BLANK} | (?<=\\){_ESCAPE} )
        (?P<gap>(?: [{_SPACE}] | <{_TAG} | &{_BLANK} | \\{_ESCAPE} )*)
      | (?<=[(（]) (?P<annotation>(?i:[a-z\u00c0-\u024f\u0251\u0261\u0300-\u036f\u1e00-\u1eff0-5\s\u200b\ufeff'’·-]{{1,40}})) [)）]
      | (?<=[{HAN}{_QUOTE}][{_SYMBOL}]) (?P<symbol>[{_SYMBOL}]{{0,2}}) (?=[{HAN}{_QUOTE}])
      | (?<=[{HAN}]〇) (?<![{_NUMERAL}]〇) (?P<zero>) (?=[{HAN}]) (?![{_NUMERAL}])
      | (?<=&) (?P<entity>(?i:amp;)*(?i:[a-z][a-z0-9]{{1,9}}|\#\d{{2,7}}|\#x[0-9a-f]{{2,6}});)
      | (?<=[,，、;；]) (?P<doubled>\1+)
    )"""
_NOISE = re.compile(_NOISE_FORM % "", re.VERBOSE)
_DOUBLED = re.compile(r"([,，、;；])\1")
_QUOTES = re.compile(f"(?P<quote>[{_QUOTE}]+)")
_NAMES = {"gap": "space", "annotation": "reading", "zero": "symbol", "entity": "markup", "doubled": "symbol"}
_COUNTED = frozenset({"reading", "invisible", "symbol", "markup", "escape"})
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_INDENTED = re.compile("[\n\r\u2028\u2029][ \u00a0]*\u3000{2}")
_HAN = re.compile(f"[{HAN}]")
_SKIPPED = re.compile(f"[{_INVISIBLE}{_QUOTE}]")
_BLOCK_TAG = re.compile(f"</?{_BLOCK}[^<>]*>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile("<[^<>]*>")
_BEGINNING = re.compile(f"[{_FIRST}]")
_NEAR = 80  # characters before an annotation that may be what it reads, more than the longest annotation has syllables
#: How many characters before its end something that is left out may begin, by the character that it begins with.
REACHES = {"<": 20_500, "(": 42, "（": 42}


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Folded text without quotes, readings, invisible characters, tags, symbols and soft white space.

    Each gap is a run of characters of the original that was left out: `gap_starts[i]` is the place in `text` before which it lay,
    `gap_shifts[i]` what to add from there on to come to the original, `gap_kinds[i]` what it was. Clean text has no gaps and costs
    nothing. `widths` gives the length in the original of those characters that stand for several (&#25112;). `repairs` counts the
    noise that was left out: `reading`, `invisible`, `symbol`, `markup` and `escape`.
    """

    text: str
    gap_starts: tuple[int, ...] = ()
    gap_shifts: tuple[int, ...] = ()
    gap_kinds: tuple[str, ...] = ()
    widths: Mapping[int, int] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)

    def original(self, position: int) -> int:
        """The offset in the original text of the character at `position`."""
        gap = bisect_right(self.gap_starts, position) - 1
        return position + self.gap_shifts[gap] if gap >= 0 else position

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original that reaches from the first to the last character of `[start, end)`.

        Noise between them lies inside, noise around them outside.
        """
        width = self.widths.get(end - 1, 1) if self.widths else 1
        return self.original(start), self.original(end - 1) + width

    def repairs_in(self, start: int, end: int, original: str) -> tuple[str, ...]:
        """What had to be mended inside `[start, end)`: kinds of gaps, and `script` or `width` where characters were folded."""
        kinds = set(self.gap_kinds[bisect_right(self.gap_starts, start) : bisect_left(self.gap_starts, end)])
        for position in range(start, end):
            place, now = self.original(position), self.text[position]
            if position in self.widths:
                kinds.add("markup")
            elif (was := original[place]) != now and was.lower() != now:
                kinds.update({"script"} if _HAN.match(was) else {"width"} if was.isalnum() else ())
        return tuple(sorted(kinds))


def normalize(text: str, repair: bool = True) -> NormalizedText:
    """Folds and cleans `text` (DESIGN: drop invisible characters, strip readings, fold, join white space inside terms).

    Without `repair` the text is only folded and quotes are skipped, which is a way of writing and not noise.

    >>> clean = normalize("藍(lán)天\\n保<b>衛</b>戰(zhàn)(PM2.5)")
    >>> clean.text, clean.original_span(0, 5), clean.repairs_in(0, 5, "藍(lán)天\\n保<b>衛</b>戰(zhàn)(PM2.5)")
    ('蓝天保卫战(pm2.5)', (0, 18), ('markup', 'reading', 'script', 'space'))
    """
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    kinds: list[str] = []
    widths: dict[int, int] = {}
    repairs: Counter[str] = Counter()
    taken = written = 0  # how far the original was taken up, how long the normalized text is
    pattern = _QUOTES if not repair else _noise_and_doubled() if _DOUBLED.search(text) else _NOISE
    for noise in pattern.finditer(text):
        group = noise.lastgroup or ""
        kind = _NAMES.get(group, group)
        start, end = noise.span()
        if group == "annotation":
            before = "".join(pieces[-2:])[-_NEAR:] + text[max(taken, start - _NEAR) : start]
            if not is_reading(noise["annotation"], before.rstrip()):
                continue
        kept = text[taken:start]
        if group == "entity":
            character = unescape(unescape(noise[0]))
            if len(character) > 1:
                continue
            if not (
                character.isspace() or _SKIPPED.match(character)
            ):  # the character stands at the place of the first of the entity
                widths[written + len(kept)] = end - start
                kept += character
                start += 1
        elif group == "gap":
            run = noise[0]
            kind = "markup" if "<" in run or "&" in run else "escape" if "\\" in run else kind
            if is_hard(run if kind == "space" else _as_white_space(run)):
                # The break stands for the first character, so only the others are a gap.
                kept += HARD_BREAK
                start += 1
        elif group == "doubled":
            start += 1
            kept = text[taken:start]
        if kind in _COUNTED:
            repairs[kind] += 1
        pieces.append(kept)
        written += len(kept)
        taken = end
        if end > start:
            starts.append(written)
            shifts.append(taken - written)
            kinds.append(kind)
    if not pieces:
        return NormalizedText(fold(text))
    pieces.append(text[taken:])
    return NormalizedText(fold("".join(pieces)), tuple(starts), tuple(shifts), tuple(kinds), widths, dict(repairs))


@cache
def _noise_and_doubled() -> re.Pattern[str]:
    """As _NOISE, with commas among the first characters: few texts double them, and the search is slower."""
    return re.compile(_NOISE_FORM % ",，、;；", re.VERBOSE)


def count_han(text: str) -> int:
    """How many Han characters `text` holds."""
    return engine.total(_han_weights(), text)


@cache
def _han_weights() -> bytes:
    weights = bytearray(0x40001)
    for first, last in re.findall("(.)(?:-(.))?", HAN):
        codes = range(ord(first), ord(last or first) + 1)
        weights[codes.start : codes.stop] = b"\1" * len(codes)
    return bytes(weights)


def begins_noise(character: str) -> bool:
    """Whether something that is left out may begin with the character."""
    return _BEGINNING.match(character) is not None


def noise_over(text: str, place: int) -> bool:
    """Whether something that is left out may begin before `place` and end behind it, given that a break or a sentence end is there."""
    for opening, reach in REACHES.items():
        start = text.rfind(opening, max(0, place - reach), place)
        noise = _NOISE.match(text, start) if start >= 0 else None
        if noise is not None and noise.end() > place:
            return True
    return False


def is_hard(space: str) -> bool:
    """Whether no term runs on across this white space."""
    if space == " ":
        return False
    return "\t" in space or "\x0c" in space or len(_NEWLINE.findall(space)) > 1 or _INDENTED.search(space) is not None


def _as_white_space(run: str) -> str:
    """A run of tags, entities and escapes as the white space that it stands for."""
    plain = _BREAK_TAG.sub("\n", _BLOCK_TAG.sub("\n\n", run))
    for written, meant in (("\\r\\n", "\n"), ("\\n", "\n"), ("\\r", "\n"), ("\\t", "\t")):
        plain = plain.replace(written, meant)
    return unescape(unescape(_ANY_TAG.sub("", plain)))
