"""Open classes that no list can hold: titles in 《…》, document numbers, 美丽 with a place, 第N轮督察, numbered formulae in quotes.

A pattern of the lexicon is made of literals around one slot, never of a regular expression of the user's; each kind of slot is one
expression here, of bounded length, so that no text makes it slow.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import compress

from envterms.lexicon.model import Pattern
from envterms.matching.candidates import Candidate, Form
from envterms.normalizing import KINDS, NormalizedText, normalize_each

_NUMERALS = frozenset("一二三四五六七八九十两百0123456789")
_NUMERAL = r"(?:[一二三四五六七八九十两百]{1,4}|\d{1,3})"
_SLOTS = {
    "numeral": _NUMERAL,
    "numbered": rf"{_NUMERAL}(?:[个大项][\u4e00-\u9fff]{{2,4}}|(?:[+×](?:{_NUMERAL}|n|x)){{1,3}})",
}
_PLACE_KINDS = ("省", "市", "州", "县", "区", "旗", "盟", "自治州", "自治区", "自治县")
_COUNTRY = ("全国", "国家")
_LONGEST_PLACE = 10  # characters before a term
_SMALL_PLACE = "(?![的又而和与之好大小新])[\u4e00-\u9fff]{1,3}[市县州旗]"
_IS_QUOTE = bytes(kind == KINDS.index("quote") for kind in range(256))  # of kinds of gaps
_OPENING = frozenset("“‘\"'「『﹁﹃〝＂")
_CLOSING = frozenset("”’\"'」』﹂﹄〞＂")
_NUMBER = 12  # characters of 〔2018〕第1234号 before its last
_VERSION = re.compile(r"\([^()]{1,20}\)$")  # （试行）, （2021-2025年）


class Patterns:
    """The patterns of the lexicon, made ready."""

    def __init__(self, patterns: Iterable[Pattern], places: Sequence[str]) -> None:
        known = _Places(places)
        self._ready = [_Ready(pattern, known) for pattern in patterns]
        endings = [word for ready in self._ready if ready.pattern.slot == "term" for word in ready.ends]
        self._shortest = min(map(len, endings), default=0)
        self._endings: dict[str, tuple[str, ...]] = {}  # by what they begin with
        for word in endings:
            self._endings[word[: self._shortest]] = (*self._endings.get(word[: self._shortest], ()), word)
        #: What may stand behind a term that a pattern extends.
        self.extensions = frozenset(word[0] for word in endings if word)
        self._slots = {ready.pattern.slot for ready in self._ready}
        self._words = {word for ready in self._ready for word in ready.signs}
        #: Words that stand wherever some patterns match. A character is sought faster by itself: in the trie it may begin anything.
        self.signs = sorted(word for word in self._words if len(word) > 1)

    def find(
        self,
        original: str,
        normalized: NormalizedText,
        terms: Iterable[tuple[int, int]],
        signs: Mapping[str, Sequence[int]],
    ) -> Iterator[Candidate]:
        """Every place where a pattern matches, as a candidate whose term is the matched name; `terms` are the places of those that a
        pattern may extend, `signs` those of the `signs`.
        """
        text = normalized.text
        places = {word: signs.get(word, ()) if len(word) > 1 else _places(text, word) for word in self._words}
        titles = list(_titles(text)) if "title" in self._slots else []
        extended = [
            (start, end)
            for start, end in terms
            if text.startswith(self._endings.get(text[end : end + self._shortest], ()), end)
        ]
        for ready in self._ready:
            if ready.pattern.slot == "term":
                yield from ready.extend(text, extended)
            elif ready.pattern.slot == "number":
                yield from ready.numbers(text)
            elif ready.pattern.slot == "title":
                yield from ready.find(original, normalized, titles)
            else:
                yield from ready.find(original, normalized, ready.spans(normalized, places))


class _Places:
    """Names of places, with or without what kind of place it is; an expression of hundreds of them would take long to make."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(normalize_each(list(names)))
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._whole = self._names.union(_COUNTRY)
        self._last = frozenset(name[-1:] for name in (*self._names, *_PLACE_KINDS, *_COUNTRY))

    def before(self, text: str, end: int) -> int:
        """Where the longest one that ends at a place begins, which may be the country; that place if there is none."""
        if text[end - 1 : end] not in self._last:
            return end
        stops = [end - len(kind) for kind in _PLACE_KINDS if text.endswith(kind, 0, end)]
        for start in range(max(0, end - _LONGEST_PLACE), end):
            if text[start:end] in self._whole:
                return start
            for stop in stops:
                if text[start:stop] in self._names:
                    return start
        return end

    def behind(self, text: str, start: int) -> int:
        """Where the longest one that begins at a place ends; that place if there is none."""
        names = (text[start : start + length] for length in self._lengths)
        end = start + len(next((name for name in names if name in self._names), ""))
        kinds = (end + len(kind) for kind in _PLACE_KINDS if text.startswith(kind, end))
        return next(kinds, end) if end > start else start


