"""What the matcher reads: folded text without noise, and for each place the place in the original."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from envterms import engine
from envterms.normalizing.folding import FOLDED, HAN, marks, ranges
from envterms.normalizing.noise import KINDS, noise_at, noise_of

_COUNTED = {kind: KINDS.index(kind) for kind in ("reading", "invisible", "symbol", "markup", "escape")}


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Folded text without quotes, readings, invisible characters, tags, symbols and soft white space.

    Each gap is a run of characters of the original that was left out: `gap_starts[i]` is the place in `text` before which it lay,
    `gap_shifts[i]` what to add from there on to come to the original, `gap_kinds[i]` what it was, as a place in KINDS. `widths` gives the
    length in the original of those characters that stand for several (&#25112;). `repairs` counts the noise that was left out: `reading`,
    `invisible`, `symbol`, `markup` and `escape`.
    """

    text: str
    gap_starts: array[int] = field(default_factory=lambda: array("i"))
    gap_shifts: array[int] = field(default_factory=lambda: array("i"))
    gap_kinds: bytes = b""
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

    def mended(self, hits: engine.Hits, original: str) -> array[int]:
        """For each hit the bits that `repairs_of` reads: what had to be mended inside it."""
        bits = engine.mended(original, hits, self.gap_starts, self.gap_shifts, self.gap_kinds, marks())
        entities = sorted(self.widths)
        for hit, (start, end) in enumerate(zip(hits.starts, hits.ends, strict=True)) if entities else ():
            if bisect_left(entities, end) > bisect_left(entities, start):
                bits[hit] |= 1 << KINDS.index("markup")
        return bits

    def repairs_in(self, start: int, end: int, original: str) -> tuple[str, ...]:
        """What had to be mended inside `[start, end)`: kinds of gaps, and `script` or `width` where characters were folded."""
        span = engine.Hits(array("i", [start]), array("i", [end]), array("i", [0]))
        return repairs_of(self.mended(span, original)[0])


@cache
def repairs_of(bits: int) -> tuple[str, ...]:
    """The names of what was mended."""
    return tuple(sorted(name for place, name in enumerate((*KINDS, *FOLDED[1:])) if bits & 1 << place))


def normalize(text: str, repair: bool = True) -> NormalizedText:
    """Folds and cleans `text` (drops invisible characters, strips readings, folds, joins white space inside terms).

    Without `repair` the text is only folded and quotes are skipped, which is a way of writing and not noise.

    >>> clean = normalize("藍(lán)天\\n保<b>衛</b>戰(zhàn)(PM2.5)")
    >>> clean.text, clean.original_span(0, 5), clean.repairs_in(0, 5, "藍(lán)天\\n保<b>衛</b>戰(zhàn)(PM2.5)")
    ('蓝天保卫战(pm2.5)', (0, 18), ('markup', 'reading', 'script', 'space'))
    """
    cleaned = engine.clean(text, noise_of(text, repair), partial(noise_at, text))
    repairs = {kind: number for kind, place in _COUNTED.items() if (number := cleaned.gap_kinds.count(place))}
    return NormalizedText(*cleaned, repairs)


def plain_text(text: str) -> str:
    """The text of `normalize` alone, which takes less time."""
    return engine.clean(text, noise_of(text), partial(noise_at, text)).text


def normalize_each(texts: Sequence[str]) -> list[str]:
    """The normalized texts of short texts, all of them at once, with a character between them that no text has."""
    plain = plain_text("\0".join(texts)).split("\0") if texts else []
    return plain if len(plain) == len(texts) else [plain_text(text) for text in texts]


def count_han(text: str) -> int:
    """How many Han characters `text` holds."""
    return engine.total(_han_weights(), text)


@cache
def _han_weights() -> bytes:
    weights = bytearray(0x40001)
    for codes in ranges(HAN):
        weights[codes.start : codes.stop] = b"\1" * len(codes)
    return bytes(weights)
