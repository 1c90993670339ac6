"""Elliptic coordination: 蓝天、碧水、净土保卫战 holds 蓝天保卫战, 碧水保卫战 and 净土保卫战."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import takewhile

from envterms import engine
from envterms.engine import Trie
from envterms.engine.hits import ANYWHERE, BRACKETS, LEFT, RIGHT
from envterms.lexicon.model import SEPARATORS, Family
from envterms.matching.candidates import Candidate, Form
from envterms.normalizing import normalize_each

_SEPARATORS = ("以及", "、", "和", "与", "及", "跟", "暨", "或")
_BOUNDARY = r"[^\w]|[、和与及跟暨或]|^$"
_LONGEST_MEMBER = 12
_UNKNOWN = 2  # so many members may need the front of one before them; long lists are not walked through

#: The characters that a separator may end and begin with.
LAST = frozenset(separator[-1] for separator in _SEPARATORS)
FIRST = frozenset(separator[0] for separator in _SEPARATORS)

_ENDING = {last: tuple(mark for mark in _SEPARATORS if mark.endswith(last)) for last in LAST}
_BEGINNING = {first: tuple(mark for mark in _SEPARATORS if mark.startswith(first)) for first in FIRST}
_CONJUNCTIONS = frozenset("和与及跟暨或")
_WORD = range(2, 7)  # characters of a word between two separators
_BRACKETS = "\\(([\u4e00-\u9fff、]{1,10})\\)"
_BRACKETS_INSIDE = f"{_BRACKETS}(?=[\u4e00-\u9fff])"
# between members and shared part: 大气、土壤等污染防治, 蓝天、碧水、净土三大保卫战
_FEW = "两二三四五六七八九十"
_AND_OTHERS = f"[等{_FEW}](?:(?<=等)(?:[{_FEW}]大)?|大)"
_OTHERS_END = ("等", "大")

_compiled = cache(re.compile)  # when first needed: a range of Han characters takes half a millisecond
_Member = tuple[Form | None, int, int]


@dataclass(frozen=True, slots=True)
class Coordinated:
    """A term in pieces: `parts` are half-open spans of the normalized text in reading order, one of them its own, `member`."""

    form: Form
    member: tuple[int, int]
    parts: tuple[tuple[int, int], ...]


class Coordination:
    """The families of the lexicon, by the part that their members share.

    A match such as 净土保卫战 whose form ends with a shared part 保卫战 is the last of a series if members stand before it, each
    followed by a separator, that make forms of the lexicon with the same shared part, or with a longer one that ends with it: of
    国家、省级湿地公园 it is 湿地公园, not 公园. Families with named members also allow them without a separator (蓝天碧水净土保卫战)
    and with commas. Members may share a part in front as well (农村生活|垃圾、污水|治理), if the first is a form without it too (垃圾治理).
    """

    def __init__(
        self,
        families: Iterable[Family],
        forms: Mapping[str, Form],
        verbs: Iterable[str],
        trie: Trie,
    ) -> None:
        families = tuple(families)
        self._forms = forms
        self._trie = trie
        self._verbs = tuple(normalize_each([verb for verb in verbs if len(verb) > 1]))
        self._shared: dict[str, dict[str, frozenset[str]]] = {"after": {}, "before": {}}
        words = [word for family in families for word in (family.shared, *family.members)]
        plain = dict(zip(words, normalize_each(words), strict=True))
        for family in families:
            members = frozenset(plain[member] for member in family.members)
            shared = self._shared[family.position]
            shared[plain[family.shared]] = shared.get(plain[family.shared], frozenset()) | members
        self._seen: tuple[str, dict[int, tuple[int, _Member | None]]] = "", {}  # what _separated found in the last text
        self._heads: dict[str, list[str]] = {}  # by their first character, the longest first
        for head in sorted(self._shared["after"], key=len, reverse=True):
            self._heads.setdefault(head[0], []).append(head)
        self._closed = tuple(part for part, members in self._shared["after"].items() if members)
        self._open = tuple(part for part, members in self._shared["after"].items() if not members)
        self._parts: dict[tuple[str, str], list[str]] = {}  # what _shared_parts found; as many as there are forms

    @cached_property
    def _listed(self) -> re.Pattern[str]:
        return re.compile(f"{_AND_OTHERS}(?=[{re.escape(''.join(self._heads))}])")

    def reach(self, form: str, begins: bool) -> int:
        """Where `expand` is worth asking about a hit of the form: of LEFT, RIGHT, ANYWHERE and BRACKETS; `begins` says whether longer
        forms begin with it.
        """
        left, right = (self._shared_parts(position, form) for position in ("after", "before"))
        anywhere = (left and form.endswith(self._closed)) or any(self._shared["before"].get(part) for part in right)
        return bool(left) * LEFT | bool(right or begins) * RIGHT | bool(anywhere) * ANYWHERE | BRACKETS

    def shortest(self, position: str, form: str) -> int:
        """The length of the shortest part of the form that others may share, at its end (`after`) or its beginning (`before`); 0 if there
        is none.
        """
        parts = self._shared_parts(position, form)
        return min(len(parts[-1]), 255) if parts else 0

    def expand(self, text: str, candidate: Candidate, where: int = ~0) -> Iterator[Coordinated]:
        """The other terms of the series that `candidate` closes or opens, nearest first; `where` may say in what way alone, as `reach`."""
        if where & (LEFT | ANYWHERE):
            yield from self._expand_left(text, candidate)
        if where & (RIGHT | ANYWHERE):
            yield from self._expand_right(text, candidate)
            yield from self._expand_front(text, candidate)
        if where & BRACKETS:
            yield from self._expand_brackets(text, candidate)

    def signs(self) -> list[str]:
        """What stands in a text wherever `elsewhere` finds a series with 等."""
        return [end + head for heads in self._heads.values() for head in heads for end in _OTHERS_END]

    def elsewhere(self, text: str, signs: Iterable[int]) -> Iterator[Iterator[Coordinated]]:
        """The series of which no term stands in one piece: those with 等 before the shared part, and those with brackets; `signs` are
        the places of the `signs`.
        """
        if not self._heads:
            return
        for listed in self._listed_at(text, signs):
            yield self._before(text, listed.start(), listed.end())
        at = text.find("(")
        while at >= 0:
            brackets = _compiled(_BRACKETS_INSIDE).match(text, at) if _is_word(text, at - 1) else None
            if brackets is not None:
                yield self._bracketed(text, brackets)
            at = text.find("(", at + 1)

    def _listed_at(self, text: str, signs: Iterable[int]) -> Iterator[re.Match[str]]:
        for place in sorted(set(signs)):
            start = place - (text[place] == "大")
            if start < place and text[start : start + 1] not in _FEW:
                continue
            found = self._listed.match(text, start - (text[start - 1 : start] == "等" and start < place))
            if found is not None:
                yield found

    def _before(self, text: str, at: int, end: int) -> Iterator[Coordinated]:
        """The series that ends at `at`, before 等, and whose shared part begins at `end`; one member alone is no series."""
        for shared in self._heads[text[end]]:
            if not text.startswith(shared, end):
                continue
            closed = self._shared["after"][shared]
            found: list[Coordinated] = []
            step = self._longest_before(text, at, shared, closed)
            while step is not None:
                form, *member = step
                found.append(
                    Coordinated(form, (member[0], member[1]), ((member[0], member[1]), (end, end + len(shared))))
                )
                step = self._member_before(text, member[0], shared, closed)
            if len(found) > 1:
                yield from found
                return

    def _bracketed(self, text: str, brackets: re.Match[str]) -> Iterator[Coordinated]:
        """生态市(县、区)建设: the name goes on behind the brackets, and what they hold takes the place of as much before them."""
        left, right = brackets.span()
        for start, end in self._bridged(text, left, right):
            found = list(self._in_place(text, start, brackets, end))
            if found:
                form = self._forms[text[start:left] + text[right:end]]
                yield Coordinated(form, (start, left), ((start, left), (right, end)))
                yield from found
                return

    def _expand_brackets(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        """环境影响报告书(表): the same where the name ends at the brackets."""
        brackets = (
            _compiled(_BRACKETS).match(text, candidate.end) if text[candidate.end : candidate.end + 1] == "(" else None
        )
        if brackets is not None and next(self._bracketed(text, brackets), None) is None:
            yield from self._in_place(text, candidate.start, brackets, brackets.end())

    def _in_place(self, text: str, start: int, brackets: re.Match[str], end: int) -> Iterator[Coordinated]:
        """The forms from `start` to `end` with a member in the brackets in the place of as many characters before them."""
        left, right = brackets.span()
        for member in re.finditer("[^、]+", brackets[1]):
            first, last = member.start() + left + 1, member.end() + left + 1
            cut = left - len(member[0])
            form = self._forms.get(text[start:cut] + member[0] + text[right:end]) if cut >= start else None
            if form is not None:
                parts = ((start, cut), (first, last), (right, end))
                yield Coordinated(form, (first, last), tuple(part for part in parts if part[0] < part[1]))

    def _expand_left(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        if text[candidate.start - 1 : candidate.start] not in LAST and not candidate.form.text.endswith(self._closed):
            return
        longest: tuple[list[_Member], str] | None = None
        end, word = self._separated(text, candidate.start)
        for shared in self._shared_parts("after", candidate.form.text):
            if word is None and not self._shared["after"].get(shared) and not self._completed(text, end, shared):
                continue  # as most do
            series = self._series_before(text, candidate.start, shared)
            series = [*takewhile(lambda step: step[0] is None or step[0].text != candidate.form.text, series)]
            if series and (longest is None or _length(series[0]) > _length(longest[0][0])):
                longest = series, shared
        if longest is not None:
            yield from self._in_series(text, longest[0], candidate, len(longest[1]))

    def _series_before(self, text: str, at: int, shared: str) -> list[_Member]:
        """The members that end at `at`, nearest first."""
        closed = self._shared["after"].get(shared, frozenset())
        series: list[_Member] = []
        unknown = 0
        while unknown <= _UNKNOWN:
            step = self._member_before(text, at, shared, closed) or self._word_before(text, at, closed)
            if step is None:
                break
            series.append(step)
            at, unknown = step[1], unknown + 1 if step[0] is None else 0
        for place, (form, *member) in enumerate(series):
            if form is None and self._front(text, (member[0], member[1]), series[place + 1 :], shared) is None:
                return series[:place]
        return series

    def _in_series(self, text: str, series: list[_Member], candidate: Candidate, shared: int) -> Iterator[Coordinated]:
        """The terms of the members before `candidate`, nearest first, then those that share a part in front too, its own last."""
        head = (candidate.end - shared, candidate.end)
        fronted = []
        for place, (form, start, end) in enumerate(series):
            front = self._front(text, (start, end), series[place + 1 :], text[slice(*head)])
            if front is not None:
                fronted.append(Coordinated(front[0], (start, end), (front[1], (start, end), head)))
            elif form is not None:
                yield Coordinated(form, (start, end), ((start, end), head))
        yield from fronted
        front = self._front(text, (candidate.start, head[0]), series, text[slice(*head)])
        if front is not None:
            whole = (candidate.start, candidate.end)
            yield Coordinated(front[0], whole, (front[1], whole))

    def _front(
        self, text: str, member: tuple[int, int], before: list[_Member], shared: str
    ) -> tuple[Form, tuple[int, int]] | None:
        """What the member is with the front of one before it, whose rest is a form as well: 农村|污水、垃圾|处理."""
        own = text[slice(*member)] + shared
        alone = self._forms.get(own)
        for form, start, end in before:
            for cut in range(end - 1, start + 1, -1) if form is not None else ():
                joined = self._forms.get(text[start:cut] + own)
                if joined is None or (alone is not None and alone.term == joined.term):
                    continue
                if text[cut:end] + shared in self._forms:
                    return joined, (start, cut)
        return None

    def _expand_front(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        """农村污水、垃圾集中处理, of which no term but 农村污水 stands in one piece."""
        first = (candidate.start, candidate.end)
        found = self._both_shared(text, candidate.end, candidate.form.text)
        if found is not None:
            cut, start, head, end = found
            form, other = candidate.form.text + text[head:end], candidate.form.text[:cut] + text[start:end]
            yield Coordinated(self._forms[form], first, (first, (head, end)))
            yield Coordinated(self._forms[other], (start, end), ((first[0], first[0] + cut), (start, end)))

    def _both_shared(self, text: str, at: int, form: str) -> tuple[int, int, int, int] | None:
        """Where the part in front ends within the form, where the next member begins, where the part behind begins and ends."""
        start = at + len(_separator_after(text, at))
        if start == at:
            return None
        longest = _words_end(text, start)
        found = ((end, cut) for cut in range(2, len(form)) for end in self._continued(form[:cut], text, start))
        for end, cut in sorted(((end, cut) for end, cut in found if start + 2 < end <= longest), reverse=True):
            for head in range(start + 1, end - 1):
                shared = text[head:end]
                ends = (
                    shared.endswith(self._open) and form + shared in self._forms and form[cut:] + shared in self._forms
                )
                if ends and self._forms[form + shared].term != self._forms[form[:cut] + text[start:end]].term:
                    return cut, start, head, end
        return None

    def _expand_right(self, text: str, candidate: Candidate) -> Iterator[Coordinated]:
        for shared in self._shared_parts("before", candidate.form.text):
            closed = self._shared["before"].get(shared, frozenset())
            span = (candidate.start, candidate.start + len(shared))
            at, found = candidate.end, False
            while (step := self._member_after(text, at, shared, closed)) is not None:
                form, start, at = step
                found = True
                yield Coordinated(form, (start, at), (span, (start, at)))
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
        end = self._separated(text, at)[0]
        if closed and text[at - 1 : at] == ",":
            end = at - 1
        return None if end == at and not closed else self._longest_before(text, end, shared, closed, adjoins=end == at)

    def _word_before(self, text: str, at: int, closed: frozenset[str]) -> _Member | None:
        """A word between two separators, which may share a part in front as well; only of families without named members."""
        return None if closed else self._separated(text, at)[1]

    def _separated(self, text: str, at: int) -> tuple[int, _Member | None]:
        """Where the separator before a place begins, which is that place if there is none, and the word between it and another one."""
        if self._seen[0] is not text:
            self._seen = text, {}
        known = self._seen[1].get(at)
        if known is None:
            marks = _ENDING.get(text[at - 1 : at], ())
            mark = next((mark for mark in marks if text.endswith(mark, 0, at)), "")
            word = _word_between(text, at - 1) if mark else None
            known = self._seen[1][at] = at - len(mark), (None, *word) if word else None
        return known

    def _longest_before(
        self, text: str, end: int, shared: str, closed: frozenset[str], adjoins: bool = False
    ) -> tuple[Form, int, int] | None:
        """The longest member that ends at `end`. One of a single character must not be the end of a word, so a mark, a
        conjunction or a verb of context.csv stands before it (强化水、土壤污染防治); where it adjoins the next one, its family must be
        made of characters (河湖长制).
        """
        fused = adjoins and all(len(member) == 1 for member in closed)
        for start in self._completed(text, end, shared):
            member = text[start:end]
            length = end - start
            form = self._member(member, member + shared, closed)
            if form is None or (length == 1 and not fused and (adjoins or not self._begins_word(text, end - 1))):
                continue
            return form, end - length, end
        return None

    def _completed(self, text: str, end: int, shared: str) -> list[int]:
        """The places from which the text up to `end` is a form with the shared part, the longest first."""
        return engine.completed(self._trie, text, end, shared, _LONGEST_MEMBER)

    def _bridged(self, text: str, left: int, right: int) -> list[tuple[int, int]]:
        """From where and up to where Chinese characters are a form without what stands between two places, the latest ends first."""
        found = engine.bridged(self._trie, text, left, right, _LONGEST_MEMBER)
        return sorted(found, key=lambda span: (-span[1], span[0]))

    def _continued(self, head: str, text: str, start: int) -> list[int]:
        """The places up to which the text is a form behind the head, the longest first."""
        return engine.continued(self._trie, head, text, start, _LONGEST_MEMBER)

    def _begins_word(self, text: str, at: int) -> bool:
        return bool(_compiled(_BOUNDARY).match(text[at - 1 : at])) or text.endswith(self._verbs, 0, at)

    def _member_after(self, text: str, at: int, shared: str, closed: frozenset[str]) -> tuple[Form, int, int] | None:
        separator = _separator_after(text, at, closed)
        start = at + len(separator)
        if not separator and not closed:
            return None
        for end in self._continued(shared, text, start):
            if end == start + 1:
                continue
            member = text[start:end]
            form = self._member(member, shared + member, closed)
            if form is not None:
                return form, start, end
        return None

    def _member(self, member: str, joined: str, closed: frozenset[str]) -> Form | None:
        """The form that the member makes with the shared part, if it does not mean the same alone (湿地公园, 湿地公园建设)."""
        form = self._forms.get(joined)
        if form is None or (closed and member not in closed) or SEPARATORS.search(form.term):
            return None
        alone = self._forms.get(member)
        return None if alone is not None and alone.term == form.term else form


def _separator_after(text: str, at: int, closed: frozenset[str] = frozenset()) -> str:
    first = text[at : at + 1]
    if closed and first == ",":
        return first
    return next((mark for mark in _BEGINNING.get(first, ()) if text.startswith(mark, at)), "")


def _is_word(text: str, at: int) -> bool:
    return at >= 0 and "\u4e00" <= text[at : at + 1] <= "\u9fff"


def _word_between(text: str, end: int) -> tuple[int, int] | None:
    """The word between a separator and the last character of another, which stands at `end`; 以 of 以及 is taken for a part of it."""
    start = end
    while end - start <= _WORD.stop and _is_word(text, start - 1) and text[start - 1] not in _CONJUNCTIONS:
        start -= 1
    if end - start == _WORD.stop and text[end - 1 : end + 1] == "以及":
        end -= 1
    return (start, end) if end - start in _WORD and text[start - 1 : start] in LAST else None


def _words_end(text: str, start: int) -> int:
    """The end of the Chinese characters from a place on, of at most as many as a member has."""
    return next(
        (end for end in range(start, start + _LONGEST_MEMBER) if not _is_word(text, end)), start + _LONGEST_MEMBER
    )


def _length(member: _Member) -> int:
    return member[2] - member[1]
