"""The rules of counting, in order: all candidates, senses, the longest, coordination, what stands beside.

The hits stay numbers in lists. Rules are asked only about the hits whose form has one, and objects are made only of what is shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from envterms.engine import scan
from envterms.lexicon.model import Lexicon
from envterms.matching.candidates import Candidate, runs_on
from envterms.matching.context import Context, Counted
from envterms.matching.coordination import Coordinated, Coordination
from envterms.matching.model import Match
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Senses
from envterms.matching.tables import EDGES, EXTENSIBLE, SENSES, tables_of
from envterms.normalizing import NormalizedText, normalize

_NAMED = -1  # stands for the number of a form in a hit of a pattern


class Alike(NamedTuple):
    """What matches that are counted together have in common; the fields are those of Match."""

    term: str
    form: str
    written: str
    status: str
    pattern: str = ""
    verb: str = ""
    repairs: tuple[str, ...] = ()


class Matcher:
    """A lexicon made ready for matching. Building it costs some hundredths of a second, tenths for a lexicon seen first, so
    it is built once for many documents.

    `forms` holds every spelling that is looked for, normalized.
    """

    def __init__(self, lexicon: Lexicon, coordination: bool = True, patterns: bool = True) -> None:
        self.lexicon = lexicon
        self._tables = tables = tables_of(lexicon)
        self.forms = tables.forms
        self._senses = Senses(lexicon.senses, tables.forms)
        self._patterns = Patterns(lexicon.patterns.values() if patterns else (), lexicon.places)
        self._coordination = Coordination(lexicon.families if coordination else (), tables.forms)
        self._context = Context(lexicon)

    def match(self, text: str, normalized: NormalizedText | None = None) -> list[Match]:
        """All matches in `text` in reading order, those that are not counted too; `normalized` saves normalizing again.

        The longest match over the whole lexicon is counted, the leftmost first. It is sought among the candidates that no sense rule
        rejects, since a long one that is rejected must not hide a short one that is right.
        """
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized)
        counted = self._counted(found)
        verbs, values = self._context.verbs(normalized.text, counted), self._context.values(normalized.text, counted)
        matches = [_match(one, text, normalized) for one in self._hidden(found)]
        for hit in found.kept:
            at = found.starts[hit]
            one = self._judged(found, hit)
            matches.append(_match(one, text, normalized, verbs.get(at, ""), values.get(at, "")))
        matches += [_coordinated(one, text, normalized, verbs.get(one.parts[0][0], "")) for one in found.series]
        matches.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return matches

    def count(
        self, text: str, normalized: NormalizedText | None = None, beyond: frozenset[str] = frozenset()
    ) -> Counter[Alike]:
        """How many matches of each kind `match` gives, without making them, in the order of the first of each; of names that patterns
        found in that of the last, which says what pattern the name is of.

        If the text is a part of a document, `beyond` are the `document_cues` of its other parts.
        """
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized, beyond)
        verbs = self._context.verbs(normalized.text, self._counted(found))
        mended = _mended(found, text, normalized)
        counts: Counter[Alike] = Counter()
        places: dict[Alike, tuple[int, bool, int]] = {}

        def add(what: Alike, start: int, end: int, times: int = 1) -> None:
            counts[what] += times
            place = start, what.status != "counted", end
            places[what] = (max if what.pattern else min)(place, places.get(what, place))

        hidden = {"nested": [*found.nested, *found.swallowed], "overlapped": found.overlapped}
        for status, hits in {**hidden, "rejected": found.rejected, "counted": found.kept}.items():
            alike = []
            for hit in hits:
                start = found.starts[hit]
                verb = verbs.get(start, "") if status == "counted" else ""
                if verb or hit in mended or hit in found.ruled:
                    one = self._judged(found, hit)
                    form, final = one.candidate.form, one.status if status == "counted" else status
                    what = Alike(one.term, _kind(one), form.written, final, form.pattern, verb, mended.get(hit, ()))
                    add(what, start, found.ends[hit])
                else:
                    alike.append(hit)
            numbers = [found.forms[hit] for hit in alike]
            first = dict(zip(reversed(numbers), reversed(alike), strict=True))
            for number, times in Counter(numbers).items():
                form, hit = self.forms.at(number), first[number]
                add(Alike(form.term, form.kind, form.written, status), found.starts[hit], found.ends[hit], times)
        for other in found.series:
            start, end = other.parts[0][0], other.parts[-1][1]
            status, verb = "nested" if other.whole else "counted", verbs.get(start, "")
            repairs = normalized.repairs_in(start, end, text)
            add(Alike(other.form.term, "coordinated", other.form.written, status, "", verb, repairs), start, end)
        return Counter({what: counts[what] for what in sorted(places, key=places.__getitem__)})

    def document_cues(self, normalized: NormalizedText) -> frozenset[str]:
        """What stands in this part of a document and may decide about another part."""
        return self._senses.document_cues(normalized.text)

    def _resolve(self, text: str, normalized: NormalizedText, beyond: frozenset[str] = frozenset()) -> _Found:
        found = self._find(text, normalized)
        self._judge(found, normalized.text, beyond)
        self._keep_longest(found)
        self._coordinate(found, normalized.text)
        return found

    def _find(self, text: str, normalized: NormalizedText) -> _Found:
        """The candidates, those of patterns too, leftmost first and at one place the longest first."""
        starts, ends, forms = scan(self._tables.trie, normalized.text)
        rules = self._tables.rules
        for hit in [hit for hit, form in enumerate(forms) if rules[form] & EDGES][::-1]:
            if runs_on(normalized, starts[hit], ends[hit]):
                del starts[hit], ends[hit], forms[hit]
        found = _Found(starts, ends, forms)
        plain, extensions = normalized.text, self._patterns.extensions
        followed = [hit for hit, end in enumerate(ends) if plain[end : end + 1] in extensions]
        terms = [self._candidate(found, hit) for hit in followed if rules[forms[hit]] & EXTENSIBLE]
        for one in sorted(self._patterns.find(text, normalized, terms), key=lambda one: (one.start, -one.end)):
            hit = bisect_left(starts, one.start)
            while hit < len(starts) and starts[hit] == one.start and ends[hit] >= one.end:
                hit += 1
            starts.insert(hit, one.start)
            ends.insert(hit, one.end)
            forms.insert(hit, _NAMED)
            found.ruled[hit] = _Judged(one, one.form.term, "counted", "")  # the next ones stand behind it
        return found

    def _judge(self, found: _Found, text: str, beyond: frozenset[str]) -> None:
        """What the sense rules say of the candidates that have one."""
        rules = self._tables.rules
        asked = [hit for hit, form in enumerate(found.forms) if form == _NAMED or rules[form] & SENSES]
        for hit in asked:
            candidate = self._candidate(found, hit)
            form = candidate.form
            if form.text not in self._senses:
                continue
            decision = self._senses.decide(form.text, text, candidate.start, candidate.end, beyond)
            if decision is None:
                continue
            verdict, sense = decision.rule.decision, decision.rule.sense
            if verdict == "count":
                found.ruled[hit] = _Judged(candidate, sense, "counted", decision.reason)
            else:
                status = "rejected" if verdict == "reject" else "unresolved"
                found.ruled[hit] = _Judged(candidate, form.term, status, decision.reason)

    def _keep_longest(self, found: _Found) -> None:
        """What is kept, and what lies in or across a kept one, among the candidates that are not rejected.

        A shorter form of the same term inside its longer form is not worth telling and left out.
        """
        ends, ruled = found.ends, found.ruled
        names, owners = self.forms.names, self.forms.owners
        terms = [names[owners[form]] for form in found.forms]
        for hit, one in ruled.items():
            terms[hit] = one.term
        found.rejected = sorted(hit for hit, one in ruled.items() if one.status == "rejected")
        rejected = set(found.rejected)
        end, winner = 0, -1
        for hit, start in enumerate(found.starts):
            if hit in rejected:
                continue
            if start >= end:
                found.kept.append(hit)
                end, winner = ends[hit], hit
            elif terms[hit] != terms[winner]:
                (found.nested if ends[hit] <= end else found.overlapped)[hit] = winner

    def _coordinate(self, found: _Found, text: str) -> None:
        """The terms of coordinated series; what lies inside their members is taken from what is kept."""
        starts, ends, kept, series = found.starts, found.ends, found.kept, found.series
        coordination, texts = self._coordination, self.forms.texts
        expanded = []
        for hit in kept:
            number = found.forms[hit]
            if not 0 <= number < len(texts):  # a pattern found it, or it has 的 in it
                continue
            fused = coordination.may_be_fused(texts[number])
            if not (fused or coordination.may_expand(text, starts[hit], ends[hit], texts[number])):
                continue
            if hit in found.ruled and found.ruled[hit].status != "counted":
                continue
            candidate = self._candidate(found, hit)
            if fused:
                series += coordination.fused(text, candidate)
            expanded.append((hit, candidate))
        inside: dict[int, str] = {}
        told: set[tuple[str, tuple[tuple[int, int], ...]]] = set()  # a series may be found from both its ends
        places = [starts[hit] for hit in kept]
        groups = ((coordination.expand(text, candidate), hit) for hit, candidate in expanded)
        for group, closing in chain(groups, ((one, None) for one in coordination.elsewhere(text))):
            for other in group:
                if (other.form.term, other.parts) in told:
                    continue
                told.add((other.form.term, other.parts))
                hull = (other.parts[0][0], other.parts[-1][1])
                touched = {
                    hit: first <= starts[hit] and ends[hit] <= last
                    for start, end in other.parts
                    for first, last in (hull if closing is None else (start, end),)
                    for hit in kept[max(bisect_right(places, start) - 1, 0) : bisect_left(places, end)]
                    if ends[hit] > start and hit != closing
                }
                around = (hit for hit in touched if starts[hit] <= hull[0] and hull[1] <= ends[hit])
                holder = next(around, None) if closing is None else None
                if holder is not None:  # 三大保卫战 of 蓝天、碧水、净土三大保卫战
                    series.append(replace(other, whole=self._candidate(found, holder).form.written))
                    continue
                if not all(touched.values()):
                    break  # a part is a piece of a longer term, so the series is another one
                inside.update(dict.fromkeys(touched, other.form.written))
                series.append(other)
        found.swallowed = inside
        found.kept = [hit for hit in kept if hit not in inside]

    def _counted(self, found: _Found) -> list[Counted]:
        """What is counted, in reading order."""
        names, owners, written, ruled = self.forms.names, self.forms.owners, self.forms.written, found.ruled
        counted = []
        for hit in found.kept:
            if hit not in ruled:
                number = found.forms[hit]
                term = names[owners[number]]
                counted.append(Counted(found.starts[hit], found.ends[hit], term, written[number % len(written)]))
            elif ruled[hit].status == "counted":
                candidate, term, _, _ = ruled[hit]
                counted.append(Counted(candidate.start, candidate.end, term, candidate.form.written))
        return sorted([*counted, *(_open(one) for one in found.series if not one.whole)])

    def _hidden(self, found: _Found) -> Iterator[_Judged]:
        """What is neither kept nor in a series, and why."""
        for hit in sorted(found.nested | found.overlapped):
            nested = hit in found.nested
            winner = self._candidate(found, (found.nested if nested else found.overlapped)[hit]).form.written
            status, reason = ("nested", f"inside {winner}") if nested else ("overlapped", f"across {winner}")
            yield self._judged(found, hit)._replace(status=status, reason=reason)
        yield from (found.ruled[hit] for hit in found.rejected)
        for hit, written in found.swallowed.items():
            yield self._judged(found, hit)._replace(status="nested", reason=f"inside {written}")

    def _judged(self, found: _Found, hit: int) -> _Judged:
        known = found.ruled.get(hit)
        if known is not None:
            return known
        candidate = self._candidate(found, hit)
        return _Judged(candidate, candidate.form.term, "counted", "")

    def _candidate(self, found: _Found, hit: int) -> Candidate:
        if hit in found.ruled:
            return found.ruled[hit].candidate
        return Candidate(found.starts[hit], found.ends[hit], self.forms.at(found.forms[hit]))


class _Judged(NamedTuple):
    """A candidate with the term that it stands for, its status so far, and why."""

    candidate: Candidate
    term: str
    status: str
    reason: str


@dataclass(slots=True)
class _Found:
    """The candidates of a text in parallel lists, and what became of them by their place in these lists.

    `ruled` holds those that a pattern found or that a rule spoke about; `nested` and `overlapped` lead to the kept one that hides it,
    `swallowed` to the form of the series in which it lies.
    """

    starts: list[int]
    ends: list[int]
    forms: list[int]
    ruled: dict[int, _Judged] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)
    nested: dict[int, int] = field(default_factory=dict)
    overlapped: dict[int, int] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)
    swallowed: dict[int, str] = field(default_factory=dict)
    series: list[Coordinated] = field(default_factory=list)


def _mended(found: _Found, text: str, normalized: NormalizedText) -> dict[int, tuple[str, ...]]:
    """The repairs of the candidates that needed one."""
    plain, gaps, shifts = normalized.text, normalized.gap_starts, normalized.gap_shifts
    mended = {}
    gap = shift = 0
    for hit, (start, end) in enumerate(zip(found.starts, found.ends, strict=True)):
        while gap < len(gaps) and gaps[gap] <= start:
            shift = shifts[gap]
            gap += 1
        broken = gap < len(gaps) and gaps[gap] < end
        if broken or text[start + shift : end + shift] != plain[start:end]:
            mended[hit] = normalized.repairs_in(start, end, text)
    return mended


def _open(one: Coordinated) -> Counted:
    """A coordinated term for the search of its verb; more of it comes behind the first part."""
    return Counted(*one.parts[0], one.form.term, one.form.written, open=one.parts[0] == one.member)


def _kind(one: _Judged) -> str:
    form = one.candidate.form
    return form.kind if one.term == form.term else ("literal" if one.term == form.written else "alias")


def _match(one: _Judged, text: str, normalized: NormalizedText, verb: str = "", value: str = "") -> Match:
    """The match in the original text."""
    candidate, term, status, reason = one
    form = candidate.form
    start, end = normalized.original_span(candidate.start, candidate.end)
    surface = text[start:end]
    clean = surface == normalized.text[candidate.start : candidate.end]
    repairs = () if clean else normalized.repairs_in(candidate.start, candidate.end, text)
    return Match(
        term, _kind(one), form.written, ((start, end),), surface, status, reason, form.pattern, verb, repairs, value
    )


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
