"""The rules of counting, in order: all candidates, senses, the longest, coordination."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from envterms.lexicon.model import Lexicon
from envterms.matching.candidates import Candidate, CandidateFinder, Form, forms_of
from envterms.matching.coordination import Coordinated, Coordination
from envterms.matching.model import Match
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Senses
from envterms.normalizing import NormalizedText, normalize


class Matcher:
    """A lexicon made ready for matching. Building it costs some milliseconds, so it is built once for many documents."""

    def __init__(self, lexicon: Lexicon, coordination: bool = True, patterns: bool = True) -> None:
        self.lexicon = lexicon
        forms = forms_of(lexicon.terms.values())
        self._finder = CandidateFinder(forms.values())
        self._senses = Senses(lexicon.senses)
        self._party = frozenset(name for name, term in lexicon.terms.items() if term.scope == "party")
        self._patterns = Patterns(lexicon.patterns.values() if patterns else (), lexicon.places)
        self._coordination = Coordination(lexicon.families if coordination else (), forms)

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
        standing = [(candidate, match) for candidate, match in judged if match.status != "rejected"]
        kept, matches = _keep_longest(standing)
        matches += [match for _, match in judged if match.status == "rejected"]
        matches += self._coordinate(normalized.text, kept)
        matches += [match for _, match in kept]
        placed = [_place(match, text, normalized) for match in matches]
        placed.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return placed

    def _judge(self, text: str, candidate: Candidate) -> tuple[Candidate, Match]:
        form = candidate.form
        match = Match(form.term, form.kind, form.written, ((candidate.start, candidate.end),), "", pattern=form.pattern)
        if form.text not in self._senses:
            return candidate, match
        decision = self._senses.decide(text, candidate.start, candidate.end)
        if decision is None:
            return candidate, match
        rule = decision.rule
        if rule.decision == "count":
            kind = "literal" if rule.sense == form.written else "alias"
            return candidate, replace(match, term=rule.sense, form=kind, reason=decision.reason)
        status = "rejected" if rule.decision == "reject" else "unresolved"
        return candidate, replace(match, status=status, reason=decision.reason)

    def _coordinate(self, text: str, kept: list[tuple[Candidate, Match]]) -> list[Match]:
        """The coordinated matches; a kept match that lies within a member of a series is taken from `kept` and comes out as nested."""
        found: list[Match] = []
        swallowed: set[int] = set()
        starts = [candidate.start for candidate, _ in kept]
        for candidate, match in kept:
            if match.status != "counted":
                continue
            for other in self._coordination.expand(text, candidate):
                start, end = other.member
                nearby = range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end))
                inside = [index for index in nearby if kept[index][0].end > start]
                if any(not (start <= kept[index][0].start and kept[index][0].end <= end) for index in inside):
                    break  # the member is a piece of a longer term, so the series is another one
                swallowed.update(inside)
                found += (
                    replace(kept[index][1], status="nested", reason=f"inside {other.form.written}")
                    for index in inside
                    if kept[index][1].term != other.form.term
                )
                found.append(_coordinated(other))
        kept[:] = [pair for index, pair in enumerate(kept) if index not in swallowed]
        return found


def _keep_longest(standing: list[tuple[Candidate, Match]]) -> tuple[list[tuple[Candidate, Match]], list[Match]]:
    """The matches that are kept, and those that lie in or across a kept one. The input is sorted leftmost and longest first.

    A shorter form of the same term inside its longer form is not worth telling and left out.
    """
    kept: list[tuple[Candidate, Match]] = []
    hidden: list[Match] = []
    end = 0
    for candidate, match in standing:
        if candidate.start >= end:
            kept.append((candidate, match))
            end = candidate.end
        else:
            winner = kept[-1][1]
            if winner.term != match.term:
                status = "nested" if candidate.end <= end else "overlapped"
                hidden.append(
                    replace(
                        match, status=status, reason=f"{'inside' if status == 'nested' else 'across'} {winner.written}"
                    )
                )
    return kept, hidden


def _coordinated(found: Coordinated) -> Match:
    form: Form = found.form
    parts = tuple(sorted((found.member, found.shared)))
    return Match(form.term, "coordinated", form.written, parts, "", reason="shares a part with its neighbour")


def _place(match: Match, text: str, normalized: NormalizedText) -> Match:
    """The match with its spans and surface in the original."""
    parts = tuple(normalized.original_span(start, end) for start, end in match.parts)
    return replace(match, parts=parts, surface=text[parts[0][0] : parts[-1][1]])
