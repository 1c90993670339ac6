"""The rules of counting, in order: all candidates, senses, the longest, coordination, what stands beside.

The hits stay numbers in arrays. Rules are asked only about the hits whose form and neighbours call for one, and objects are made only of
what is shown.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from envterms import engine
from envterms.lexicon.model import Lexicon
from envterms.matching import candidates
from envterms.matching import coordination as series_of
from envterms.matching.candidates import Candidate, runs_on
from envterms.matching.context import JOINT, Context, Counted
from envterms.matching.coordination import Coordinated, Coordination
from envterms.matching.model import Match
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Decision, Senses
from envterms.matching.tables import EDGES, EXTENSIBLE, PLACE, SENSES, VERB, tables_of
from envterms.normalizing import NormalizedText, normalize, repairs_of

_NAMED = -1  # stands for the number of a form in a hit of a pattern
_STATES = ("counted", "nested", "overlapped")  # of a hit, as `engine.coded` numbers them
_SERIES = series_of.LEFT | series_of.RIGHT | series_of.ANYWHERE | series_of.BRACKETS


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
        families = lexicon.families if coordination else ()
        verbs = lexicon.context.get("verb", ())
        self._coordination = Coordination(families, tables.forms, verbs, tables.trie)
        self._context = Context(lexicon)
        edges = dict.fromkeys(candidates.EDGES, EDGES)
        extensions = dict.fromkeys(self._patterns.extensions, EXTENSIBLE)
        self._extending = _beside(PLACE, edges), _beside(PLACE, edges, extensions)
        fronts = dict.fromkeys(self._context.fronts, VERB)
        left = dict.fromkeys(series_of.LAST, series_of.LEFT) if coordination else {}
        right = dict.fromkeys(series_of.FIRST, series_of.RIGHT) | {"(": series_of.BRACKETS} if coordination else {}
        always = SENSES | ((series_of.LISTED | series_of.ANYWHERE) if coordination else 0)
        self._judging = _beside(always, left, fronts), _beside(0, right)

    def match(self, text: str, normalized: NormalizedText | None = None) -> list[Match]:
        """All matches in `text` in reading order, those that are not counted too; `normalized` saves normalizing again.

        The longest match over the whole lexicon is counted, the leftmost first. It is sought among the candidates that no sense rule
        rejects, since a long one that is rejected must not hide a short one that is right.
        """
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized)
        kept = [hit for hit, winner in enumerate(found.winners) if winner == hit]
        counted = self._counted(found, kept)
        verbs, values = self._context.verbs(normalized.text, counted), self._context.values(normalized.text, counted)
        mended = normalized.mended(found.hits, text)
        matches = [_match(one, text, normalized, mended[hit]) for hit, one in self._hidden(found)]
        for hit in kept:
            at = found.hits.starts[hit]
            verb, value = verbs.get(at, ""), values.get(at, "")
            matches.append(_match(self._judged(found, hit), text, normalized, mended[hit], verb, value))
        for series, bits in zip(found.series, _mended(found.series, text, normalized), strict=True):
            matches.append(_coordinated(series, text, normalized, bits, verbs.get(series.parts[0][0], "")))
        matches.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return matches

    def count(
        self, text: str, normalized: NormalizedText | None = None, beyond: frozenset[str] = frozenset()
    ) -> Counter[int | Alike]:
        """How many matches of each kind `match` gives, without making them; `alike` says which kind a number stands for.

        If the text is a part of a document, `beyond` are the `document_cues` of its other parts.
        """
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized, beyond)
        hits, winners = found.hits, found.winners
        verbs = self._verbs(found, normalized.text)
        mended = normalized.mended(hits, text)
        with_verb = {hit for start in verbs for hit in found.kept_in(start, start + 1) if hits.starts[hit] == start}
        alike: Counter[int | Alike] = Counter()
        for hit in {*found.ruled, *found.swallowed, *with_verb}:
            one, winner = self._judged(found, hit), winners[hit]
            status, verb = one.status, ""
            if hit in found.swallowed:
                status = "nested"
            elif winner == hit:
                verb = verbs.get(hits.starts[hit], "")
            elif winner >= 0:
                status = "nested" if hits.ends[hit] <= hits.ends[winner] else "overlapped"
            elif status != "rejected":
                continue
            winners[hit] = -1
            form = one.candidate.form
            alike[Alike(one.term, _kind(one), form.written, status, form.pattern, verb, repairs_of(mended[hit]))] += 1
        alike.update(engine.coded(hits, winners, mended))
        for other, bits in zip(found.series, _mended(found.series, text, normalized), strict=True):
            verb, repairs = verbs.get(other.parts[0][0], ""), repairs_of(bits)
            alike[Alike(other.form.term, "coordinated", other.form.written, "counted", "", verb, repairs)] += 1
        return alike

    def alike(self, counts: Mapping[int | Alike, int]) -> Iterator[tuple[Alike, int]]:
        """What `count` counted, its numbers resolved."""
        for what, times in counts.items():
            if isinstance(what, int):
                number, mended = divmod(what, engine.REPAIRS)
                form = self.forms.at(number // 3)
                what = Alike(form.term, form.kind, form.written, _STATES[number % 3], repairs=repairs_of(mended))
            yield what, times

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
        hits = engine.scan(self._tables.trie, normalized.text)
        found = _Found(hits)
        starts, ends, forms = hits
        terms, pieces = [], []
        signs: dict[str, list[int]] = {}
        for hit, why in zip(*engine.asked(normalized.text, hits, self._tables.rules, *self._extending), strict=True):
            if why & EDGES and runs_on(normalized, starts[hit], ends[hit]):
                pieces.append(hit)
            elif why & EXTENSIBLE:
                terms.append(self._candidate(found, hit))
            if why & PLACE:
                signs.setdefault(normalized.text[starts[hit] : ends[hit]], []).append(starts[hit])
        for hit in reversed(pieces):
            del starts[hit], ends[hit], forms[hit]
        for one in sorted(self._patterns.find(text, normalized, terms, signs), key=lambda one: (one.start, -one.end)):
            hit = bisect_left(starts, one.start)
            while hit < len(starts) and starts[hit] == one.start and ends[hit] >= one.end:
                hit += 1
            starts.insert(hit, one.start)
            ends.insert(hit, one.end)
            forms.insert(hit, _NAMED)
            found.ruled[hit] = _Judged(one, one.form.term, "counted")  # the next ones stand behind it
        found.asked = list(zip(*engine.asked(normalized.text, hits, self._tables.rules, *self._judging), strict=True))
        return found

    def _judge(self, found: _Found, text: str, beyond: frozenset[str]) -> None:
        """What the sense rules say of the candidates that have one."""
        starts, ends, forms = found.hits
        asked = []
        for hit in (hit for hit, why in found.asked if why & SENSES):
            start, end = starts[hit], ends[hit]
            beside = self._senses.beside(self.forms.at(forms[hit]).text)
            if beside is None or text[start - 1 : start] in beside[0] or text[end : end + 1] in beside[1]:
                asked.append(hit)
        for hit in sorted([*asked, *found.ruled]):
            candidate = self._candidate(found, hit)
            form = candidate.form
            decision = self._senses.decide(form.text, text, candidate.start, candidate.end, beyond)
            if decision is None:
                continue
            verdict, sense = decision.rule.decision, decision.rule.sense
            if verdict == "count":
                found.ruled[hit] = _Judged(candidate, sense, "counted", decision)
            else:
                status = "rejected" if verdict == "reject" else "unresolved"
                found.ruled[hit] = _Judged(candidate, form.term, status, decision)

    def _keep_longest(self, found: _Found) -> None:
        """Which candidate is kept, and which lies in or across a kept one, among those that are not rejected."""
        names: dict[str, int] = {}  # of patterns
        told = array("i", found.ruled)
        terms = array("i")
        for one in found.ruled.values():
            number = self.forms.term_number(one.term)
            if number < 0:
                number = len(self.forms.names) + names.setdefault(one.term, len(names))
            terms.append(-1 if one.status == "rejected" else number)
        found.winners = engine.longest(found.hits, self.forms.owners, told, terms)

    def _coordinate(self, found: _Found, text: str) -> None:
        """The terms of coordinated series; what lies inside their members is taken from what is kept."""
        (starts, ends, _), series, coordination = found.hits, found.series, self._coordination
        told: set[tuple[str, tuple[tuple[int, int], ...]]] = set()  # a series may be found from both its ends
        asked = self._joinable(found, text)
        groups = (
            (coordination.expand(text, self._candidate(found, hit), why), hit)
            for hit, why in asked
            if why != series_of.LISTED
        )
        signs = [starts[hit] for hit, why in asked if why == series_of.LISTED]
        for group, closing in chain(groups, ((one, None) for one in coordination.elsewhere(text, signs))):
            for other in group:
                if (other.form.term, other.parts) in told:
                    continue
                hull = (other.parts[0][0], other.parts[-1][1])
                touched = {
                    hit: first <= starts[hit] and ends[hit] <= last and (starts[hit], ends[hit]) != hull
                    for start, end in other.parts
                    for first, last in (hull if closing is None else (start, end),)
                    for hit in found.kept_in(start, end)
                    if hit not in found.swallowed and (hit != closing or (start, end) == (starts[hit], ends[hit]))
                }
                if not all(touched.values()):
                    break  # a part is a piece of a longer term, so the series is another one, or all of it is one term
                told.add((other.form.term, other.parts))
                found.swallowed.update(dict.fromkeys(touched, other.form.written))
                series.append(other)
        for hit in found.swallowed:
            found.winners[hit] = -1

    def _joinable(self, found: _Found, text: str) -> list[tuple[int, int]]:
        """The kept hits that may be in a series and the signs that one may have, and in which way."""
        winners, ruled = found.winners, found.ruled
        asked = [
            (hit, why & _SERIES)
            for hit, why in found.asked
            if why & _SERIES and winners[hit] == hit
            if hit not in ruled or ruled[hit].status == "counted"
        ]
        asked += [(hit, series_of.LISTED) for hit, why in found.asked if why & series_of.LISTED]
        if engine.joinable is None or not asked:
            return asked
        hits, whys = zip(*asked, strict=True)
        tables = self._tables
        ways = engine.joinable(tables.trie, text, found.hits, hits, whys, tables.tails, tables.heads)
        return [(hit, way) for hit, way in zip(hits, ways, strict=True) if way]

    def _counted(self, found: _Found, hits: Iterable[int]) -> list[Counted]:
        """Those of the kept hits that are counted and the series, in reading order."""
        names, owners, written, ruled = self.forms.names, self.forms.owners, self.forms.written, found.ruled
        starts, ends, forms = found.hits
        counted = []
        for hit in hits:
            if hit not in ruled:
                number = forms[hit]
                counted.append(
                    Counted(starts[hit], ends[hit], names[owners[number]], written[number % self._tables.trie.forms])
                )
            elif ruled[hit].status == "counted":
                candidate, term, _, _ = ruled[hit]
                counted.append(Counted(candidate.start, candidate.end, term, candidate.form.written))
        return sorted([*counted, *map(_open, found.series)])

    def _verbs(self, found: _Found, text: str) -> Mapping[int, str]:
        """The verbs of kept hits and series, as `Context.verbs` finds them by the start of a match. That sees here only what may be joined
        to another match; the others have the verb that stands before them, if any.
        """
        (starts, ends, forms), winners, ruled, context = found.hits, found.winners, found.ruled, self._context
        joined = {*engine.adjoining(found.hits, winners)}
        for one in found.series:
            for _, end in one.parts:
                hit = bisect_left(starts, end)
                while hit < len(starts) and starts[hit] == end:
                    joined.add(hit)
                    hit += 1
        asked = {hit for hit, why in found.asked if why & VERB}
        asked.update(hit for hit in joined if forms[hit] >= 0 and self._tables.rules[forms[hit]] & VERB)
        asked.update(ruled)
        verbs: dict[int, str] = {}
        near = set()
        for hit in asked:
            if winners[hit] != hit or (hit in ruled and ruled[hit].status != "counted"):
                continue
            start = starts[hit]
            if hit in joined or text[start - 1 : start] in context.joints:
                near.add(hit)
            elif hit not in ruled or context.may_have_verb(ruled[hit].candidate.form.written, ruled[hit].term):
                verb = context.verb_before(text, start)
                if verb:
                    verbs[start] = verb
        for start in [*(starts[hit] for hit in near), *(one.parts[0][0] for one in found.series)]:
            hit = found.kept_before(start)
            while hit >= 0 and hit not in near and ends[hit] + JOINT >= start:
                near.add(hit)
                start = starts[hit]
                hit = found.kept_before(start)
        verbs.update(context.verbs(text, self._counted(found, near)))
        return verbs

    def _hidden(self, found: _Found) -> Iterator[tuple[int, _Judged]]:
        """What is neither kept nor in a series, and why."""
        ends = found.hits.ends
        for hit, winner in enumerate(found.winners):
            if winner not in (hit, -1):
                across = self._candidate(found, winner).form.written
                nested = ends[hit] <= ends[winner]
                status, reason = ("nested", f"inside {across}") if nested else ("overlapped", f"across {across}")
                yield hit, self._judged(found, hit)._replace(status=status, why=reason)
        yield from ((hit, one) for hit, one in sorted(found.ruled.items()) if one.status == "rejected")
        for hit, written in found.swallowed.items():
            yield hit, self._judged(found, hit)._replace(status="nested", why=f"inside {written}")

    def _judged(self, found: _Found, hit: int) -> _Judged:
        known = found.ruled.get(hit)
        if known is not None:
            return known
        candidate = self._candidate(found, hit)
        return _Judged(candidate, candidate.form.term, "counted")

    def _candidate(self, found: _Found, hit: int) -> Candidate:
        if hit in found.ruled:
            return found.ruled[hit].candidate
        starts, ends, forms = found.hits
        return Candidate(starts[hit], ends[hit], self.forms.at(forms[hit]))


class _Judged(NamedTuple):
    """A candidate with the term that it stands for, its status so far, and why: the decision, or in words."""

    candidate: Candidate
    term: str
    status: str
    why: Decision | str = ""


@dataclass(slots=True)
class _Found:
    """The candidates of a text, and what became of them by their place in `hits`.

    `asked` are those with rules for `_judge` or what follows, and these rules; `ruled` those that a pattern found or that a rule spoke
    about. `winners` leads to the kept one that hides each, `swallowed` to the form of the series in which it lies.
    """

    hits: engine.Hits
    asked: list[tuple[int, int]] = field(default_factory=list)
    ruled: dict[int, _Judged] = field(default_factory=dict)
    winners: array[int] = field(default_factory=lambda: array("i"))
    swallowed: dict[int, str] = field(default_factory=dict)
    series: list[Coordinated] = field(default_factory=list)

    def kept_before(self, place: int) -> int:
        """The last kept hit that begins before a place, -1 if there is none."""
        hit = bisect_left(self.hits.starts, place) - 1
        while hit >= 0 and self.winners[hit] != hit:
            hit -= 1
        return hit

    def kept_in(self, start: int, end: int) -> Iterator[int]:
        """The kept hits that share a character with `[start, end)`."""
        hit = self.kept_before(end)
        while hit >= 0 and self.hits.ends[hit] > start:
            yield hit
            hit = self.kept_before(self.hits.starts[hit])


def _beside(always: int, *special: dict[str, int]) -> array[int]:
    """The rules that hold beside each code point, for `engine.asked`."""
    table = array("H", [always]) * 0x10001
    for character, rules in chain.from_iterable(map(dict.items, special)):
        table[ord(character)] |= rules
    return table


def _open(one: Coordinated) -> Counted:
    """A coordinated term for the search of its verb; more of it comes behind the first part."""
    return Counted(*one.parts[0], one.form.term, one.form.written, open=one.parts[0] == one.member)


def _kind(one: _Judged) -> str:
    form = one.candidate.form
    return form.kind if one.term == form.term else ("literal" if one.term == form.written else "alias")


def _mended(series: list[Coordinated], text: str, normalized: NormalizedText) -> list[int]:
    """The repairs of each series from the first of its parts to the last."""
    hulls = sorted({(one.parts[0][0], one.parts[-1][1]) for one in series})
    starts, ends = (array("i", [hull[side] for hull in hulls]) for side in (0, 1))
    known = dict(zip(hulls, normalized.mended(engine.Hits(starts, ends, starts), text), strict=True)) if hulls else {}
    return [known[one.parts[0][0], one.parts[-1][1]] for one in series]


def _match(one: _Judged, text: str, normalized: NormalizedText, mended: int, verb: str = "", value: str = "") -> Match:
    """The match in the original text."""
    candidate, term, status, why = one
    reason = why if isinstance(why, str) else why.reason
    form, parts = candidate.form, (normalized.original_span(candidate.start, candidate.end),)
    surface, repairs = text[slice(*parts[0])], repairs_of(mended)
    return Match(term, _kind(one), form.written, parts, surface, status, reason, form.pattern, verb, repairs, value)


def _coordinated(found: Coordinated, text: str, normalized: NormalizedText, mended: int, verb: str) -> Match:
    parts = tuple(normalized.original_span(*span) for span in found.parts)
    surface, reason = text[parts[0][0] : parts[-1][1]], "shares a part with its neighbour"
    return Match(
        found.form.term, "coordinated", found.form.written, parts, surface, "counted", reason, verb=verb, repairs=repairs_of(mended)
    )  # fmt: skip
