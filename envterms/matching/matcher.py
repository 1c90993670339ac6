"""The rules of counting, in order: all candidates, senses, the longest, coordination."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from envterms.lexicon.model import Lexicon
from envterms.matching.candidates import Candidate, CandidateFinder, forms_of
from envterms.matching.context import Context, Counted
from envterms.matching.coordination import Coordinated, Coordination
from envterms.matching.model import Match
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Senses
from envterms.normalizing import NormalizedText, normalize


class Matcher:
    """A lexicon made ready for matching. Building it costs some tenths of a second, so it is built once for many documents.

    `forms` holds every spelling that is looked for, normalized.
    """

    def __init__(self, lexicon: Lexicon, coordination: bool = True, patterns: bool = True) -> None:
        self.lexicon = lexicon
        self.forms = forms = forms_of(lexicon.terms.values())
        self._finder = CandidateFinder(forms.values())
        self._senses = Senses(lexicon.senses, {text: form.term for text, form in forms.items()})
        self._party = frozenset(name for name, term in lexicon.terms.items() if term.scope == "party")
        self._patterns = Patterns(lexicon.patterns.values() if patterns else (), lexicon.places)
        self._coordination = Coordination(lexicon.families if coordination else (), forms)
        self._context = Context(lexicon)

    def match(self, text: str, normalized: NormalizedText | None = None) -> list[Match]:
        """All matches in `text` in reading order, those that are not counted too; `normalized` saves normalizing again.

        The longest match over the whole lexicon is counted, the leftmost first. It is sought among the candidates that no sense rule
        rejects, since a long one that is rejected must not hide a short one that is right.
        """
        normalized = normalized or normalize(text)
        candidates = self._finder.find(normalized)
        terms = [candidate for candidate in candidates if candidate.form.term not in self._party]
        named = list(self._patterns.find(text, normalized, terms))
        if named:
            candidates = sorted([*candidates, *named], key=lambda found: (found.start, -found.end))
        judged = [self._judge(normalized.text, candidate) for candidate in candidates]
        kept, hidden = _keep_longest(one for one in judged if one.status != "rejected")
        hidden += [one for one in judged if one.status == "rejected"]
        series, swallowed = self._coordinate(normalized.text, kept)
        counted = _counted(kept, series)
        verbs, values = self._context.verbs(normalized.text, counted), self._context.values(normalized.text, counted)
        matches = [_match(one, text, normalized) for one in (*hidden, *swallowed)]
        for one in kept:
            at = one.candidate.start
            matches.append(_match(one, text, normalized, verbs.get(at, ""), values.get(at, "")))
        matches += [_coordinated(one, text, normalized, verbs.get(one.parts[0][0], "")) for one in series]
        matches.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return matches

    def _judge(self, text: str, candidate: Candidate) -> _Judged:
        form = candidate.form
        decision = (
            self._senses.decide(form.text, text, candidate.start, candidate.end) if form.text in self._senses else None
        )
        if decision is None:
            return _Judged(candidate, form.term, "counted", "")
        verdict, sense = decision.rule.decision, decision.rule.sense
        if verdict == "count":
            return _Judged(candidate, sense, "counted", decision.reason)
        return _Judged(candidate, form.term, "rejected" if verdict == "reject" else "unresolved", decision.reason)

    def _coordinate(self, text: str, kept: list[_Judged]) -> tuple[list[Coordinated], list[_Judged]]:
        """The terms of coordinated series, and what lies inside their members, which is taken from `kept`."""
        series: list[Coordinated] = []
        inside: dict[int, str] = {}
        starts = [one.candidate.start for one in kept]
        whole = [
            one.candidate
            for one in kept
            if one.status == "counted"
            and not one.candidate.form.pattern
            and one.candidate.end - one.candidate.start == len(one.candidate.form.text)  # no 的 in it
        ]
        for candidate in whole:
            series += self._coordination.fused(text, candidate)
        groups = ((self._coordination.expand(text, candidate), candidate) for candidate in whole)
        for group, closing in chain(groups, ((one, None) for one in self._coordination.elsewhere(text))):
            for other in group:
                hull = (other.parts[0][0], other.parts[-1][1])
                touched = {
                    index: first <= kept[index].candidate.start and kept[index].candidate.end <= last
                    for start, end in other.parts
                    for first, last in (hull if closing is None else (start, end),)
                    for index in range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end))
                    if kept[index].candidate.end > start and kept[index].candidate is not closing
                }
                holder = _holder(other, [kept[index].candidate for index in touched]) if closing is None else None
                if holder is not None:
                    series.append(replace(other, whole=holder.form.written))
                    continue
                if not all(touched.values()):
                    break  # a part is a piece of a longer term, so the series is another one
                inside.update(dict.fromkeys(touched, other.form.written))
                series.append(other)
        taken = [
            _Judged(kept[i].candidate, kept[i].term, "nested", f"inside {written}") for i, written in inside.items()
        ]
        kept[:] = [one for index, one in enumerate(kept) if index not in inside]
        return series, taken


class _Judged(NamedTuple):
    """A candidate with the term that it stands for, its status so far, and why."""

    candidate: Candidate
    term: str
    status: str
    reason: str


def _keep_longest(standing: Iterable[_Judged]) -> tuple[list[_Judged], list[_Judged]]:
    """What is kept, and what lies in or across a kept one. The input is sorted leftmost and longest first.

    A shorter form of the same term inside its longer form is not worth telling and left out.
    """
    kept: list[_Judged] = []
    hidden: list[_Judged] = []
    end = 0
    for one in standing:
        candidate = one.candidate
        if candidate.start >= end:
            kept.append(one)
            end = candidate.end
        elif kept[-1].term != one.term:
            winner = kept[-1].candidate.form.written
            nested = candidate.end <= end
            status, reason = ("nested", f"inside {winner}") if nested else ("overlapped", f"across {winner}")
            hidden.append(_Judged(candidate, one.term, status, reason))
    return kept, hidden


def _holder(found: Coordinated, touched: list[Candidate]) -> Candidate | None:
    """The one match that the coordinated term lies in with all its parts, if there is one: 三大保卫战 of 蓝天、碧水、净土三大保卫战."""
    first, last = found.parts[0][0], found.parts[-1][1]
    return next((one for one in touched if one.start <= first and last <= one.end), None)


def _counted(kept: Iterable[_Judged], series: Iterable[Coordinated]) -> list[Counted]:
    """What is counted, in reading order."""
    whole = [
        Counted(one.candidate.start, one.candidate.end, one.term, one.candidate.form.written)
        for one in kept
        if one.status == "counted"
    ]
    return sorted([*whole, *(_open(one) for one in series if not one.whole)])


def _open(one: Coordinated) -> Counted:
    """A coordinated term for the search of its verb; more of it comes behind the first part."""
    return Counted(*one.parts[0], one.form.term, one.form.written, open=one.parts[0] == one.member)


def _match(one: _Judged, text: str, normalized: NormalizedText, verb: str = "", value: str = "") -> Match:
    """The match in the original text."""
    candidate, term, status, reason = one
    form = candidate.form
    kind = form.kind if term == form.term else ("literal" if term == form.written else "alias")
    start, end = normalized.original_span(candidate.start, candidate.end)
    surface = text[start:end]
    clean = surface == normalized.text[candidate.start : candidate.end]
    repairs = () if clean else normalized.repairs_in(candidate.start, candidate.end, text)
    return Match(term, kind, form.written, ((start, end),), surface, status, reason, form.pattern, verb, repairs, value)


def _coordinated(found: Coordinated, text: str, normalized: NormalizedText, verb: str) -> Match:
    parts = tuple(normalized.original_span(*span) for span in found.parts)
    surface = text[parts[0][0] : parts[-1][1]]
    return Match(
        found.form.term,
        "coordinated",
        found.form.written,
        parts,
        surface,
        "nested" if found.whole else "counted",
        f"inside {found.whole}" if found.whole else "shares a part with its neighbour",
        verb=verb,
        repairs=normalized.repairs_in(found.parts[0][0], found.parts[-1][1], text),
    )
