"""What the matcher reads: folded text without noise, and for each place the place in the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from envterms.normalizing.annotations import is_reading
from envterms.normalizing.folding import fold

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

#: Stands in the normalized text where no term may run on: a blank line, a table cell, an indented paragraph.
HARD_BREAK = "\n"

_NOISE = re.compile(
    r"""(?P<invisible>[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff]+)
      |  (?P<quote>[“”„"‘’'「」『』﹁﹂﹃﹄〝〞＂＇]+)
      |  (?P<space>[\s\u2800\u3164]+)
      |  [(（] (?P<annotation>[a-z\u00c0-\u024f\u0251\u0261\u0300-\u036f\u1e00-\u1eff0-5\s\u200b\ufeff'’·-]{1,40}) [)）]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_INDENTED = re.compile("[\n\r\u2028\u2029][ \u00a0]*\u3000{2}")
_NOT_HAN = re.compile(f"[^{HAN}]+")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Folded text without quotes, readings, invisible characters and soft white space.

    Each gap is a run of characters of the original that was left out: `gap_starts[i]` is the place in `text` before which it lay,
    `gap_shifts[i]` what to add from there on to come to the original. Clean text has no gaps and costs nothing.
    `repairs` counts the noise that was left out: `reading` and `invisible`.
    """

    text: str
    gap_starts: tuple[int, ...] = ()
    gap_shifts: tuple[int, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)

    def original(self, position: int) -> int:
        """The offset in the original text of the character at `position`."""
        gap = bisect_right(self.gap_starts, position) - 1
        return position + self.gap_shifts[gap] if gap >= 0 else position

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original that reaches from the first to the last character of `[start, end)`.

        Noise between them lies inside, noise around them outside.
        """
        return self.original(start), self.original(end - 1) + 1


def normalize(text: str) -> NormalizedText:
    """Folds and cleans `text` (DESIGN: drop invisible characters, strip readings, fold, join white space inside terms).

    >>> clean = normalize("藍(lán)天\\n保衛戰(zhàn)(PM2.5)")
    >>> clean.text, clean.original_span(0, 5)
    ('蓝天保卫战(pm2.5)', (0, 11))
    """
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    repairs: Counter[str] = Counter()
    taken = written = 0  # how far the original was taken up, how long the normalized text is
    for noise in _NOISE.finditer(text):
        kind = noise.lastgroup
        start, end = noise.span()
        if kind == "annotation":
            if not is_reading(noise["annotation"], ("".join(pieces[-2:]) + text[taken:start]).rstrip()):
                continue
            repairs["reading"] += 1
        elif kind == "invisible":
            repairs["invisible"] += 1
        kept = text[taken:start]
        if kind == "space" and _is_hard(noise[0]):
            kept += HARD_BREAK
            # The break stands for the first white-space character, so only the others are a gap.
            start += 1
        pieces.append(kept)
        written += len(kept)
        taken = end
        if end > start:
            if starts and starts[-1] == written:
                shifts[-1] = taken - written
            else:
                starts.append(written)
                shifts.append(taken - written)
    if not pieces:
        return NormalizedText(fold(text))
    pieces.append(text[taken:])
    return NormalizedText(fold("".join(pieces)), tuple(starts), tuple(shifts), dict(repairs))


def count_han(text: str) -> int:
    """How many Han characters `text` holds."""
    return len(_NOT_HAN.sub("", text))


def _is_hard(space: str) -> bool:
    if space == " ":
        return False
    return "\t" in space or "\x0c" in space or len(_NEWLINE.findall(space)) > 1 or _INDENTED.search(space) is not None
