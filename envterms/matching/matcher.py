"""The rules of counting, in order: all candidates, senses, the longest, coordination, what stands beside.

The hits stay numbers in arrays. Rules are asked only about the hits whose form and neighbours call for one, and objects are made only of
what is shown.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from envterms import engine
from envterms.engine.hits import ANYWHERE, BRACKETS, LEFT, LISTED, MEMBER, RIGHT
from envterms.errors import InvalidArgument
from envterms.lexicon.model import Lexicon
from envterms.matching import candidates
from envterms.matching.candidates import Candidate, Form, runs_on
from envterms.matching.context import JOINT, Context, Counted
from envterms.matching.coordination import FIRST, LAST, Coordinated, Coordination
from envterms.matching.model import Match
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Beyond, Decision, Senses, nowhere
from envterms.matching.tables import EDGES, EXTENSIBLE, PLACE, SENSES, VERB, tables_of
from envterms.normalizing import NormalizedText, normalize, repairs_of

_NAMED = -1  # stands for the number of a form in a hit of a pattern
_STATES = ("counted", "nested", "overlapped")  # of a hit, as `engine.coded` numbers them


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
        self._context = Context(lexicon, tables.words)
        edges = dict.fromkeys(candidates.EDGES, EDGES)
        extensions = dict.fromkeys(self._patterns.extensions, EXTENSIBLE)
        self._extending = _beside(PLACE, edges), _beside(PLACE, edges, extensions)
        fronts = dict.fromkeys(self._context.fronts, VERB)
        left = dict.fromkeys(LAST, LEFT) if coordination else {}
        right = dict.fromkeys(FIRST, RIGHT) | {"(": BRACKETS} if coordination else {}
        always = SENSES | ((LISTED | ANYWHERE) if coordination else 0)
        self._rulings: dict[tuple[int, int], Ruling] = {}
        self._coded: dict[int, Alike] = {}
        self._kinds: dict[tuple[int, str | None, str, str, int], Alike] = {}
        self._judging = _beside(always, left, fronts), _beside(0, right)

    def match(self, text: str, normalized: NormalizedText | None = None, beyond: Beyond = nowhere) -> list[Match]:
        """All matches in `text` in reading order, those that are not counted too; `normalized` saves normalizing again.

        If the text is a part of a document, `beyond` tells whether a cue, normalized, stands in another part.

        The longest match over the whole lexicon is counted, the leftmost first. It is sought among the candidates that no sense rule
        rejects, since a long one that is rejected must not hide a short one that is right.
        """
        if not isinstance(text, str):
            raise InvalidArgument(
                f"an object of type {type(text).__name__} is given where a text is needed; give document.text"
            )
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized, beyond)
        kept = [hit for hit, winner in enumerate(found.winners) if winner == hit]
        counted = self._counted(found, kept)
        verbs, values = self._context.verbs(normalized.text, counted), self._context.values(normalized.text, counted)
        mended = normalized.mended(found.hits, text)
        matches = [self._match(found, hit, one, text, normalized, mended[hit]) for hit, one in self._hidden(found)]
        for hit in kept:
            at = found.hits.starts[hit]
            verb, value = verbs.get(at, ""), values.get(at, "")
            matches.append(self._match(found, hit, found.ruled.get(hit), text, normalized, mended[hit], verb, value))
        for series, bits in zip(found.series, _mended(found.series, text, normalized), strict=True):
            matches.append(_coordinated(series, text, normalized, bits, verbs.get(series.parts[0][0], "")))
        matches.sort(key=lambda match: (match.start, match.status != "counted", match.end))
        return matches

    def count(
        self,
        text: str,
        normalized: NormalizedText | None = None,
        beyond: Beyond = nowhere,
        counts: Counter[int | Alike] | None = None,
    ) -> Counter[int | Alike]:
        """How many matches of each kind `match` gives, without making them; `alike` says which kind a number stands for.

        If the text is a part of a document, `beyond` tells whether a cue, normalized, stands in another part, and `counts` are those of
        parts before it, to which its own are added.
        """
        normalized = normalized or normalize(text)
        found = self._resolve(text, normalized, beyond)
        hits, winners = found.hits, found.winners
        verbs, of_series = self._verbs(found, normalized.text)
        mended = normalized.mended(hits, text)
        alike: Counter[int | Alike] = Counter() if counts is None else counts
        for hit in {*found.ruled, *found.swallowed, *verbs}:
            winner, status = winners[hit], found.status(hit)
            if hit in found.swallowed:
                status = "nested"
            elif winner >= 0 and winner != hit:
                status = "nested" if hits.ends[hit] <= hits.ends[winner] else "overlapped"
            elif winner != hit and status != "rejected":
                continue
            winners[hit] = -1
            alike[self._alike(found, hit, status, verbs.get(hit, ""), mended[hit])] += 1
        alike.update(engine.coded(hits, winners, mended))
        for other, bits in zip(found.series, _mended(found.series, text, normalized), strict=True):
            verb, repairs = of_series.get(other.parts[0][0], ""), repairs_of(bits)
            alike[Alike(other.form.term, "coordinated", other.form.written, "counted", "", verb, repairs)] += 1
        return alike

    def _alike(self, found: _Found, hit: int, status: str, verb: str, mended: int) -> Alike:
        """The kind of a hit; that of a form is kept, since there are only so many of them."""
        number, ruling = found.hits.forms[hit], found.ruled.get(hit)
        same = number, ruling and ruling.term, status, verb, mended
        known = self._kinds.get(same)
        if known is None:
            form = self._form(found, hit)
            term = ruling.term if ruling else form.term
            known = Alike(term, _kind(form, term), form.written, status, form.pattern, verb, repairs_of(mended))
            if number != _NAMED:
                self._kinds[same] = known
        return known

    def alike(self, counts: Mapping[int | Alike, int]) -> Iterator[tuple[Alike, int]]:
        """What `count` counted, its numbers resolved."""
        for what, times in counts.items():
            if isinstance(what, int):
                known = self._coded.get(what)
                if known is None:
                    number, mended = divmod(what, engine.REPAIRS)
                    form = self.forms.at(number // 3)
                    known = Alike(form.term, form.kind, form.written, _STATES[number % 3], repairs=repairs_of(mended))
                    self._coded[what] = known
                what = known
            yield what, times

    def apart(self, text: str, place: int, repair: bool = True) -> bool:
        """Whether what is found in a text is what is found before and behind a place in it, each by itself."""
        parts = [text[:place], text[place:]]
        whole, before, behind = (normalize(part, repair) for part in (text, *parts))
        if whole.text != before.text + behind.text:
            return False
        if Counter(whole.repairs) != Counter(before.repairs) + Counter(behind.repairs):
            return False
        cues: set[str] = set()  # that were asked for

        def beyond(cue: str) -> bool:
            cues.add(cue)
            return cue in whole.text

        found = self.match(parts[0], before, beyond)
        for match in self.match(parts[1], behind, beyond):
            found.append(replace(match, parts=tuple((start + place, end + place) for start, end in match.parts)))
        if found != self.match(text, whole, beyond):
            return False
        return all(cue in before.text or cue in behind.text for cue in cues if cue in whole.text)

    def _resolve(self, text: str, normalized: NormalizedText, beyond: Beyond) -> _Found:
        found = self._find(text, normalized)
        self._judge(found, normalized.text, beyond)
        self._keep_longest(found)
        self._coordinate(found, normalized.text)
        return found

    def _find(self, text: str, normalized: NormalizedText) -> _Found:
        """The candidates, those of patterns too, leftmost first and at one place the longest first."""
        hits = engine.scan(self._tables.trie, normalized.text)
        starts, ends, forms = hits
        terms, pieces = [], []
        signs: dict[str, list[int]] = {}
        for hit, why in zip(*engine.asked(normalized.text, hits, self._tables.rules, *self._extending), strict=True):
            if why & EDGES and runs_on(normalized, starts[hit], ends[hit]):
                pieces.append(hit)
            elif why & EXTENSIBLE:
                terms.append((starts[hit], ends[hit]))
            if why & PLACE:
                signs.setdefault(normalized.text[starts[hit] : ends[hit]], []).append(starts[hit])
        for hit in reversed(pieces):
            del starts[hit], ends[hit], forms[hit]
        found = _with_names(hits, sorted(self._patterns.find(text, normalized, terms, signs), key=_place))
        found.asked = engine.asked(normalized.text, found.hits, self._tables.rules, *self._judging)
        return found

    def _judge(self, found: _Found, text: str, beyond: Beyond) -> None:
        """What the sense rules say of the candidates that have one."""
        decided, codes = self._decided(found, text)
        for hit, code in zip(decided, codes, strict=True):
            if code >= 0:
                number = found.hits.forms[hit]
                known = self._rulings.get((number, code))
                if known is None:
                    form = self.forms.at(number)
                    known = self._rulings[number, code] = _ruling(form, self._senses.decision(form.text, code))
                found.ruled[hit] = known
        for hit in [*(hit for hit, code in zip(decided, codes, strict=True) if code < 0), *found.named]:
            form = self._form(found, hit)
            decision = self._senses.decide(form.text, text, found.hits.starts[hit], found.hits.ends[hit], beyond)
            if decision is not None:
                found.ruled[hit] = _ruling(form, decision)

    def _decided(self, found: _Found, text: str) -> tuple[list[int], list[int]]:
        """The candidates of which a sense rule may speak, and what an engine can tell of that: a number for `Senses.decision`, or less than
        0 where the rules must be asked.
        """
        asked = [hit for hit, why in zip(*found.asked, strict=True) if why & SENSES]
        if engine.decided is None:
            return asked, [-1] * len(asked)
        tables = self._tables
        return engine.decided(tables.sense_rules, tables.sense_lists, tables.trie, text, found.hits, asked)

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
            (coordination.expand(text, self._candidate(found, hit), way & MEMBER), hit)
            for hit, way in asked
            if way & MEMBER
        )
        signs = [starts[hit] for hit, way in asked if way & LISTED]
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
        """The kept hits that may be in a series and the signs that one may have, and in which ways."""
        tables = self._tables
        possible = engine.joinable(
            tables.trie, text, found.hits, found.winners, found.asked, tables.tails, tables.heads
        )
        return [
            (hit, way if found.status(hit) == "counted" else way & LISTED)
            for hit, way in zip(*possible, strict=True)
            if way
        ]

    def _counted(self, found: _Found, hits: Iterable[int]) -> list[Counted]:
        """Those of the kept hits that are counted and the series, in reading order."""
        starts, ends, _ = found.hits
        counted = []
        for hit in hits:
            ruling, form = found.ruled.get(hit), self._form(found, hit)
            if ruling is None or ruling.status == "counted":
                counted.append(Counted(starts[hit], ends[hit], ruling.term if ruling else form.term, form.written))
        return sorted([*counted, *map(_open, found.series)])

    def _verbs(self, found: _Found, text: str) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """The verbs of kept hits, and those of series by their starts, as `Context.verbs` finds them. It sees here only what may be joined
        to another match; the others have the verb that stands before them, if any.
        """
        (starts, ends, forms), winners, rules = found.hits, found.winners, self._tables.rules
        touching, joints = {*engine.adjoining(found.hits, winners, 0)}, self._context.joints
        near = {
            hit
            for hit in engine.adjoining(found.hits, winners, JOINT)
            if hit in touching or text[starts[hit] - 1] in joints
            if forms[hit] < 0 or rules[forms[hit]] & VERB or hit in found.ruled
        }
        behind = {end + gap for one in found.series for _, end in one.parts for gap in range(JOINT + 1)}
        near.update(hit for place in behind for hit in found.begun_at(place) if winners[hit] == hit)
        asked = [hit for hit, why in zip(*found.asked, strict=True) if why & VERB and winners[hit] == hit]
        alone = [hit for hit in asked if hit not in near and hit not in found.ruled]
        alone += [
            hit
            for hit, one in found.ruled.items()
            if winners[hit] == hit and one.status == "counted" and hit not in near
            if self._context.may_have_verb(self._form(found, hit).written, one.term)
        ]
        found_verbs = self._context.verbs_before(text, [starts[hit] for hit in alone])
        verbs = {hit: verb for hit, verb in zip(alone, found_verbs, strict=True) if verb}
        for start in [*map(starts.__getitem__, near), *(one.parts[0][0] for one in found.series)]:
            hit = found.kept_before(start)
            while hit >= 0 and hit not in near and ends[hit] + JOINT >= start:
                near.add(hit)
                start = starts[hit]
                hit = found.kept_before(start)
        by_start = self._context.verbs(text, self._counted(found, near))
        near.update(hit for one in found.series for hit in found.begun_at(one.parts[0][0]) if winners[hit] == hit)
        return verbs | {hit: verb for hit in near if (verb := by_start.get(starts[hit], ""))}, by_start

    def _hidden(self, found: _Found) -> Iterator[tuple[int, Ruling]]:
        """What is neither kept nor in a series, and why."""
        ends = found.hits.ends
        for hit, winner in enumerate(found.winners):
            if winner not in (hit, -1):
                across = self._form(found, winner).written
                nested = ends[hit] <= ends[winner]
                status, reason = ("nested", f"inside {across}") if nested else ("overlapped", f"across {across}")
                yield hit, self._ruling(found, hit)._replace(status=status, why=reason)
        yield from ((hit, one) for hit, one in sorted(found.ruled.items()) if one.status == "rejected")
        for hit, written in found.swallowed.items():
            yield hit, self._ruling(found, hit)._replace(status="nested", why=f"inside {written}")

    def _ruling(self, found: _Found, hit: int) -> Ruling:
        return found.ruled.get(hit) or Ruling(self._form(found, hit).term, "counted")

    def _form(self, found: _Found, hit: int) -> Form:
        return found.named[hit].form if hit in found.named else self.forms.at(found.hits.forms[hit])

    def _candidate(self, found: _Found, hit: int) -> Candidate:
        return found.named.get(hit) or Candidate(found.hits.starts[hit], found.hits.ends[hit], self._form(found, hit))

    def _match(
        self,
        found: _Found,
        hit: int,
        ruling: Ruling | None,
        text: str,
        normalized: NormalizedText,
        mended: int,
        verb: str = "",
        value: str = "",
    ) -> Match:
        """The match in the original text."""
        form = self._form(found, hit)
        term, status, why = ruling or Ruling(form.term, "counted")
        reason = why if isinstance(why, str) else why.reason
        part = normalized.original_span(found.hits.starts[hit], found.hits.ends[hit])
        surface, repairs = text[slice(*part)], repairs_of(mended)
        return Match(
            term, _kind(form, term), form.written, (part,), surface, status, reason, form.pattern, verb, repairs, value
        )


class Ruling(NamedTuple):
    """The term that a candidate stands for, its status so far, and why: the decision, or in words."""

    term: str
    status: str
    why: Decision | str = ""


def _ruling(form: Form, decision: Decision) -> Ruling:
    verdict, sense = decision.rule.decision, decision.rule.sense
    if verdict == "count":
        return Ruling(sense, "counted", decision)
    return Ruling(form.term, "rejected" if verdict == "reject" else "unresolved", decision)


@dataclass(slots=True)
class _Found:
    """The candidates of a text, and what became of them by their place in `hits`.

    `asked` are those with rules for `_judge` or what follows, and these rules; `named` those that a pattern found, `ruled` these and those
    that a rule spoke about. `winners` leads to the kept one that hides each, `swallowed` to the form of the series in which it lies.
    """

    hits: engine.Hits
    asked: tuple[Sequence[int], Sequence[int]] = ((), ())
    named: dict[int, Candidate] = field(default_factory=dict)
    ruled: dict[int, Ruling] = field(default_factory=dict)
    winners: array[int] = field(default_factory=lambda: array("i"))
    swallowed: dict[int, str] = field(default_factory=dict)
    series: list[Coordinated] = field(default_factory=list)

    def status(self, hit: int) -> str:
        """What is known of a hit by itself: `counted` unless a rule spoke about it."""
        return self.ruled[hit].status if hit in self.ruled else "counted"

    def begun_at(self, place: int) -> Iterator[int]:
        """The hits that begin at a place."""
        starts = self.hits.starts
        hit = bisect_left(starts, place)
        while hit < len(starts) and starts[hit] == place:
            yield hit
            hit += 1

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


def _place(one: Candidate) -> tuple[int, int]:
    return one.start, -one.end


def _with_names(hits: engine.Hits, names: Sequence[Candidate]) -> _Found:
    """The hits and the names that patterns found, which are in the same order; none where a form stands, which the lexicon knows."""
    found = _Found(engine.Hits(array("i"), array("i"), array("i")))
    taken = 0
    for name in names:
        hit = bisect_left(hits.starts, name.start, taken)
        while hit < len(hits.starts) and hits.starts[hit] == name.start and hits.ends[hit] > name.end:
            hit += 1
        if hit < len(hits.starts) and (hits.starts[hit], hits.ends[hit]) == (name.start, name.end):
            continue
        for column, whole, number in zip(found.hits, hits, (name.start, name.end, _NAMED), strict=True):
            column.extend(whole[taken:hit])
            column.append(number)
        found.named[len(found.hits.starts) - 1] = name
        found.ruled[len(found.hits.starts) - 1] = Ruling(name.form.term, "counted")
        taken = hit
    for column, whole in zip(found.hits, hits, strict=True):
        column.extend(whole[taken:])
    return found


def _beside(always: int, *special: dict[str, int]) -> array[int]:
    """The rules that hold beside each code point, for `engine.asked`."""
    table = array("H", [always]) * 0x10001
    for character, rules in chain.from_iterable(map(dict.items, special)):
        table[ord(character)] |= rules
    return table


def _open(one: Coordinated) -> Counted:
    """A coordinated term for the search of its verb; more of it comes behind the first part."""
    return Counted(*one.parts[0], one.form.term, one.form.written, open=one.parts[0] == one.member)


def _kind(form: Form, term: str) -> str:
    return form.kind if term == form.term else ("literal" if term == form.written else "alias")


def _mended(series: list[Coordinated], text: str, normalized: NormalizedText) -> list[int]:
    """The repairs of each series from the first of its parts to the last."""
    if not series:
        return []
    hulls = sorted({(one.parts[0][0], one.parts[-1][1]) for one in series})
    starts, ends = (array("i", [hull[side] for hull in hulls]) for side in (0, 1))
    known = dict(zip(hulls, normalized.mended(engine.Hits(starts, ends, starts), text), strict=True))
    return [known[one.parts[0][0], one.parts[-1][1]] for one in series]


def _coordinated(found: Coordinated, text: str, normalized: NormalizedText, mended: int, verb: str) -> Match:
    parts = tuple(normalized.original_span(*span) for span in found.parts)
    surface, reason = text[parts[0][0] : parts[-1][1]], "shares a part with its neighbour"
    return Match(
        found.form.term, "coordinated", found.form.written, parts, surface, "counted", reason, verb=verb, repairs=repairs_of(mended)
    )  # fmt: skip
