"""The forms that are looked for, and the places where one stands without being used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from envterms.lexicon.model import CONJUNCTION, SEPARATORS, Term
from envterms.normalizing import NormalizedText, normalize_each

_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the matcher knows it: `text` is normalized, `written` as in the lexicon, `pattern` the pattern that found it."""

    text: str
    written: str
    term: str
    kind: str
    pattern: str = ""


class Candidate(NamedTuple):
    """A form at `text[start:end]` of the normalized text."""

    start: int
    end: int
    form: Form


def forms_of(terms: Iterable[Term]) -> dict[str, Form]:
    """Normalized text of a form -> Form, for the canonical forms, the aliases, and the spellings of both.

    Writers join the parts of a slogan with 、 or a comma or not at all, and say 和 or 与 or 及, so each form stands for these spellings
    too, unless a spelling is a form in its own right.
    """
    written = [(form, term) for term in terms for form in term.forms]
    texts = normalize_each([form for form, _ in written])
    known = [
        Form(text, form, term.term, "literal" if form is term.term else "alias")
        for text, (form, term) in zip(texts, written, strict=True)
    ]
    forms: dict[str, Form] = {}
    for form in known:
        forms.setdefault(form.text, form)
    for form in known:
        for spelling in _spellings(form.text):
            forms.setdefault(spelling, Form(spelling, form.written, form.term, form.kind))
        for order in _orders(form.text):
            forms.setdefault(order, Form(order, form.written, form.term, "alias"))
    return forms


def _spellings(text: str) -> Iterator[str]:
    """Other ways to write a form: its joints (、 or a comma or nothing between parts; 和, 与 or 及 between two or before the last)."""
    if "计划" in text:
        yield text.replace("计划", "计画")  # as Taiwan writes it, which is not a matter of script
    if SEPARATORS.search(text):
        *parts, last = SEPARATORS.split(text)
        closing = {"、".join(parts) + word + last for word in "和与及"} if len(parts) > 1 else set()
        yield from ({mark.join([*parts, last]) for mark in ("、", ",", "")} | closing) - {text}
    elif len(text) > 5 and CONJUNCTION.search(text):
        yield from {CONJUNCTION.sub(word, text) for word in "和与及"} - {text}


def _orders(text: str) -> Iterable[str]:
    """The two or three parts of a formula in another order: 不欠新账、多还旧账 and 多还旧账、不欠新账. Single characters keep theirs."""
    parts = SEPARATORS.split(text) if "、" in text or "," in text else ()
    if len(parts) not in (2, 3) or min(map(len, parts)) == 1:
        return ()
    return [mark.join(order) for order in list(permutations(parts))[1:] for mark in ("、", ",")]


#: The characters beside which `runs_on` may hold.
EDGES = frozenset({*_NUMERALS, *"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."})


def has_edges(form: str) -> bool:
    """Whether `runs_on` may hold for the form somewhere."""
    return form[0] in _NUMERALS or _is_latin(form[0]) or _is_latin(form[-1])


def runs_on(normalized: NormalizedText, start: int, end: int) -> bool:
    """Whether what stands at `[start, end)` is a piece of a longer number or Latin word, and so no candidate.

    A form that begins or ends with a Latin letter or digit must not run on in one (PM2.5 in PM2.55); a form that begins with a
    Chinese numeral must not follow one (十条 in 二十条).
    """
    text = normalized.text
    first, last = text[start], text[end - 1]
    if start and first in _NUMERALS and text[start - 1] in _NUMERALS:
        return _adjoin(normalized, start - 1)
    if start and _is_latin(first) and (_is_latin(text[start - 1]) or (text[start - 1] == "." and first.isdigit())):
        return _adjoin(normalized, start - 1)
    if end < len(text) and _is_latin(last):
        following = text[end : end + 2]
        decimal = last.isdigit() and following[0] == "." and following[1:].isdigit()
        return (_is_latin(following[0]) or decimal) and _adjoin(normalized, end - 1)
    return False


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _adjoin(normalized: NormalizedText, position: int) -> bool:
    """Whether the characters at `position` and after it adjoin in the original too, with no white space left out between them."""
    return normalized.original(position + 1) - normalized.original(position) == 1
