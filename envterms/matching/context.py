"""What stands beside a match and is recorded with it: the verb of a campaign (坚决打好|污染防治攻坚战), the value of an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from envterms.lexicon.model import Lexicon
from envterms.normalizing import normalize_each

_REACH = 24  # characters in front of a match in which its verb, with adverbs, is sought
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


class Context:
    """The words of context.csv, made ready; their expressions not before they are needed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = words = lexicon.context
        self._terms = lexicon.terms
        self._types, self._valued = frozenset(words.get("verb-type", ())), frozenset(words.get("value-type", ()))
        self._endings = tuple(words.get("verb-ending", ()))
        self._recorded: dict[tuple[str, str], bool] = {}

    @cached_property
    def _verb(self) -> re.Pattern[str]:
        verb, adverb, filler = (_one_of(self._words.get(role, ())) for role in ("verb", "adverb", "filler"))
        return re.compile(f"((?:{adverb}*{verb})+){filler}*\\Z")

    @cached_property
    def _last(self) -> frozenset[str]:
        """The characters that a verb, or a word behind it, ends with."""
        words = [word for role in ("verb", "filler") for word in self._words.get(role, ())]
        return frozenset(word[-1] for word in normalize_each(words))

    @cached_property
    def _steps(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """By their last character the words behind a verb, and those that a verb is made of and their adverbs."""
        behind, within = ({}, {})  # type: tuple[dict[str, list[str]], dict[str, list[str]]]
        for steps, roles in ((behind, ("filler",)), (within, ("verb", "adverb"))):
            for word in normalize_each([word for role in roles for word in self._words.get(role, ())]):
                steps.setdefault(word[-1:], []).append(word)
        return behind, within

    def verb_before(self, text: str, place: int) -> str:
        """The verb that ends before a place, an empty string if there is none.

        The expression is asked only where words of its own lead back from the place, since it is slow to search.
        """
        if text[place - 1 : place] not in self._last:
            return ""
        behind, within = self._steps
        low = max(0, place - _REACH)
        ends = _led_back(text, {place}, low, behind)
        for start in sorted(_led_back(text, ends, low, within)):
            found = self._verb.match(text, start, place)
            if found is not None:
                return found[1]
        return ""

    @cached_property
    def joints(self) -> frozenset[str]:
        """The characters between a match and one that it is joined to, if they do not adjoin."""
        return frozenset({joint[-1] for joint in _JOINTS if joint} | {","})

    @cached_property
    def fronts(self) -> frozenset[str]:
        """The characters of which one stands before a match that has a verb, if it adjoins no other."""
        return self.joints | self._last

    @cached_property
    def _value(self) -> re.Pattern[str]:
        roles = ("value-link", "value-change", "unit")
        link, change, unit = (_one_of(self._words.get(role, ())) for role in roles)
        number = rf"(?:{_NUMBER}{unit}|百分之{_NUMBER})"
        years = r"[比较](?:\d{4}年|上年|去年)(?:同期)?"
        expression = rf"(?:{link}|{years}){{0,4}}((?:[从由]{number})?(?:{change}了?[到至约]?)?{number})"
        return re.compile(expression)

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
        """Start of an indicator -> the number behind it, with its unit and, if it is a change, the word for that: 下降2.5%."""
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
        found: dict[int, str] = {}
        if not self._words.get("verb"):
            return found
        for place, match in enumerate(matches):
            if not self.may_have_verb(match.written, match.term):
                continue
            first = place
            while first and _joined(text, matches[first - 1], matches[first]):
                first -= 1
            verb = self.verb_before(text, matches[first].start)
            if verb:
                found[match.start] = verb
        return found


def _led_back(text: str, places: set[int], low: int, words: Mapping[str, Iterable[str]]) -> set[int]:
    """The places from which words, one behind the other, lead to one of the places, and these places."""
    reached, new = set(places), list(places)
    while new:
        place = new.pop()
        for word in words.get(text[place - 1 : place], ()):
            start = place - len(word)
            if start >= low and start not in reached and text.startswith(word, start):
                reached.add(start)
                new.append(start)
    return reached


def _joined(text: str, before: Counted, after: Counted) -> bool:
    between = text[before.end : after.start]
    return between in _JOINTS or (before.open and between == ",")


def _one_of(words: Iterable[str]) -> str:
    texts = sorted(set(normalize_each(list(words))), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, texts))})" if texts else "(?!)"  # which matches nowhere
