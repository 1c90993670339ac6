"""All that is looked for, in tables that are made once for a lexicon and kept in the cache."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, KeysView, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from envterms import cache
from envterms.engine import Trie, build_trie
from envterms.lexicon.model import Lexicon
from envterms.matching.candidates import Form, forms_of, has_edges
from envterms.matching.context import Context
from envterms.matching.coordination import Coordination
from envterms.matching.senses import Senses

#: What must be asked about the hits of a form, beside what `Coordination.reach` says: whether they run on, what the sense rules say,
#: whether a pattern extends them, what verb stands in front; and that the form is an alias.
EDGES, SENSES, EXTENSIBLE, VERB, ALIAS = (1 << bit for bit in range(8, 13))

_LISTS = ("texts", "written", "names")
_BETWEEN = "\0"
_NUMBERS: dict[str, Literal["B", "H", "i"]] = {
    "classes": "H", "cells": "i", "beginnings": "B", "short": "B", "owners": "i", "rules": "H",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """The forms of a lexicon and their trie; `rules[number]` says what must be asked about the hits of a form."""

    forms: Forms
    trie: Trie
    rules: memoryview


class Forms(Mapping[str, Form]):
    """The forms by their normalized text, and by their number in the trie, each made when it is first asked for.

    Numbers from `len(forms)` on are the same forms with 的 in them.
    """

    def __init__(
        self, texts: list[str], written: list[str], names: list[str], owners: memoryview, rules: memoryview
    ) -> None:
        self.texts = texts
        self.written = written
        self.names = names
        self.owners = owners  # for each number the place of its term in `names`
        self._rules = rules
        self._made: dict[int, Form] = {}

    def at(self, number: int) -> Form:
        """The form with this number."""
        form = self._made.get(number)
        if form is None:
            if number >= len(self.texts):
                form = replace(self.at(number - len(self.texts)), kind="alias")
            else:
                written, term = self.written[number], self.names[self.owners[number]]
                form = Form(self.texts[number], written, term, "alias" if self._rules[number] & ALIAS else "literal")
            self._made[number] = form
        return form

    def __getitem__(self, text: str) -> Form:
        return self.at(self._numbers[text])

    def __contains__(self, text: object) -> bool:
        return text in self._numbers

    def get(self, text: str, default: Any = None) -> Any:
        """As of a dict; that of Mapping raises and catches an error for each text that is no form."""
        number = self._numbers.get(text)
        return default if number is None else self.at(number)

    def keys(self) -> KeysView[str]:
        """Of which `in` is faster than that of the mapping."""
        return self._numbers.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def terms(self) -> dict[str, int]:
        """The place of each term in `names`."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {text: number for number, text in enumerate(self.texts)}


def tables_of(lexicon: Lexicon) -> Tables:
    """The tables of a lexicon, from the cache if it was loaded from files and they are there."""
    sections = cache.load("forms", lexicon.fingerprint) if lexicon.fingerprint else None
    if sections is not None:
        return _restored(sections)
    tables = _make(lexicon)
    lists = {name: getattr(tables.forms, name) for name in _LISTS}
    if lexicon.fingerprint and not any(_BETWEEN in text for texts in lists.values() for text in texts):
        numbers = {"owners": tables.forms.owners, "rules": tables.rules}
        numbers |= {name: getattr(tables.trie, name) for name in _NUMBERS if name not in numbers}
        content = {name: _BETWEEN.join(texts).encode() for name, texts in lists.items()}
        cache.store("forms", lexicon.fingerprint, content | {name: bytes(table) for name, table in numbers.items()})
    return tables


def _make(lexicon: Lexicon) -> Tables:
    by_text = forms_of(lexicon.terms.values())
    forms = [by_text[text] for text in sorted(by_text)]
    names = list(lexicon.terms)
    places = {name: place for place, name in enumerate(names)}
    owners = array("i", [places[form.term] for form in forms] * 2)
    senses, context = Senses(lexicon.senses, by_text), Context(lexicon)
    coordination = Coordination(lexicon.families, by_text)
    rules = array("H")
    for form in forms:
        term = lexicon.terms[form.term]
        asked = has_edges(form.text) * EDGES | (form.text in senses) * SENSES | (term.scope != "party") * EXTENSIBLE
        rules.append(asked | context.may_have_verb(form.written, form.term) * VERB | (form.kind == "alias") * ALIAS)
    whole = array("H", [rule | coordination.reach(form.text) for rule, form in zip(rules, forms, strict=True)])
    texts = [form.text for form in forms]
    table = memoryview(whole + rules)
    made = Forms(texts, [form.written for form in forms], names, memoryview(owners), table)
    return Tables(made, build_trie(texts), table)


def _restored(sections: Mapping[str, memoryview]) -> Tables:
    lists = {name: str(sections[name], "utf-8").split(_BETWEEN) for name in _LISTS}
    numbers = {name: sections[name].cast(kind) for name, kind in _NUMBERS.items()}
    rules = numbers.pop("rules")
    forms = Forms(**lists, owners=numbers.pop("owners"), rules=rules)
    return Tables(forms, Trie(**numbers, forms=len(forms), longest=max(map(len, forms))), rules)
