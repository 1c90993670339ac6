"""What stands beside a match and is recorded with it: the verb of a campaign (坚决打好|污染防治攻坚战), the value of an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from envterms import engine
from envterms.engine import Trie, build_trie
from envterms.lexicon.model import Lexicon
from envterms.normalizing import normalize_each

_REACH = 24  # characters in front of a match in which its verb, with adverbs, is sought
_FILLER, _VERB, _ADVERB = 1, 2, 4
_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?(?:[-~至—]\d+(?:\.\d+)?)?|[〇零一二两三四五六七八九十百千万亿点]+)"
_JOINTS = frozenset({"", "、", "和", "与", "及", "以及", "跟"})

#: How far apart the members of a series are at most.
JOINT = max(map(len, _JOINTS))


class Counted(NamedTuple):
    """A counted match in normalized text: where it begins, where its first piece ends, and whether its shared part is still to come."""

    start: int
    end: int
    term: str
    written: str
    open: bool = False


class Words(NamedTuple):
    """The words of a verb and behind it, normalized, with the bits of what they are; in the trie they are written backwards."""

    texts: Sequence[str]
    roles: memoryview
    trie: Trie


def words_of(lexicon: Lexicon) -> Words:
    """The words of a lexicon that verbs are sought with."""
    roles: dict[str, int] = {}
    for name, role in (("filler", _FILLER), ("verb", _VERB), ("adverb", _ADVERB)):
        for word in normalize_each(lexicon.context.get(name, ())):
            roles[word] = roles.get(word, 0) | role
    return Words(list(roles), memoryview(bytes(roles.values())), build_trie([word[::-1] for word in roles]))


class Context:
    """The words of context.csv, made ready; their expressions not before they are needed.

    `verb_words` are the `words_of` the lexicon, if they are known already.
    """

    def __init__(self, lexicon: Lexicon, verb_words: Words | None = None) -> None:
        self._words = words = lexicon.context
        self._verb_words = verb_words or words_of(lexicon)
        self._terms = lexicon.terms
        self._types, self._valued = frozenset(words.get("verb-type", ())), frozenset(words.get("value-type", ()))
        self._endings = tuple(words.get("verb-ending", ()))
        self._recorded: dict[tuple[str, str], bool] = {}

    @cached_property
    def joints(self) -> frozenset[str]:
        """The characters between a match and one that it is joined to, if they do not adjoin."""
        return frozenset(joint[-1] for joint in _JOINTS if joint)

    @cached_property
    def fronts(self) -> frozenset[str]:
        """The characters of which one stands before a match that has a verb, if it is not joined to another match."""
        words = zip(self._verb_words.texts, self._verb_words.roles, strict=True)
        return frozenset(word[-1] for word, role in words if role & (_VERB | _FILLER))

    def verbs_before(self, text: str, places: Sequence[int]) -> Iterable[str]:
        """What `verb_before` finds at each of the places, but none behind a negation: 不能再|打."""
        if engine.verbs is not None:
            found: Iterable[str] = engine.verbs(self._verb_words.trie, self._verb_words.roles, text, places)
        else:
            found = (self.verb_before(text, place) for place in places)
        return (
            "" if verb and self._negated(text, verb, place) else verb for verb, place in zip(found, places, strict=True)
        )

    def _negated(self, text: str, verb: str, place: int) -> bool:
        start = text.rindex(verb, 0, place)
        return (
            text[start - 1 : start] in self._negation_ends
            and self._negation.search(text, max(0, start - _REACH), start) is not None
        )

    @cached_property
    def _negation_ends(self) -> frozenset[str]:
        words = [word for role in ("negation", "negation-link") for word in self._words.get(role, ())]
        return frozenset(word[-1:] for word in normalize_each(words))

    @cached_property
    def _negation(self) -> re.Pattern[str]:
        negation, link = (_one_of(self._words.get(role, ())) for role in ("negation", "negation-link"))
        return re.compile(rf"{negation}{link}{{0,2}}$")

    @cached_property
    def _endings_of(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The words of verbs by their last character."""
        endings: dict[str, list[tuple[str, int]]] = {}
        for word, role in zip(self._verb_words.texts, self._verb_words.roles, strict=True):
            endings.setdefault(word[-1:], []).append((word, role))
        return endings

    def verb_before(self, text: str, place: int) -> str:
        """The verb that ends before a place, an empty string if there is none: verbs in a row with adverbs before each, the longest that
        words behind a verb, or nothing, lead back to.
        """
        verb_ends: dict[int, int] = {}  # start of verbs in a row -> their end
        behind, low = {place}, place - _REACH
        for end in range(place, max(low, 0), -1):
            if end not in behind and end not in verb_ends:
                continue
            for word, role in self._endings_of.get(text[end - 1], ()):
                start = end - len(word)
                if start < max(low, 0) or not text.startswith(word, start):
                    continue
                if end in behind and role & _FILLER:
                    behind.add(start)
                if end in behind and role & _VERB:
                    verb_ends[start] = max(verb_ends.get(start, 0), end)
                if end in verb_ends and role & (_VERB | _ADVERB):
                    verb_ends[start] = max(verb_ends.get(start, 0), verb_ends[end])
        start = min(verb_ends, default=place)
        return text[start : verb_ends.get(start, place)]

    @cached_property
    def _value(self) -> re.Pattern[str]:
        roles = ("value-link", "value-bound", "value-change", "unit", "value-behind")
        link, bound, change, unit, behind = (_one_of(self._words.get(role, ())) for role in roles)
        number = rf"(?:{_NUMBER}{unit}|百分之{_NUMBER})"
        years = r"[比较](?:\d{4}年|上年|去年)(?:同期)?"
        bounds = rf"(?:{bound}(?:{bound}|{link}|{years}){{0,4}})?"
        changes = rf"(?:[从由]{number})?(?:{change}了?[到至约]?)?"
        return re.compile(rf"(?:{link}|{years}){{0,4}}({bounds}{changes}{number}{behind}?)")

    def _is_of(self, types: frozenset[str], term: str) -> bool:
        return term in self._terms and self._terms[term].type in types

    def may_have_verb(self, written: str, term: str) -> bool:
        """Whether the verb in front of a match of this form and term is recorded."""
        known = self._recorded.get((written, term))
        if known is None:
            known = written.endswith(self._endings) or self._is_of(self._types, term)
            if term in self._terms:  # of names that a pattern finds there may be any number
                self._recorded[written, term] = known
        return known

    def values(self, text: str, matches: Sequence[Counted]) -> Mapping[int, str]:
        """Start of an indicator -> the number behind it, with its unit and the words that make it a change, a bound or a goal: 下降2.5%,
        不低于87%, 力争达到90%.
        """
        if not self._words.get("unit"):
            return {}
        found = (
            (match.start, self._value.match(text, match.end))
            for match in matches
            if not match.open and self._is_of(self._valued, match.term)
        )
        return {start: value[1] for start, value in found if value is not None}

    def verbs(self, text: str, matches: Sequence[Counted]) -> Mapping[int, str]:
        """Start of a match -> the verb before it, for those that have one. `matches` are all that are counted, in reading order.

        The verb of the first of a series is that of the others too: 打好|蓝天、碧水、净土保卫战.
        """
        firsts: dict[int, int] = {}  # start of a match -> that of the first one of its series
        first = 0
        for place, match in enumerate(matches):
            if place and not _joined(text, matches[place - 1], match):
                first = place
            if self.may_have_verb(match.written, match.term):
                firsts[match.start] = matches[first].start
        verbs = self.verbs_before(text, list(firsts.values()))
        return {start: verb for start, verb in zip(firsts, verbs, strict=True) if verb}


def _joined(text: str, before: Counted, after: Counted) -> bool:
    if after.start > before.end + JOINT:
        return False
    between = text[before.end : after.start]
    return between in _JOINTS or (before.open and between == ",")


def _one_of(words: Iterable[str]) -> str:
    texts = sorted(set(normalize_each(list(words))), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, texts))})" if texts else "(?!)"  # which matches nowhere
