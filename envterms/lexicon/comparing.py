"""What an edit changes: two lexicons side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from envterms.lexicon.loading import LISTS, TERM_COLUMNS
from envterms.lexicon.model import Event, Lexicon


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `table` is the CSV file, `name` the term or the line in short, `change` added, removed or changed.

    Of a changed cell, `old` and `new` are its values; where the cell is a list, only those that went and those that came.
    """

    table: str
    name: str
    change: str
    column: str = ""
    old: str = ""
    new: str = ""


def compare_lexicons(old: Lexicon, new: Lexicon) -> Iterator[Change]:
    """Every difference from `old` to `new`: the terms cell by cell, then the lines of the other tables that bear on counts.

    A term that was removed has in `new` what retired.csv says of it, or nothing if it is not there.
    """
    for name in sorted({*old.terms, *new.terms}):
        before, after = old.terms.get(name), new.terms.get(name)
        if before is None:
            yield Change("terms", name, "added", new=new.terms[name].category)
        elif after is None:
            gone = new.retired.get(name)
            why = f"retired {gone.retired}: {gone.reason}; use {gone.replacement}" if gone else ""
            yield Change("terms", name, "removed", old=before.category, new=why.removesuffix("; use "))
        else:
            for column in TERM_COLUMNS:
                was, now = getattr(before, column), getattr(after, column)
                if was != now:
                    yield Change("terms", name, "changed", column, *_cells(was, now, column))
    for table in ("families", "senses", "patterns"):
        was, now = _lines(getattr(old, table)), _lines(getattr(new, table))
        yield from (Change(table, line, "removed") for line in was if line not in now)
        yield from (Change(table, line, "added") for line in now if line not in was)


def _cells(was: Any, now: Any, column: str) -> tuple[str, str]:
    if column not in LISTS:
        return was, now
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    if not gone and not come:  # only the order is another
        gone, come = was, now
    return _join(gone), _join(come)


def _join(values: Any) -> str:
    return "|".join(
        f"{value.kind} {value.date} {value.source}" if isinstance(value, Event) else value for value in values
    )


def _lines(table: Any) -> dict[str, None]:
    """The lines of a table in words, in order; examples and reasons decide no count."""
    records = table if isinstance(table, tuple) else [one for group in table.values() for one in _as_tuple(group)]
    skipped = ("place", "example", "counterexample", "reason")
    return {
        " ".join(
            "|".join(value) if isinstance(value, tuple) else value
            for name, value in record._asdict().items()
            if value and name not in skipped
        ): None
        for record in records
    }


def _as_tuple(group: Any) -> tuple[Any, ...]:
    return group if type(group) is tuple else (group,)  # a record is a tuple of another type
