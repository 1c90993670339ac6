"""Open classes that no list can hold: titles in 《…》, document numbers, 美丽 with a place, 第N轮督察, numbered formulae in quotes.

A pattern of the lexicon is made of literals around one slot, never of a regular expression of the user's; each kind of slot is one
expression here, of bounded length, so that no text makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from envterms.lexicon.model import Pattern
from envterms.matching.candidates import Candidate, Form
from envterms.normalizing import KINDS, NormalizedText, normalize_each

_NUMERALS = frozenset("一二三四五六七八九十两百0123456789")
_NUMERAL = r"(?:[一二三四五六七八九十两百]{1,4}|\d{1,3})"
_SLOTS = {
    "title": r"[^《》\n]{4,80}",
    "numeral": _NUMERAL,
    "numbered": rf"{_NUMERAL}(?:[个大项][\u4e00-\u9fff]{{2,4}}|(?:[+×](?:{_NUMERAL}|n|x)){{1,3}})",
}
_PLACE_KINDS = ("省", "市", "州", "县", "区", "旗", "盟", "自治州", "自治区", "自治县")
_COUNTRY = ("全国", "国家")
_LONGEST_PLACE = 10  # characters before a term
_SMALL_PLACE = "(?![的又而和与之好大小新])[\u4e00-\u9fff]{1,3}[市县州旗]"
_QUOTE = bytes([KINDS.index("quote")])
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
        #: Words that stand wherever some patterns match.
        self.signs = sorted({word for ready in self._ready for word in ready.beginnings if len(word) > 1})

    def find(
        self,
        original: str,
        normalized: NormalizedText,
        terms: Sequence[Candidate],
        signs: Mapping[str, Sequence[int]] | None = None,
    ) -> Iterator[Candidate]:
        """Every place where a pattern matches, as a candidate whose term is the matched name; `terms` are the candidates so far, `signs`
        the places of the `signs` if they are known.
        """
        text = normalized.text
        words = {word for ready in self._ready for word in ready.beginnings}
        places = {
            word: _places(text, word) if signs is None or len(word) == 1 else signs.get(word, ()) for word in words
        }
        terms = [
            term
            for term in terms
            if text.startswith(self._endings.get(text[term.end : term.end + self._shortest], ()), term.end)
        ]
        for ready in self._ready:
            if ready.pattern.slot == "term":
                yield from ready.extend(text, terms)
            elif ready.pattern.slot == "number":
                yield from ready.numbers(text, places["号"])
            elif ready.by_quotes:
                yield from ready.find(original, normalized, ready.quoted(original, normalized))
            else:
                found = sorted(place for word in ready.beginnings for place in places[word])
                yield from ready.find(original, normalized, found)


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
        self.beginnings = self._beginnings()
        numeral = pattern.slot == "numeral"
        self.behind = frozenset(word[0] for word in self.ends if word) if numeral else frozenset()
        self.reach = max(map(len, self.beginnings), default=0) + 4  # of a numeral up to what stands behind it
        self.by_numeral = pattern.slot in ("numeral", "numbered") and not pattern.before
        self.places = places

    def _beginnings(self) -> tuple[str, ...]:
        """What the matches begin with, or a number of a document ends with; not of those that are sought at terms or quotes."""
        words = tuple(normalize_each(self.pattern.before))
        match self.pattern.slot:
            case "term":
                return ()
            case "title":  # which begins with its mark, whatever stands before it
                return ("《",)
            case "number":
                return ("号",)
            case "numeral":
                return tuple(word + numeral for word in words for numeral in sorted(_NUMERALS))
            case _:
                return () if self.by_quotes else words

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What stands in the slot and before it, of a place that is not known by its name."""
        before = _one_of(self.pattern.before)
        match self.pattern.slot:
            case "title":
                return re.compile(f"《({_SLOTS['title']})》")
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

    def find(self, original: str, normalized: NormalizedText, places: Iterable[int]) -> Iterator[Candidate]:
        """The names that begin at one of the places, of two that overlap the first."""
        text = normalized.text
        taken = 0
        for place in places:
            start, end = self._name_at(text, place) if place >= taken else (0, 0)
            if start == end:
                continue
            if self.pattern.quoted:  # the quotes, which normalized text does not have, say where the name ends
                ends = (place for place in range(end, start + 2, -1) if _is_quoted(original, normalized, start, place))
                end = next(ends, start)
            taken = max(end, start + 1)
            name = text[start:end]
            if name and self._fits(name):
                yield Candidate(start, end, Form(name, name, name, "pattern", self.pattern.pattern))

    def _name_at(self, text: str, place: int) -> tuple[int, int]:
        """Where the name that begins at a place, or behind the mark there, stands; twice the same if there is none."""
        for word in self.beginnings if self.pattern.slot == "place" else ():
            end = self.places.behind(text, place + len(word)) if text.startswith(word, place) else place
            if end > place + len(word):
                return place, end
        if self.behind and self.behind.isdisjoint(text[place : place + self.reach]):
            return place, place  # as most ordinals
        found = self.expression.match(text, place)
        return found.span(1) if found else (place, place)

    def quoted(self, original: str, normalized: NormalizedText) -> Iterator[int]:
        """The places behind an opening quote, where a name may begin."""
        text, starts, shifts = normalized.text, normalized.gap_starts, normalized.gap_shifts
        for found in re.finditer(_QUOTE, normalized.gap_kinds):
            gap = found.start()
            start = starts[gap]
            if self.by_numeral and text[start : start + 1] not in _NUMERALS:
                continue
            if original[start + shifts[gap] - 1] in _OPENING:
                yield start

    def numbers(self, text: str, places: Iterable[int]) -> Iterator[Candidate]:
        """Numbers of documents that end at one of the places, written alike: 环发[2015]178号 is 环发〔2015〕178号."""
        for place in places:
            found = self.expression.search(text, max(0, place - _NUMBER), place + 1)
            code = self.code.search(text[max(0, found.start() - 16) : found.start()]) if found else None
            if found is not None and code is not None:
                name = f"{code[1]}〔{found[1]}〕{found[2]}号"
                start = found.start() - len(code[1])
                yield Candidate(start, found.end(), Form(name, name, name, "pattern", self.pattern.pattern))

    def extend(self, text: str, terms: Sequence[Candidate]) -> Iterator[Candidate]:
        """A term with what makes a name of it behind it, and a place in front: 重庆市|大气污染防治|条例."""
        for term in terms:
            if term.end - term.start < 3 or not text.startswith(self.ends, term.end):
                continue
            end = term.end + len(next(word for word in self.ends if text.startswith(word, term.end)))
            if text.startswith(self.lacks, end):
                continue
            start = self.places.before(text, term.start)
            name = text[start:end]
            yield Candidate(start, end, Form(name, name, name, "pattern", self.pattern.pattern))

    def _fits(self, name: str) -> bool:
        if self.pattern.slot == "title" and not _VERSION.sub("", name).endswith(self.ends):
            return False
        return self.holds.search(name) is not None and not any(word in name for word in self.lacks)


def _places(text: str, word: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(word), text)]


def _one_of(words: Iterable[str]) -> str:
    texts = sorted(normalize_each(list(words)), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, texts))})" if texts else ""


def _is_quoted(original: str, normalized: NormalizedText, start: int, end: int) -> bool:
    first, last = normalized.original_span(start, end)
    return original[first - 1 : first] in _OPENING and original[last : last + 1] in _CLOSING
