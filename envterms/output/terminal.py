"""Tables and concordances for a terminal or a pipe: Han characters are two columns wide, a narrow window loses columns, not text."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.text import Text

from envterms.analysis.table import Table
from envterms.output.safety import printable

BAR = "bar"
_BAR_WIDTH = 20
_PIPE_WIDTH = 10_000  # a pipe has no width, so nothing is cut or folded
_PADDING = 2


def console(stream: IO[str] | None = None) -> Console:
    """A console on standard output that follows COLUMNS and NO_COLOR and neither cuts nor colours what goes into a pipe."""
    stream = stream or sys.stdout
    made = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made = Console(
            file=stream,
            highlight=False,
            markup=False,
            emoji=False,
            no_color=True,
            width=_width_asked_for() or _PIPE_WIDTH,
        )
    return made


def print_table(
    table: Table,
    out: Console,
    *,
    bar: str | None = None,
    diverging: bool = False,
    drop: Sequence[str] = (),
    keep: str = "term",
    more: str = "",
) -> list[str]:
    """Prints the table; `bar` names a numeric column to be drawn after the others as bars. Returns the columns left out.

    The bars begin at the left, or, if `diverging`, at zero in the middle.

    What does not fit into the width goes in this order: the bar (unless BAR stands in `drop`), then the columns of `drop`; the column
    `keep` is folded as a last resort.
    """
    numeric = {
        name: all(isinstance(value, (int, float, type(None))) for value in table.column(name)) for name in table.columns
    }
    cells = {name: [_text(value) for value in table.column(name)] for name in table.columns}
    widths = {name: max(map(cell_len, [name, *cells[name]])) for name in table.columns}
    shown = list(table.columns)
    bars = bar is not None and bool(table.rows)
    for victim in [*([] if BAR in drop else [BAR]), *drop]:
        if sum(widths[name] + _PADDING for name in shown) + bars * (_BAR_WIDTH + _PADDING) - _PADDING <= out.width:
            break
        if victim == BAR:
            bars = False
        elif victim in shown:
            shown.remove(victim)
    columns = [_Column(name, cells[name], widths[name], numeric[name], name == keep) for name in shown]
    if bars and bar is not None:
        values = [float(value) if isinstance(value, (int, float)) else 0.0 for value in table.column(bar)]
        top = max(map(abs, values), default=0.0)
        drawn = [(_diverging_bar if diverging else _bar)(value, top) for value in values]
        columns.append(_Column("", drawn, max(map(cell_len, drawn)), style="green"))
    if sum(column.width + _PADDING for column in columns) - _PADDING <= out.width:
        out.print(_in_lines(columns), soft_wrap=True)
    else:
        out.print(_folded(columns))
    if more:
        out.print(Text(more, style="dim"))
    return [name for name in table.columns if name not in shown]


class _Column(NamedTuple):
    name: str
    cells: Sequence[str]
    width: int
    right: bool = False
    folds: bool = False
    style: str = ""

    def padded(self, cell: str) -> str:
        blanks = " " * (self.width - cell_len(cell))
        return blanks + cell if self.right else cell + blanks


def _in_lines(columns: Sequence[_Column]) -> Text:
    """A table that fits into the width. A table of rich would look the same and takes as long as all the counting of a page."""
    between = " " * _PADDING
    text = Text.assemble((between.join(column.padded(column.name) for column in columns), "bold"))
    for row in zip(*(column.cells for column in columns), strict=True):
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            text.append((between if place else "\n") + column.padded(cell), column.style)
    return text


def _folded(columns: Sequence[_Column]) -> RenderableType:
    """The same with columns that are folded where they do not fit."""
    from rich.table import Table as RichTable

    rich = RichTable(box=None, pad_edge=False, padding=(0, _PADDING, 0, 0), header_style="bold", show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.right else "left"
        rich.add_column(Text(column.name), justify=justify, overflow="fold", no_wrap=not column.folds)
    for row in zip(*(column.cells for column in columns), strict=True):
        rich.add_row(*(Text(cell, style=column.style) for column, cell in zip(columns, row, strict=True)))
    return rich


def as_text(table: Table, bar: str | None = None) -> bytes:
    """The table as it is printed into a pipe."""
    text = io.StringIO()
    print_table(table, console(text), bar=bar)
    return text.getvalue().encode("utf-8")


def print_concordance(rows: Iterable[dict[str, object]], out: Console, window: int) -> None:
    """Prints matches one a line, aligned on the match, each with its place; contexts are cut to fit, the match never."""
    for row in rows:
        place = Text(f"{printable(str(row['document']))}:{row['line']}:{row['column']}", style="cyan")
        surface = printable(str(row["surface"]))
        left, right = printable(str(row["pre"])), printable(str(row["post"]))
        room = 2 * window
        if out.width < _PIPE_WIDTH:
            room = max(8, min(room, (out.width - 30 - cell_len(surface)) // 2))
        line = Text.assemble(_cut_left(left, room), (surface, "bold red"), _cut_right(right, room), "  ", place)
        if row["form"] in ("coordinated", "alias"):
            line.append(f"  = {printable(str(row['term']))}", style="dim")
        out.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def _cut_left(text: str, room: int) -> str:
    """The end of `text` in exactly `room` columns, filled from the left."""
    start = 0
    while cell_len(text[start:]) > room:
        start += 1
    return " " * (room - cell_len(text[start:])) + text[start:]


def _cut_right(text: str, room: int) -> str:
    return set_cell_size(text, room)


def _bar(value: float, top: float) -> str:
    if top <= 0:
        return ""
    eighths = round(value / top * _BAR_WIDTH * 8)
    return "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")


def _diverging_bar(value: float, top: float) -> str:
    half = _BAR_WIDTH // 2
    halves = round(abs(value) / top * half * 2) if top > 0 else 0
    full, rest = "█" * (halves // 2), halves % 2
    return f"{'▐' * rest + full:>{half}}│" if value < 0 else f"{'':>{half}}│{full}{'▌' * rest}"


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else printable(str(value))


def _width_asked_for() -> int | None:
    import os

    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 0 else None
