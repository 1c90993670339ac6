"""A lexicon that was read and found right, kept in the cache; of thousands of terms only those that are asked for are made again."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any, TypeVar

from envterms import cache
from envterms.lexicon.model import Category, Event, Family, Lexicon, Pattern, Retired, SenseRule, Source, Term

_Record = TypeVar("_Record", Term, Source, tuple[SenseRule, ...])


def keep(lexicon: Lexicon, key: str) -> None:
    """Stores the lexicon."""
    rest = {
        "terms": list(lexicon.terms),
        "sources": list(lexicon.sources),
        "senses": list(lexicon.senses),
        "categories": dict(lexicon.categories),
        "families": lexicon.families,
        "patterns": dict(lexicon.patterns),
        "places": lexicon.places,
        "retired": dict(lexicon.retired),
        "context": dict(lexicon.context),
        "version": lexicon.version,
        "digest": lexicon.digest,
    }
    sections = {"rest": _json(rest)}
    stored: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("terms", lexicon.terms), ("sources", lexicon.sources), ("senses", lexicon.senses)
    )  # fmt: skip
    for name, records in stored:
        rows = list(map(_json, records.values()))
        sections[name] = b"".join(rows)
        sections[f"{name} end"] = array("I", accumulate(map(len, rows))).tobytes()
    cache.store("lexicon", key, sections)


def restored(key: str) -> Lexicon | None:
    """The lexicon stored under this key, or None."""
    sections = cache.load("lexicon", key)
    if sections is None:
        return None
    rest = json.loads(bytes(sections["rest"]))
    return Lexicon(
        terms=_Stored(rest["terms"], sections["terms"], sections["terms end"], _term),
        categories={id: Category(*row) for id, row in rest["categories"].items()},
        sources=_Stored(rest["sources"], sections["sources"], sections["sources end"], _source),
        families=tuple(Family(*_tuples(row)) for row in rest["families"]),
        senses=_Stored(rest["senses"], sections["senses"], sections["senses end"], _rules),
        version=rest["version"],
        digest=rest["digest"],
        patterns={id: Pattern(*_tuples(row)) for id, row in rest["patterns"].items()},
        places=tuple(rest["places"]),
        retired={term: Retired(*row) for term, row in rest["retired"].items()},
        context={role: tuple(words) for role, words in rest["context"].items()},
    )


class _Stored(Mapping[str, _Record]):
    """Records by name, each made when it is first asked for."""

    def __init__(
        self, names: list[str], rows: bytes | memoryview, ends: bytes | memoryview, make: Callable[[list[Any]], _Record]
    ) -> None:
        self._numbers = dict(zip(names, range(len(names)), strict=True))
        self._rows = memoryview(rows)
        self._ends = memoryview(ends).cast("I")
        self._make: Callable[[list[Any]], _Record] = make
        self._made: dict[str, _Record] = {}

    def __getitem__(self, name: str) -> _Record:
        if name not in self._made:
            number = self._numbers[name]
            start = self._ends[number - 1] if number else 0
            self._made[name] = self._make(json.loads(bytes(self._rows[start : self._ends[number]])))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __reduce__(self) -> tuple[object, ...]:
        return _Stored, (list(self), bytes(self._rows), bytes(self._ends), self._make)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _tuples(row: list[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]


def _term(row: list[Any]) -> Term:
    term = Term(*_tuples(row))
    return term._replace(events=tuple(Event(*event) for event in term.events))


def _source(row: list[Any]) -> Source:
    return Source(*row)


def _rules(rows: list[Any]) -> tuple[SenseRule, ...]:
    return tuple(SenseRule(*_tuples(row)) for row in rows)
