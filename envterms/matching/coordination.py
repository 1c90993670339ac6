"""Elliptic coordination: 蓝天、碧水、净土保卫战 holds 蓝天保卫战, 碧水保卫战 and 净土保卫战."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from envterms.lexicon.model import Family
from envterms.matching.candidates import Candidate, Form
from envterms.normalizing import normalize

_SEPARATORS = ("以及", "、", "和", "与", "及", "跟", "暨", "或")
_BOUNDARY = re.compile(r"[^\w]|[、和与及跟暨或]|^$")
_LAST = frozenset(separator[-1] for separator in _SEPARATORS)
_LONGEST_MEMBER = 12


@dataclass(frozen=True, slots=True)
class Coordinated:
    """A term whose member stands at `member` and whose shared part at `shared`, half-open spans of the normalized text."""

    form: Form
    member: tuple[int, int]
    shared: tuple[int, int]


class Coordination:
    """The families of the lexicon, by the part that their members share.

    A match such as 净土保卫战 whose form ends with a shared part 保卫战 is the last of a series if members stand before it, each
    followed by a separator, that make forms of the lexicon with the same shared part, or with a longer one that ends with it: of
    国家、省级湿地公园 it is 湿地公园, not 公园. Families with named members also allow them without a separator (蓝天碧水净土保卫战)
    and with commas.
    """

    def __init__(self, families: Iterable[Family], forms: Mapping[str, Form]) -> None:
        self._forms = forms
        self._shared: dict[str, dict[str, frozenset[str]]] = {"after": {}, "before": {}}
        for family in families:
            members = frozenset(normalize(member).text for member in family.members)
            shared = self._shared[family.position]
            text = normalize(family.shared).text
            shared[text] = shared.get(text, frozenset()) | members
        self._closed = tuple(part for part, members in self._shared["after"].items() if members)
        self._parts: dict[tuple[str, str], list[str]] = {}  # what _shared_parts found; as many as there are forms

    def expand(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        """The other terms of the series that `candidate` closes or opens, nearest first."""
        yield from self._expand_left(text, candidate)
        yield from self._expand_right(text, candidate)

    def _expand_left(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        if text[candidate.start - 1 : candidate.start] not in _LAST and not candidate.form.text.endswith(self._closed):
            return
        for shared in self._shared_parts("after", candidate.form.text):
            closed = self._shared["after"].get(shared, frozenset())
            span = (candidate.end - len(shared), candidate.end)
            at, found = candidate.start, False
            while (step := self._member_before(text, at, shared, closed)) is not None:
                form, at, end = step
                found = True
                yield Coordinated(form, (at, end), span)
            if found:
                return

    def _expand_right(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        for shared in self._shared_parts("before", candidate.form.text):
            closed = self._shared["before"].get(shared, frozenset())
            span = (candidate.start, candidate.start + len(shared))
            at, found = candidate.end, False
            while (step := self._member_after(text, at, shared, closed)) is not None:
                form, start, at = step
                found = True
                yield Coordinated(form, (start, at), span)
            if found:
                return

    def _shared_parts(self, position: str, form: str) -> list[str]:
        """The parts of the form that its neighbours may share, the longest first."""
        known = self._parts.get((position, form))
        if known is None:
            cuts = [form[-length:] if position == "after" else form[:length] for length in range(1, len(form))]
            shortest = next((place for place, cut in enumerate(cuts) if cut in self._shared[position]), len(cuts))
            known = self._parts[position, form] = cuts[shortest:][::-1]
        return known

    def _member_before(self, text: str, at: int, shared: str, closed: frozenset[str]) -> tuple[Form, int, int] | None:
        end = at - len(_separator_before(text, at, closed))
        if end == at and not closed:
            return None
        for length in range(min(_LONGEST_MEMBER, end), 0, -1):
            member = text[end - length : end]
            form = self._member(member, member + shared, closed)
            if form is None or (end == at and length == 1):
                continue
            if length == 1 and not _BOUNDARY.match(text[end - 2 : end - 1]):
                continue
            return form, end - length, end
        return None

    def _member_after(self, text: str, at: int, shared: str, closed: frozenset[str]) -> tuple[Form, int, int] | None:
        separator = next((mark for mark in _marks(closed) if text.startswith(mark, at)), "")
        start = at + len(separator)
        if not separator and not closed:
            return None
        for length in range(min(_LONGEST_MEMBER, len(text) - start), 1, -1):
            member = text[start : start + length]
            form = self._member(member, shared + member, closed)
            if form is not None:
                return form, start, start + length
        return None

    def _member(self, member: str, joined: str, closed: frozenset[str]) -> Form | None:
        """The form that the member makes with the shared part, if it does not mean the same alone (湿地公园, 湿地公园建设)."""
        form = self._forms.get(joined)
        if form is None or (closed and member not in closed):
            return None
        alone = self._forms.get(member)
        return None if alone is not None and alone.term == form.term else form


def _separator_before(text: str, at: int, closed: frozenset[str]) -> str:
    return next((mark for mark in _marks(closed) if text.endswith(mark, 0, at)), "")


def _marks(closed: frozenset[str]) -> tuple[str, ...]:
    return (*_SEPARATORS, ",") if closed else _SEPARATORS
