"""All that is looked for, in tables that are made once for a lexicon and kept in the cache."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, Literal

from envterms import cache, engine
from envterms.engine import Trie, build_trie
from envterms.engine.hits import LISTED
from envterms.lexicon.model import Lexicon
from envterms.matching.candidates import Form, forms_of, has_edges
from envterms.matching.context import Context, Words, words_of
from envterms.matching.coordination import Coordination
from envterms.matching.patterns import Patterns
from envterms.matching.senses import Senses

#: What must be asked about the hits of a form, beside what `Coordination.reach` says: whether they run on, what the sense rules say,
#: whether a pattern extends them, what verb stands in front; and that the form is an alias.
EDGES, SENSES, EXTENSIBLE, VERB, ALIAS = (1 << bit for bit in range(8, 13))

#: What the sign of a pattern stands for.
PLACE = 1 << 13

_LISTS = ("texts", "written", "names", "signs", "words")
_REMEMBERED = 1 << 14  # names, of which patterns may find any number
_NUMBERS: dict[str, Literal["B", "H", "i"]] = {
    "classes": "H", "cells": "i", "pairs": "B", "beginnings": "B", "short": "B", "owners": "i", "rules": "H", "longest": "i",
    "tails": "B", "heads": "B", "roles": "B", "word classes": "H", "word cells": "i", "sense_rules": "i", "sense_lists": "i",
}  # fmt: skip
_SHARED = ("rules", "tails", "heads", "sense_rules", "sense_lists")  # of the class Tables itself


@dataclass(frozen=True, slots=True)
class Tables:
    """The forms of a lexicon and their trie; `rules[number]` says what must be asked about the hits of a form or sign.

    `signs` are the texts of the signs. `tails` and `heads` give for each form the length of the shortest part at its end and at its
    beginning that others may share, 0 where there is none. `sense_rules` and `sense_lists` are the tables of `Senses`.
    """

    forms: Forms
    signs: Sequence[str]
    trie: Trie
    rules: memoryview
    tails: memoryview
    heads: memoryview
    sense_rules: memoryview
    sense_lists: memoryview
    words: Words


class Forms(Mapping[str, Form]):
    """The forms by their normalized text, and by their number in the trie, each made when it is first asked for.

    Numbers from `trie.forms` on are the same forms with 的 in them.
    """

    def __init__(
        self,
        texts: Sequence[str],
        written: Sequence[str],
        names: Sequence[str],
        owners: memoryview,
        rules: memoryview,
        trie: Trie,
    ) -> None:
        self.texts = texts  # in order
        self.written = written  # empty where it is as the text
        self.names = names  # in order
        self.owners = owners  # for each number the place of its term in `names`
        self._rules = rules
        self._trie = trie
        self._made: dict[int, Form] = {}
        self._places: dict[str, int] = {}

    def at(self, number: int) -> Form:
        """The form with this number."""
        form = self._made.get(number)
        if form is None:
            if number >= self._trie.forms:
                form = replace(self.at(number - self._trie.forms), kind="alias")
            else:
                text, term = self.texts[number], self.names[self.owners[number]]
                form = Form(
                    text, self.written[number] or text, term, "alias" if self._rules[number] & ALIAS else "literal"
                )
            self._made[number] = form
        return form

    def __getitem__(self, text: str) -> Form:
        number = self._number(text)
        if number < 0:
            raise KeyError(text)
        return self.at(number)

    def __contains__(self, text: object) -> bool:
        return self._number(str(text)) >= 0

    def get(self, text: str, default: Any = None) -> Any:
        """As of a dict."""
        number = self._number(text)
        return default if number < 0 else self.at(number)

    def _number(self, text: str) -> int:
        number = engine.find(self._trie, text)
        return number if number < len(self.texts) else -1

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def term_number(self, name: str) -> int:
        """The place of a term in `names`, -1 if there is none."""
        known = self._places.get(name)
        if known is None:
            place = bisect_left(self.names, name)
            known = place if place < len(self.names) and self.names[place] == name else -1
            if len(self._places) > _REMEMBERED:
                self._places.clear()
            self._places[name] = known
        return known


class _Texts(Sequence[str]):
    """Texts that are decoded when they are asked for; `ends` are the ends of each in `content`."""

    def __init__(self, content: memoryview, ends: memoryview) -> None:
        self._content = content
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: Any) -> Any:
        if place < 0:
            raise IndexError(place)
        return str(self._content[self._ends[place - 1] if place else 0 : self._ends[place]], "utf-8", "surrogatepass")


def tables_of(lexicon: Lexicon) -> Tables:
    """The tables of a lexicon, from the cache if it was loaded from files and they are there."""
    sections = cache.load("forms", lexicon.fingerprint) if lexicon.fingerprint else None
    if sections is not None:
        return _restored(sections)
    tables = _make(lexicon)
    if lexicon.fingerprint:
        forms, words = tables.forms, tables.words
        numbers = {"owners": forms.owners, "longest": array("i", [tables.trie.longest])}
        numbers |= {"roles": words.roles, "word classes": words.trie.classes, "word cells": words.trie.cells}
        numbers |= {name: getattr(tables, name) for name in _SHARED}
        numbers |= {name: getattr(tables.trie, name) for name in _NUMBERS if name not in numbers}
        content = {name: bytes(table) for name, table in numbers.items()}
        lists = (forms.texts, forms.written, forms.names, tables.signs, words.texts)
        for name, of_kind in zip(_LISTS, lists, strict=True):
            texts = [text.encode("utf-8", "surrogatepass") for text in of_kind]
            content |= {name: b"".join(texts), f"{name} ends": array("I", accumulate(map(len, texts))).tobytes()}
        cache.store("forms", lexicon.fingerprint, content)
    return tables


def _make(lexicon: Lexicon) -> Tables:
    by_text = forms_of(lexicon.terms.values())
    forms = [by_text[text] for text in sorted(by_text)]
    names = sorted(lexicon.terms)
    places = {name: place for place, name in enumerate(names)}
    words = words_of(lexicon)
    senses, context = Senses(lexicon.senses, by_text), Context(lexicon, words)
    coordination = Coordination(lexicon.families, by_text, (), build_trie([]))  # which finds nothing as yet
    signs = dict.fromkeys(coordination.signs(), LISTED)
    for sign in Patterns(lexicon.patterns.values(), ()).signs:
        signs[sign] = signs.get(sign, 0) | PLACE
    rules = array("H")
    for form in forms:
        term = lexicon.terms[form.term]
        asked = has_edges(form.text) * EDGES | (form.text in senses) * SENSES | (term.scope != "party") * EXTENSIBLE
        rules.append(asked | context.may_have_verb(form.written, form.term) * VERB | (form.kind == "alias") * ALIAS)
    texts = [form.text for form in forms]
    begins = [longer.startswith(text) for text, longer in pairwise([*texts, ""])]  # a longer one follows at once
    series = map(coordination.reach, texts, begins)
    whole = array(
        "H", [rule | reach | signs.pop(text, 0) for rule, reach, text in zip(rules, series, texts, strict=True)]
    )
    whole.extend(signs.values())
    owners = array("i", [*(places[form.term] for form in forms), *(-1 for _ in signs)] * 2)
    rules.extend(bytes(len(signs)))
    table, trie = memoryview(whole + rules), build_trie(texts, list(signs))
    written = [form.written if form.written != form.text else "" for form in forms]
    made = Forms(texts, written, names, memoryview(owners), table, trie)
    tails, heads = (
        memoryview(bytes(coordination.shortest(side, text) for text in texts)) for side in ("after", "before")
    )
    return Tables(made, list(signs), trie, table, tails, heads, *senses.tables(texts), words)


def _restored(sections: Mapping[str, memoryview]) -> Tables:
    texts, written, names, signs, words = (
        _Texts(sections[name], sections[f"{name} ends"].cast("I")) for name in _LISTS
    )
    numbers = {name: sections[name].cast(kind) for name, kind in _NUMBERS.items()}
    owners, longest, roles, classes, cells = (
        numbers.pop(name) for name in ("owners", "longest", "roles", "word classes", "word cells")
    )
    rules, tails, heads, sense_rules, sense_lists = (numbers.pop(name) for name in _SHARED)
    trie = Trie(**numbers, forms=len(texts) + len(signs), longest=longest[0], signs=len(texts))
    forms = Forms(texts, written, names, owners, rules, trie)
    none = memoryview(b"")
    word_trie = Trie(classes, cells, none, none, none, len(words), 0, len(words))  # which is only walked through
    verb_words = Words(list(words), roles, word_trie)
    return Tables(forms, list(signs), trie, rules, tails, heads, sense_rules, sense_lists, verb_words)
