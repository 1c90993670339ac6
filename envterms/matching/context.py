"""What stands beside a match and is recorded with it: the verb of a campaign (坚决打好|污染防治攻坚战), the value of an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from envterms.lexicon.model import Lexicon
from envterms.normalizing import normalize

_REACH = 24  # characters in front of a match in which its verb, with adverbs, is sought
_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?(?:[-~至—]\d+(?:\.\d+)?)?|[〇零一二两三四五六七八九十百千万亿点]+)"
_JOINTS = frozenset({"", "、", "和", "与", "及", "以及", "跟"})


class Counted(NamedTuple):
    """A counted match in normalized text: where it begins, where its first piece ends, and whether its shared part is still to come."""

    start: int
    end: int
    term: str
    written: str
    open: bool = False


class Context:
    """The words of context.csv, made ready."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.context
        types, self._endings = frozenset(words.get("verb-type", ())), tuple(words.get("verb-ending", ()))
        self._terms = frozenset(name for name, term in lexicon.terms.items() if term.type in types)
        verb, adverb, filler = (_one_of(words.get(role, ())) for role in ("verb", "adverb", "filler"))
        self._verb = re.compile(f"((?:{adverb}*{verb})+){filler}*$") if verb else None
        self._last = {normalize(word).text[-1] for role in ("verb", "filler") for word in words.get(role, ())}

        valued = frozenset(words.get("value-type", ()))
        self._valued = frozenset(name for name, term in lexicon.terms.items() if term.type in valued)
        link, change, unit = (_one_of(words.get(role, ())) for role in ("value-link", "value-change", "unit"))
        number = rf"(?:{_NUMBER}{unit}|百分之{_NUMBER})"
        years = r"[比较](?:\d{4}年|上年|去年)(?:同期)?"
        self._value = (
            re.compile(rf"(?:{link}|{years}){{0,4}}((?:[从由]{number})?(?:{change}了?[到至约]?)?{number})")
            if unit
            else None
        )

    def values(self, text: str, matches: Sequence[Counted]) -> Mapping[int, str]:
        """Start of an indicator -> the number behind it, with its unit and, if it is a change, the word for that: 下降2.5%."""
        if self._value is None:
            return {}
        found = (
            (match.start, self._value.match(text, match.end))
            for match in matches
            if match.term in self._valued and not match.open
        )
        return {start: value[1] for start, value in found if value is not None}

    def verbs(self, text: str, matches: Sequence[Counted]) -> Mapping[int, str]:
        """Start of a match -> the verb before it, for those that have one. `matches` are all that are counted, in reading order.

        The verb of the first of a series is that of the others too: 打好|蓝天、碧水、净土保卫战.
        """
        found: dict[int, str] = {}
        if self._verb is None:
            return found
        for place, match in enumerate(matches):
            if match.term not in self._terms and not match.written.endswith(self._endings):
                continue
            first = place
            while first and _joined(text, matches[first - 1], matches[first]):
                first -= 1
            start = matches[first].start
            if text[start - 1 : start] in self._last and (
                verb := self._verb.search(text, max(0, start - _REACH), start)
            ):
                found[match.start] = verb[1]
        return found


def _joined(text: str, before: Counted, after: Counted) -> bool:
    between = text[before.end : after.start]
    return between in _JOINTS or (before.open and between == ",")


def _one_of(words: Iterable[str]) -> str:
    texts = sorted({normalize(word).text for word in words}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, texts))})" if texts else ""
