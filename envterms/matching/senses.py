"""Whether a form stands for its term here: the decision lists of senses.csv."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

from envterms.lexicon.model import SenseRule
from envterms.matching.candidates import Form
from envterms.matching.segmentation import straddled
from envterms.normalizing import normalize_each

#: What an engine may tell by itself about the cues of a rule: where they are sought.
WHERE = ("before", "after", "clause", "sentence", "otherwise")

#: Whether a cue stands in another part of the document, if a text is a part of one.
Beyond: TypeAlias = Callable[[str], bool]

_REMEMBERED = 1 << 14  # names with their rules; patterns may find any number of them
_CLAUSE_ENDS = re.compile(r"[,;:。！？!?\n]")
_SENTENCE_ENDS = re.compile(r"[;。！？!?\n]")


def nowhere(_cue: str) -> bool:
    """A `Beyond` for a whole document."""
    return False


class Decision(NamedTuple):
    """The rule that decides, and the cue of it that was found."""

    rule: SenseRule
    cue: str

    @property
    def reason(self) -> str:
        """In words why the rule decides."""
        rule = self.rule
        verdict = rule.sense if rule.decision == "count" else ": ".join(filter(None, (rule.decision, rule.sense)))
        return f"{rule.form}: {f'{rule.where} {self.cue}'.strip()} -> {verdict}"


_Ready = tuple[SenseRule, tuple[str, ...]]


class Senses:
    """The rules by form, with their cues normalized like the text.

    A longer form without rules of its own that holds a ruled one follows rules that reject: if it begins with it, those by what stands
    in front (可|再生资源回收); if it ends with it, those by what stands behind (农村水污染|防治法 and 水污染防治法|律); if both are forms
    of one term and the longer one does not hold a cue for it, those by the context too (海关…绿盾行动, but not 环保约谈). Rules of an
    ending (`*法`) hold for all forms with it that have no rules of their own. `forms` are all by their text.
    """

    def __init__(self, rules: Mapping[str, Sequence[SenseRule]], forms: Mapping[str, Form] = {}) -> None:
        self._forms = forms
        self._endings = sorted((form for form in rules if form.startswith("*")), key=len, reverse=True)
        self._ends = tuple(ending[1:] for ending in self._endings)
        whole = [form for form in rules if not form.startswith("*")]
        self._given = rules
        self._written = dict(zip(normalize_each(whole), whole, strict=True))
        self._known = frozenset(self._written)
        self._written.update((form, form) for form in self._endings)
        self._ready: dict[str, list[_Ready]] = {}  # those of `_given`, when they were first asked for
        self._rules: dict[str, list[_Ready]] = {}  # of forms and names, when they were first asked for
        self._beginning: dict[str, list[str]] = {}  # by their first character, the longest first
        for form in sorted(self._known, key=len, reverse=True):
            self._beginning.setdefault(form[:1], []).append(form)
        self._searched: tuple[str, dict[str, tuple[int, int]]] = "", {}

    def __contains__(self, form: str) -> bool:
        return bool(self._of(form))

    def _of(self, form: str) -> list[_Ready]:
        """The rules that hold for a form or name."""
        rules = self._rules.get(form)
        if rules is None and form in self._known:
            rules = self._rules[form] = self._own(form)
        elif rules is None:
            ending = (
                next((ending for ending in self._endings if form.endswith(ending[1:])), "")
                if form.endswith(self._ends)
                else ""
            )
            rules = [*self._inherited(form), *self._behind(form), *self._own(ending)]
            if form not in self._forms and len(self._rules) > len(self._forms) + _REMEMBERED:
                return rules
            self._rules[form] = rules
        return rules

    def _own(self, form: str) -> list[_Ready]:
        """The rules of a form or an ending by itself; none if it has none."""
        ready = self._ready.get(form)
        if ready is None:
            rules = self._given[self._written[form]] if form in self._written else ()
            cues = iter(normalize_each([cue for rule in rules for cue in rule.cues]))
            ready = self._ready[form] = [(rule, tuple(islice(cues, len(rule.cues)))) for rule in rules]
        return ready

    def _behind(self, form: str) -> list[_Ready]:
        """The rules by what stands behind of the longest ruled form that ends it."""
        ended = next((form[at:] for at in range(1, len(form)) if form[at:] in self._known), "")
        return [ready for ready in self._own(ended) if ready[0].decision == "reject" and ready[0].where == "after"]

    def _inherited(self, form: str) -> list[_Ready]:
        pieces = ((at, piece) for at, first in enumerate(form) for piece in self._beginning.get(first, ()))
        start, held = next(((at, piece) for at, piece in pieces if form.startswith(piece, at)), (0, ""))
        if not held:
            return []
        rules = self._own(held)
        longer, shorter = self._forms.get(form), self._forms.get(held)
        told = longer is None or shorter is None or longer.term != shorter.term
        told = told or any(cue in form for rule, cues in rules if rule.decision == "count" for cue in cues)
        where = ({"before"} if start == 0 else set()) | (set() if told else {"clause", "sentence", "document"})
        return [ready for ready in rules if ready[0].decision == "reject" and ready[0].where in where]

    def tables(self, forms: Iterable[str]) -> tuple[memoryview, memoryview]:
        """The lists of rules as C ints, and for each form the place of its list, 0 if it has none.

        A list is the number of its rules, then for each where its cues are sought as a place in WHERE, or one behind these, the number of
        its cues, and for each cue its length and code points.
        """
        rules, lists = array("i", [0]), array("i")
        known: dict[tuple[int, ...], int] = {(): 0}
        for form in forms:
            ready = self._of(form)
            same = tuple(map(id, ready))
            if same not in known:
                known[same] = len(rules)
                rules.append(len(ready))
                for rule, cues in ready:
                    rules.extend((WHERE.index(rule.where) if rule.where in WHERE else len(WHERE), len(cues)))
                    for cue in cues:
                        rules.extend((len(cue), *map(ord, cue)))
            lists.append(known[same])
        return memoryview(rules), memoryview(lists)

    def decision(self, form: str, code: int) -> Decision:
        """The decision that an engine gives as a number: the place of the rule in the list of the form times 65,536, and of the cue."""
        rule, cues = self._of(form)[code >> 16]
        return Decision(rule, "" if rule.where == "otherwise" else cues[code & 0xFFFF])

    def decide(self, form: str, text: str, start: int, end: int, beyond: Beyond = nowhere) -> Decision | None:
        """The decision of the first rule of the form at `text[start:end]` that holds; None where none does and the form counts."""
        for rule, cues in self._of(form):
            if rule.where == "document":
                cue = self._cue_anywhere(cues, text, start, end, beyond)
            else:
                cue = _cue_found(rule.where, cues, text, start, end)
            if cue is not None:
                return Decision(rule, cue)
        return None

    def _cue_anywhere(self, cues: Sequence[str], text: str, start: int, end: int, beyond: Beyond) -> str | None:
        """The cue that stands before or after the span; where it first and last stands is looked up once for a text."""
        if self._searched[0] is not text:
            self._searched = text, {}
        places = self._searched[1]
        for cue in cues:
            if cue not in places:
                places[cue] = text.find(cue), text.rfind(cue)
            first, last = places[cue]
            if 0 <= first <= start - len(cue) or last >= end or beyond(cue):
                return cue
        return None


def _cue_found(where: str, cues: tuple[str, ...], text: str, start: int, end: int) -> str | None:
    """The cue that is found, an empty string for `otherwise`, None if there is none."""
    match where:
        case "otherwise":
            return ""
        case "words":
            return straddled(text, start, end)
        case "before":
            return next(cue for cue in cues if text.endswith(cue, 0, start)) if text.endswith(cues, 0, start) else None
        case "after":
            return next(cue for cue in cues if text.startswith(cue, end)) if text.startswith(cues, end) else None
        case "clause":
            left, right = _around(_CLAUSE_ENDS, text, start, end)
        case _:
            left, right = _around(_SENTENCE_ENDS, text, start, end)
    return next((cue for cue in cues if cue in left or cue in right), None)


def _around(ends: re.Pattern[str], text: str, start: int, end: int, reach: int = 200) -> tuple[str, str]:
    """The text before and after the span up to the nearest ends; `reach` bounds the look at text without punctuation."""
    left = text[max(0, start - reach) : start]
    right = text[end : end + reach]
    last = None
    for last in ends.finditer(left):  # noqa: B007 - the last one is wanted
        pass
    stop = ends.search(right)
    return left[last.end() if last else 0 :], right[: stop.start() if stop else None]