class _Ready:
    def __init__(self, pattern: Pattern, places: _Places) -> None:
        self.pattern = pattern
        self.ends = tuple(sorted(normalize_each(pattern.after), key=len, reverse=True))
        self.lacks = tuple(normalize_each(pattern.lacks))
        self.by_quotes = bool(pattern.quoted) and pattern.slot != "title"
        self.before = tuple(normalize_each(pattern.before))
        self.beginnings = self._beginnings()
        numeral = pattern.slot == "numeral"
        self.behind = frozenset(word[0] for word in self.ends if word) if numeral else frozenset()
        self.reach = max(map(len, self.before), default=0) + 4  # up to the end of a numeral
        self.by_numeral = pattern.slot in ("numeral", "numbered") and not pattern.before
        longer = min(map(len, self.ends), default=0) > min(map(len, self.beginnings), default=0) > 0
        self.by_ends = numeral and longer  # since a longer word is rarer
        #: Words of which one stands wherever the pattern matches.
        self.signs = self.ends if self.by_ends else self.beginnings
        self.places = places

    def _beginnings(self) -> tuple[str, ...]:
        """What the matches begin with; not of those that are sought at terms, quotes or marks."""
        if self.by_quotes or self.pattern.slot not in ("numeral", "numbered", "place"):
            return ()
        if self.pattern.slot == "numeral":
            return tuple(word + numeral for word in self.before for numeral in sorted(_NUMERALS))
        return self.before

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What stands in the slot and before it, of a place that is not known by its name."""
        before = _one_of(self.pattern.before)
        match self.pattern.slot:
            case "number":
                return re.compile(r"[〔\[(【]((?:19|20)\d\d)[〕\])】]第?(\d{1,4})号\Z")
            case "place":
                return re.compile(f"({before}(?:{_SMALL_PLACE}))")
            case slot:
                return re.compile(f"({before}(?:{_SLOTS[slot]}){_one_of(self.pattern.after)})")

    @cached_property
    def holds(self) -> re.Pattern[str]:
        """One of the words that a name must hold."""
        return re.compile(_one_of(self.pattern.holds))

    @cached_property
    def code(self) -> re.Pattern[str]:
        """The letters of an office before the number of a document."""
        before, holds = _one_of(self.pattern.before), _one_of(self.pattern.holds)
        return re.compile(rf"(?:^|[^\u4e00-\u9fff]|{holds})({before}{{2,10}})\Z")

    def find(self, original: str, normalized: NormalizedText, spans: Iterable[tuple[int, int]]) -> Iterator[Candidate]:
        """The names among the spans, some of which are empty, of two that overlap the first."""
        text = normalized.text
        taken, quoted = 0, self.pattern.quoted
        for start, end in spans:
            if start == end or start < taken:
                continue
            if quoted:  # the quotes, which normalized text does not have, say where the name ends
                end = _quoted_end(original, normalized, start, end)
            taken = end if end > start else start + 1
            name = text[start:end]
            if name and self._fits(name):
                yield Candidate(start, end, Form(name, name, name, "pattern", self.pattern.pattern))

    def spans(self, normalized: NormalizedText, places: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int]]:
        """Where names may stand, in reading order; `places` are those of the signs."""
        text = normalized.text
        if self.by_quotes:
            starts: Iterable[int] = self._quoted(normalized)
        else:
            signs = (place for word in self.signs for place in places[word])
            starts = sorted(self._begun(text, signs) if self.by_ends else signs)
        if self.pattern.slot == "place":
            return (self._place_at(text, start) for start in starts)
        if self.behind:  # most ordinals are told by a look
            starts = (start for start in starts if not self.behind.isdisjoint(text[start : start + self.reach + 1]))
        return (found.span(1) for start in starts if (found := self.expression.match(text, start)))

    def _begun(self, text: str, ends: Iterable[int]) -> set[int]:
        """The places where what begins a name stands before what ends it, with room for the numeral."""
        starts = {start for end in ends for start in range(max(0, end - self.reach), end)}
        return {start for start in starts if text.startswith(self.beginnings, start)}

    def _place_at(self, text: str, start: int) -> tuple[int, int]:
        """Where the place that begins there with what stands before it; twice the same if there is none."""
        for word in self.beginnings:
            end = self.places.behind(text, start + len(word)) if text.startswith(word, start) else start
            if end > start + len(word):
                return start, end
        small = self.expression.match(text, start)
        return small.span(1) if small else (start, start)

    def _quoted(self, normalized: NormalizedText) -> list[int]:
        """The places behind quotes, where a name may begin."""
        text, starts, kinds = normalized.text, normalized.gap_starts, normalized.gap_kinds
        quotes = [*compress(starts, kinds.translate(_IS_QUOTE))]
        if not self.by_numeral:
            return quotes
        while quotes and quotes[-1] == len(text):
            quotes.pop()
        return [*compress(quotes, map(_NUMERALS.__contains__, map(text.__getitem__, quotes)))]

    def numbers(self, text: str) -> Iterator[Candidate]:
        """Numbers of documents, written alike: 环发[2015]178号 is 环发〔2015〕178号."""
        for place in _places(text, "号"):
            if not text[place - 1 : place].isdecimal():
                continue
            found = self.expression.search(text, max(0, place - _NUMBER), place + 1)
            code = self.code.search(text[max(0, found.start() - 16) : found.start()]) if found else None
            if found is not None and code is not None:
                name = f"{code[1]}〔{found[1]}〕{found[2]}号"
                start = found.start() - len(code[1])
                yield Candidate(start, found.end(), Form(name, name, name, "pattern", self.pattern.pattern))

    def extend(self, text: str, terms: Iterable[tuple[int, int]]) -> Iterator[Candidate]:
        """A term with what makes a name of it behind it, and a place in front: 重庆市|大气污染防治|条例."""
        for first, last in terms:
            if last - first < 3 or not text.startswith(self.ends, last):
                continue
            end = last + len(next(word for word in self.ends if text.startswith(word, last)))
            if text.startswith(self.lacks, end):
                continue
            start = self.places.before(text, first)
            name = text[start:end]
            yield Candidate(start, end, Form(name, name, name, "pattern", self.pattern.pattern))

    def _fits(self, name: str) -> bool:
        if self.pattern.slot == "title":
            title = _VERSION.sub("", name) if name.endswith(")") else name
            if not title.endswith(self.ends):
                return False
        return self.holds.search(name) is not None and not any(word in name for word in self.lacks)


@cache
def _title() -> re.Pattern[str]:
    return re.compile(r"《([^《》\n]{4,80})》")


def _titles(text: str) -> Iterator[tuple[int, int]]:
    return (found.span(1) for place in _places(text, "《") if (found := _title().match(text, place)))


def _places(text: str, word: str) -> list[int]:
    places = []
    place = text.find(word)
    while place >= 0:
        places.append(place)
        place = text.find(word, place + 1)
    return places


def _one_of(words: Iterable[str]) -> str:
    texts = sorted(normalize_each(list(words)), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, texts))})" if texts else ""


def _quoted_end(original: str, normalized: NormalizedText, start: int, end: int) -> int:
    """The last place up to `end` such that what stands from `start` up to there is in quotes; `start` if there is none."""
    gaps, shifts = normalized.gap_starts, normalized.gap_shifts
    first = bisect_right(gaps, start)
    closing = start
    if first and original[start + shifts[first - 1] - 1] in _OPENING:
        for gap in range(first, bisect_right(gaps, end)):
            place = gaps[gap]
            if place > start + 2 and place > gaps[gap - 1]:  # of gaps at one place the first one begins there
                last = place - 1 + shifts[gap - 1] + normalized.widths.get(place - 1, 1)
                closing = place if original[last : last + 1] in _CLOSING else closing
    return closing
