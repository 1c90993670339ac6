"""What a lexicon holds. All of it is frozen: a lexicon that is loaded does not change.

The lines of its tables are named tuples, since eight dataclasses take as long to define as a page takes to count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from envterms.errors import RetiredTerm, UnknownName
from envterms.normalizing import normalize, normalize_each

#: Marks that join the parts of a slogan: writers use one or another or none.
SEPARATORS = re.compile("[、,;]")
#: The word between the two parts of a form, of which writers use one or another.
CONJUNCTION = re.compile("(?<=..)[和与及](?=..)")


def form_key(form: str) -> str:
    """What two spellings of one form have in common: script, width, case, quotes, white space and joining marks do not matter.

    >>> form_key("谁污染、誰治理") == form_key("谁污染谁治理")
    True
    """
    return SEPARATORS.sub("", normalize(form).text)


def form_keys(forms: Sequence[str]) -> list[str]:
    """`form_key` of each form, fast for many."""
    return [SEPARATORS.sub("", text) for text in normalize_each(forms)]


class Event(NamedTuple):
    """Something dated in the life of a term: `kind` is a value of vocabularies.csv, `source` an id of sources.csv."""

    kind: str
    date: str
    source: str


class Term(NamedTuple):
    """One line of terms/*.csv. `place` is `file:line`, for messages."""

    term: str
    aliases: tuple[str, ...] = ()
    english: str = ""
    expansion: tuple[str, ...] = ()
    category: str = ""
    type: str = ""
    level: str = ""
    scope: str = ""
    region: tuple[str, ...] = ()
    status: str = "unknown"
    events: tuple[Event, ...] = ()
    sources: tuple[str, ...] = ()
    definition: str = ""
    notes: str = ""
    place: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The canonical form and the aliases."""
        return (self.term, *self.aliases)


class Source(NamedTuple):
    """One line of sources.csv: where a claim or a form was read."""

    id: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    date: str = ""
    address: str = ""
    notes: str = ""


class Category(NamedTuple):
    """One line of categories.csv; `id` is `top` or `top/sub`."""

    id: str
    chinese: str
    english: str
    definition: str = ""


class Family(NamedTuple):
    """One line of families.csv: terms that share a part and are coordinated with it written once.

    `position` says where the shared part stands: `after` the members (蓝天、碧水、净土|保卫战) or `before` them. The members are those
    named, or, where none is named, whatever makes a term of the lexicon together with the shared part.
    """

    shared: str
    position: str
    members: tuple[str, ...] = ()
    place: str = ""


class Pattern(NamedTuple):
    """One line of patterns.csv: an open class of names, made of literals around a slot.

    `slot` is `title` (what stands in 《》: it must end with one of `after`, hold one of `holds` and none of `lacks`), `place` (of
    places.csv, or a short name of a town), `term` (a term of the lexicon that is not general Party language, with one of `after` behind
    it, none of `lacks` behind that, and perhaps a place in front: 重庆市大气污染防治条例), `number` (of a document, 国发〔2018〕22号: a
    code made of `before`; in front of it stands a mark or one of `holds`), `numeral`, or `numbered` (六个从严, 2+26). `quoted` asks for
    quotes around the name. The name is counted as a term of its own, with the category, type and scope given here.
    """

    pattern: str
    before: tuple[str, ...]
    slot: str
    after: tuple[str, ...]
    holds: tuple[str, ...]
    lacks: tuple[str, ...]
    quoted: str
    category: str
    type: str
    scope: str
    example: str = ""
    counterexample: str = ""
    place: str = ""

    def term(self, name: str) -> Term:
        """The term that a name of this class makes."""
        return Term(name, category=self.category, type=self.type, level="general", scope=self.scope)


class SenseRule(NamedTuple):
    """One line of senses.csv. The rules of a form are tried in order; the first whose cue is found decides.

    A form such as `*法` stands for every form with that ending that has no rules of its own.

    `where` says where a cue must stand: `before` or `after` (adjoining), `clause`, `sentence`, `document` (of a file that is too large to
    be read at once, the block of it). Two take no cue: `words` holds where a word of the dictionary runs over an edge of the form (by
    jieba, loaded only then), `otherwise` always.
    `decision` is `count`, `reject` or `unresolved`; `sense` the term that is counted, or the name of the other sense.
    """

    form: str
    where: str
    cues: tuple[str, ...]
    decision: str
    sense: str
    example: str = ""
    counterexample: str = ""
    reason: str = ""
    place: str = ""


class Retired(NamedTuple):
    """One line of retired.csv: a term that was withdrawn on the date `retired`. `replacement` is a term, or empty."""

    term: str
    retired: str
    reason: str
    replacement: str = ""
    place: str = ""


@dataclass(frozen=True)
class Lexicon:
    """Terms by canonical form, and the tables that go with them."""

    terms: Mapping[str, Term]
    categories: Mapping[str, Category]
    sources: Mapping[str, Source]
    families: tuple[Family, ...]
    senses: Mapping[str, tuple[SenseRule, ...]]
    version: str
    digest: str
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    retired: Mapping[str, Retired] = field(default_factory=dict)
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role in context.csv -> words
    #: Names the content of the files for caches; empty for a lexicon that was not loaded from files.
    fingerprint: str = field(default="", init=False, repr=False, compare=False)

    def find(self, name: str) -> Term:
        """The term with that canonical form or alias, in any script. Raises RetiredTerm, or UnknownName with suggestions."""
        term = self._by_form.get(form_key(name))
        if term is None:
            gone = self.find_retired(name)
            if gone:
                raise RetiredTerm(gone.term, gone.retired, gone.reason, gone.replacement)
            raise UnknownName(
                "term", name, (form for t in self.terms.values() for form in t.forms), "see envterms lexicon list"
            )
        return term

    def find_retired(self, name: str) -> Retired | None:
        """The retired term of that name, in any script, unless the name is a form of a term again."""
        key = form_key(name)
        if key in self._by_form:
            return None
        return next((gone for gone in self.retired.values() if form_key(gone.term) == key), None)

    def within(self, category: str) -> frozenset[str]:
        """The ids of the category and of those below it. Raises UnknownName with suggestions."""
        ids = frozenset(id for id in self.categories if id == category or id.startswith(category + "/"))
        if not ids:
            raise UnknownName("category", category, self.categories, "see envterms lexicon categories")
        return ids

    def order_of_categories(self, ids: Iterable[str]) -> list[str]:
        """The ids in the order of categories.csv, those below a category right behind it, unknown ones last."""
        order = {id: place for place, id in enumerate(self.categories)}

        def key(id: str) -> list[tuple[int, str]]:
            parents = accumulate(id.split("/"), "{}/{}".format)
            return [(order.get(one, len(order)), one) for one in parents]

        return sorted(set(ids), key=key)

    @cached_property
    def _by_form(self) -> dict[str, Term]:
        pairs = [(form, term) for term in self.terms.values() for form in reversed(term.forms)]
        return dict(zip(form_keys([form for form, _ in pairs]), (term for _, term in pairs), strict=True))
