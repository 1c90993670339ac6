"""A table before it becomes a DataFrame, a file or a picture: the command line needs no pandas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from envterms.errors import UnknownName

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of plain values."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]

    def select(self, columns: Sequence[str]) -> Table:
        """The same rows with these columns only. Raises UnknownName."""
        for name in columns:
            if name not in self.columns:
                raise UnknownName("column", name, self.columns, f"columns are {', '.join(self.columns)}")
        places = [self.columns.index(name) for name in columns]
        if len(places) < 2:  # of which itemgetter makes no tuple
            return Table(tuple(columns), [tuple(row[place] for place in places) for row in self.rows])
        return Table(tuple(columns), [*map(itemgetter(*places), self.rows)])

    def first(self, number: int | None, each: str | None = None) -> Table:
        """The first rows, or the first for each value of the column `each`; all for 0 or None."""
        if not number:
            return self
        seen: Counter[object] = Counter()
        rows = []
        for row, value in zip(self.rows, self.column(each) if each else [None] * len(self.rows), strict=True):
            seen[value] += 1
            if seen[value] <= number:
                rows.append(row)
        return Table(self.columns, rows)

    def column(self, name: str) -> list[object]:
        """The values of one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def records(self) -> Iterable[dict[str, object]]:
        """One mapping per row."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def frame(self) -> pd.DataFrame:
        """The table as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(self.columns))


def with_metadata(
    columns: Sequence[str],
    rows: Iterable[tuple[Mapping[str, object], Iterable[tuple[object, ...]]]],
    reserved: Collection[str] = (),
) -> Table:
    """The rows of several documents, each with its metadata, as further columns, named by `metadata_columns`."""
    parts = [(metadata, list(of_one)) for metadata, of_one in rows]
    further = metadata_columns((*columns, *reserved), (metadata for metadata, _ in parts))
    if not further:
        return Table(tuple(columns), [row for _, of_one in parts for row in of_one])
    return Table(
        (*columns, *further.values()),
        [(*row, *map(metadata.get, further)) for metadata, of_one in parts for row in of_one],
    )


def metadata_columns(columns: Sequence[str], metadata: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Names of metadata -> the columns for them beside others; `metadata_` stands before a name that is taken, as often as needed."""
    names = dict.fromkeys(name for of_one in metadata for name in of_one)
    taken = {*columns, *names}
    found = {}
    for name in names:
        found[name] = name
        while name in columns and found[name] in taken:
            found[name] = f"metadata_{found[name]}"
        taken.add(found[name])
    return found
