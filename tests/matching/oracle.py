"""The rules of counting once more, as plainly as can be: what `Matcher` and `tally` must give, however they are made fast.

It shares with the matcher the single rules (senses, patterns, coordination, context, what is a piece of a longer word) but neither the
search nor the bookkeeping.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from envterms import Document
from envterms.analysis import Settings, Tally
from envterms.analysis.counting import DENOMINATORS, SENTENCE, is_occurrence, token_count
from envterms.engine import build_trie
from envterms.lexicon import Lexicon
from envterms.matching import REPAIRS, Match
from envterms.matching.candidates import Candidate, forms_of, runs_on
from envterms.matching.context import Context, Counted
from envterms.matching.coordination import _LONGEST_MEMBER as REACH
from envterms.matching.coordination import Coordinated, Coordination
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Senses
from envterms.normalizing import NormalizedText, normalize, normalize_page
from envterms.normalizing.folding import HAN


class PlainCoordination(Coordination):
    """It looks forms up one by one, where the package walks along the trie, and seeks 等 in the text."""

    def _listed_at(self, text: str, _signs: Iterable[int]) -> Iterator[re.Match[str]]:
        return self._listed.finditer(text)

    def _completed(self, text: str, end: int, shared: str) -> list[int]:
        return [start for start in range(max(0, end - REACH), end) if text[start:end] + shared in self._forms]

    def _bridged(self, text: str, left: int, right: int) -> list[tuple[int, int]]:
        starts = range(max(0, left - REACH), left)
        spans = [(start, end) for end in range(right + REACH, right, -1) for start in starts if end <= len(text)]
        outer = ((span, text[span[0] : left] + text[right : span[1]]) for span in spans)
        return [span for span, form in outer if form in self._forms and re.fullmatch("[\u4e00-\u9fff]+", form)]

    def _continued(self, head: str, text: str, start: int) -> list[int]:
        ends = range(min(start + REACH, len(text)), start, -1)
        return [end for end in ends if head + text[start:end] in self._forms]


class PlainPatterns(Patterns):
    """It seeks the signs in the text, where the matcher finds them with the forms."""

    def find(
        self,
        original: str,
        normalized: NormalizedText,
        terms: Iterable[tuple[int, int]],
        signs: Mapping[str, Sequence[int]] | None = None,
    ) -> Iterator[Candidate]:
        signs = {
            sign: [found.start() for found in re.finditer(f"(?={re.escape(sign)})", normalized.text)]
            for sign in self.signs
        }
        return super().find(original, normalized, terms, signs)


class Oracle:
    def __init__(self, lexicon: Lexicon, coordination: bool = True) -> None:
        self.lexicon = lexicon
        self.forms = forms_of(lexicon.terms.values())
        self.lengths = sorted({len(form) for form in self.forms})
        self.senses = Senses(lexicon.senses, self.forms)
        self.patterns = PlainPatterns(lexicon.patterns.values(), lexicon.places)
        self.coordination = PlainCoordination(
            lexicon.families if coordination else (), self.forms, lexicon.context.get("verb", ()), build_trie([])
        )
        self.context = Context(lexicon)

    def candidates(self, text: str) -> Iterator[Candidate]:
        places = [(start, length) for start in range(len(text)) for length in self.lengths]
        for start, length in places:
            form = self.forms.get(text[start : start + length])
            if form is not None and len(form.text) == length:
                yield Candidate(start, start + length, form)
        for start, length in places:
            yield from self.broken(text, start, length)

    def broken(self, text: str, start: int, length: int) -> Iterator[Candidate]:
        """A form of six characters or more with one 的 in it, at least two characters from its ends."""
        window = text[start : start + length + 1]
        inside = window.count("的") == 1 and "的" not in window[:2] + window[-2:]
        if length >= 6 and len(window) == length + 1 and inside:
            form = self.forms.get(window.replace("的", ""))
            if form is not None:
                yield Candidate(start, start + length + 1, replace(form, kind="alias"))

    def match(self, text: str, normalized: NormalizedText | None = None) -> list[Match]:
        normalized = normalized or normalize(text)
        plain = normalized.text
        candidates = [one for one in self.candidates(plain) if not runs_on(normalized, one.start, one.end)]
        candidates.sort(key=lambda one: (one.start, -one.end))
        terms = [one for one in candidates if self.lexicon.terms[one.form.term].scope != "party"]
        spans = {(one.start, one.end) for one in candidates}
        names = self.patterns.find(text, normalized, [(one.start, one.end) for one in terms])
        candidates += [one for one in names if (one.start, one.end) not in spans]
        candidates.sort(key=lambda one: (one.start, -one.end))
        judged = [self.judge(plain, one) for one in candidates]
        kept, hidden = keep_longest(one for one in judged if one.status != "rejected")
        hidden += [one for one in judged if one.status == "rejected"]
        series, swallowed = self.coordinate(plain, kept)
        whole = [
            Counted(one.candidate.start, one.candidate.end, one.term, one.candidate.form.written)
            for one in kept
            if one.status == "counted"
        ]
        parts = [
            Counted(*one.parts[0], one.form.term, one.form.written, open=one.parts[0] == one.member) for one in series
        ]
        counted = sorted(whole + parts)
        verbs, values = self.context.verbs(plain, counted), self.context.values(plain, counted)
        matches = [shown(one, text, normalized) for one in (*hidden, *swallowed)]
        for one in kept:
            at = one.candidate.start
            matches.append(shown(one, text, normalized, verbs.get(at, ""), values.get(at, "")))
        for other in series:
            matches.append(coordinated(other, text, normalized, verbs.get(other.parts[0][0], "")))
        matches.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return matches

    def judge(self, text: str, candidate: Candidate) -> Judged:
        form = candidate.form
        asked = form.text in self.senses
        decision = self.senses.decide(form.text, text, candidate.start, candidate.end) if asked else None
        if decision is None:
            return Judged(candidate, form.term, "counted", "")
        if decision.rule.decision == "count":
            return Judged(candidate, decision.rule.sense, "counted", decision.reason)
        status = "rejected" if decision.rule.decision == "reject" else "unresolved"
        return Judged(candidate, form.term, status, decision.reason)

    def coordinate(self, text: str, kept: list[Judged]) -> tuple[list[Coordinated], list[Judged]]:
        series: list[Coordinated] = []
        inside: dict[int, str] = {}
        starts = [one.candidate.start for one in kept]
        whole = [
            one.candidate
            for one in kept
            if one.status == "counted"
            and not one.candidate.form.pattern
            and one.candidate.end - one.candidate.start == len(one.candidate.form.text)
        ]
        groups = ((self.coordination.expand(text, candidate), candidate) for candidate in whole)
        tried: list[Coordinated] = []
        for group, closing in chain(groups, ((one, None) for one in self.coordination.elsewhere(text, ()))):
            for other in group:
                if any((one.form.term, one.parts) == (other.form.term, other.parts) for one in tried):
                    continue
                first, last = other.parts[0][0], other.parts[-1][1]
                touched = {}
                for start, end in other.parts:
                    for index in range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)):
                        one = kept[index].candidate
                        if (
                            one.end > start
                            and index not in inside
                            and (one is not closing or (start, end) == (one.start, one.end))
                        ):
                            within = (first, last) if closing is None else (start, end)
                            part_of = within[0] <= one.start and one.end <= within[1]
                            touched[index] = part_of and (one.start, one.end) != (first, last)
                if not all(touched.values()):
                    break
                tried.append(other)
                inside.update(dict.fromkeys(touched, other.form.written))
                series.append(other)
        taken = [kept[i]._replace(status="nested", reason=f"inside {written}") for i, written in inside.items()]
        kept[:] = [one for index, one in enumerate(kept) if index not in inside]
        return series, taken


class Judged(NamedTuple):
    candidate: Candidate
    term: str
    status: str
    reason: str


def keep_longest(standing: Iterable[Judged]) -> tuple[list[Judged], list[Judged]]:
    kept: list[Judged] = []
    hidden: list[Judged] = []
    for one in standing:
        winner = kept[-1] if kept else None
        if winner is None or one.candidate.start >= winner.candidate.end:
            kept.append(one)
        elif winner.term != one.term:
            nested = one.candidate.end <= winner.candidate.end
            status, reason = ("nested", "inside") if nested else ("overlapped", "across")
            hidden.append(one._replace(status=status, reason=f"{reason} {winner.candidate.form.written}"))
    return kept, hidden


def shown(one: Judged, text: str, normalized: NormalizedText, verb: str = "", value: str = "") -> Match:
    candidate, term, status, reason = one
    form = candidate.form
    kind = form.kind if term == form.term else "literal" if term == form.written else "alias"
    start, end = normalized.original_span(candidate.start, candidate.end)
    clean = text[start:end] == normalized.text[candidate.start : candidate.end]
    repairs = () if clean else normalized.repairs_in(candidate.start, candidate.end, text)
    surface = text[start:end]
    return Match(term, kind, form.written, ((start, end),), surface, status, reason, form.pattern, verb, repairs, value)


def coordinated(found: Coordinated, text: str, normalized: NormalizedText, verb: str) -> Match:
    parts = tuple(normalized.original_span(*span) for span in found.parts)
    reason = "shares a part with its neighbour"
    repairs = normalized.repairs_in(found.parts[0][0], found.parts[-1][1], text)
    surface = text[parts[0][0] : parts[-1][1]]
    return Match(
        found.form.term,
        "coordinated",
        found.form.written,
        parts,
        surface,
        "counted",
        reason,
        verb=verb,
        repairs=repairs,
    )


def tallied(document: Document, oracle: Oracle, settings: Settings) -> Tally:
    """What `tally` must give: the matches of the oracle in the whole document, counted one by one."""
    normalized = normalize_page(document.text, settings.keep_furniture, settings.repair)
    han = len([character for character in normalized.text if _is_han(character)])
    units = {
        "tokens": lambda: token_count(normalized),
        "sentences": lambda: len(re.findall(SENTENCE, normalized.text)),
        "documents": lambda: 1,
        "han": lambda: han,
    }
    assert units.keys() == DENOMINATORS.keys()
    result = Tally(document.name, document.encoding, han, units[settings.per]())
    result.repairs.update(normalized.repairs)
    for match in oracle.match(document.text, normalized):
        if is_occurrence(match, settings.nested):
            result.forms[match.term, match.form] += 1
            result.written[match.term, match.written] += 1
            if mended := set(match.repairs).intersection(REPAIRS):
                result.mended.update({*mended, "any"})
        if match.status in ("nested", "unresolved", "rejected"):
            getattr(result, match.status)[match.term] += 1
        if match.pattern:
            result.patterns[match.term] = min(match.pattern, result.patterns.get(match.term, match.pattern))
        if match.verb:
            result.verbs[match.term, match.verb] += 1
    return result


def _is_han(character: str) -> bool:
    ranges = HAN[1:].replace("-", "")
    return character == HAN[0] or any(
        first <= character <= last for first, last in zip(ranges[::2], ranges[1::2], strict=True)
    )
