"""Tables and concordances for a terminal or a pipe: Han characters are two columns wide, a narrow window loses columns, not text."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import IO, NamedTuple, TypeAlias

from rich.cells import cell_len, set_cell_size

from envterms.analysis.table import Table
from envterms.output.safety import printable

BAR = "bar"
_BAR_WIDTH = 20
_PIPE_WIDTH = 10_000  # a pipe has no width, so nothing is cut or folded
_MADE_A_TERMINAL = ("FORCE_COLOR", "TTY_COMPATIBLE")  # with these rich may take a pipe for a terminal
_PADDING = 2
_NARROW = 12  # columns to which a column may be folded
_EASY, _EASY_PATH = 24, 44  # columns in which it is read with ease
_NAMED = 8  # columns left out that are named

#: Columns that are shortened in the middle and not folded, and down to what width.
PATHS = {"document": 18, "place": 12}


#: Text, or text with a style of rich.
Piece: TypeAlias = str | tuple[str, str]


class Screen:
    """A stream that lines are written to, and how many columns wide it is.

    On a terminal rich colours and folds the lines, and follows COLUMNS and NO_COLOR. Into a pipe they go as they are, so that of rich only
    the widths of characters are imported.
    """

    def __init__(self, stream: IO[str] | None = None, width: int | None = None) -> None:
        self._stream = stream or sys.stdout
        self.is_terminal = False
        self.width = width or _width_asked_for() or _PIPE_WIDTH
        if width is None and (self._stream.isatty() or any(name in os.environ for name in _MADE_A_TERMINAL)):
            from rich.console import Console

            self._console = Console(file=self._stream, highlight=False, markup=False, emoji=False, soft_wrap=False)
            self.is_terminal = self._console.is_terminal
            self.width = self._console.width if self.is_terminal else self.width

    def say(self, *pieces: Piece, folds: bool = True) -> None:
        """Writes the pieces as a line or several; `folds` says that they may be broken at the width."""
        if self.is_terminal:
            from rich.text import Text

            text = Text.assemble(*pieces)
            if folds:
                self._console.print(text)
            else:
                self._console.print(text, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
        else:
            line = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
            self._stream.write("\n".join(folded(line, self.width) if folds else [line]) + "\n")


def folded(text: str, width: int) -> Sequence[str]:
    """The text in lines of at most so many columns."""
    if cell_len(text) <= width:
        return (text,)
    from rich.console import Console
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(text).wrap(Console(), width, overflow="fold")]


def print_table(
    table: Table,
    out: Screen,
    *,
    label: str = "",
    drop: Sequence[str] = (),
    fold: Collection[str] = (),
    bar: str | None = None,
    diverging: bool = False,
    more: str = "",
) -> None:
    """Prints the table; `bar` names a numeric column to be drawn after the others as bars, which begin at the left, or, if `diverging`, at
    zero in the middle. `more` is a line below.

    What does not fit into the width goes in this order: the bars (unless BAR stands in `drop`), the columns of `drop`, the others from the
    right; a line below names the columns that went. The column `label`, by default the first, always stays. It and those in `fold` are
    folded, and those in PATHS shortened, as far as they are read with ease before columns of `drop` go and more before others do.
    """
    label = label if label in table.columns else table.columns[0]
    shown = [_column(name, table.column(name), name == label, name in fold) for name in table.columns]
    if bar is not None and table.rows:
        shown.append(_bars(table.column(bar), diverging))
    others = [name for name in table.columns if name not in drop]
    victims = [
        name for name in ([] if BAR in drop else [BAR], drop, reversed(others)) for name in name if name != label
    ]
    for victim in victims:
        widths = (column.easy if victim in (BAR, *drop) else column.least for column in shown)
        if sum(widths) + _PADDING * (len(shown) - 1) <= out.width:
            break
        shown = [column for column in shown if column.name != victim]
    pieces = [piece for line in _lines(_fitted(shown, out.width)) for piece in ("\n", *line)]
    out.say(*pieces[1:], folds=False)
    stayed = {column.name for column in shown}
    if gone := [printable(name) for name in table.columns if name not in stayed]:
        named = ", ".join(gone[:_NAMED]) + (f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else "")
        out.say((f"columns left out: {named} (a wider window or -o FILE shows them)", "dim"))
    if more:
        out.say((more, "dim"))


class _Column(NamedTuple):
    """A column, its cells as they are shown. It can be made narrower, down to `least`, and is read with ease down to `easy`."""

    name: str
    title: str
    cells: Sequence[str]
    width: int
    least: int
    easy: int
    right: bool = False
    style: str = ""

    def padded(self, cell: str) -> str:
        blanks = " " * (self.width - cell_len(cell))
        return blanks + cell if self.right else cell + blanks

    def lines(self, cell: str) -> Sequence[str]:
        """The cell in as many lines as it takes."""
        return (shortened(cell, self.width),) if self.name in PATHS else folded(cell, self.width)


def _column(name: str, values: Sequence[object], is_label: bool, folds: bool) -> _Column:
    title, cells = printable(name), [_text(value) for value in values]
    width = max(map(cell_len, [title, *cells]))
    least = PATHS.get(name, _NARROW if folds or is_label else width)
    right = all(isinstance(value, (int, float, type(None))) for value in values)
    easy = max(least, _EASY_PATH if name in PATHS else _EASY)
    return _Column(name, title, cells, width, min(width, least), min(width, easy), right)


def _bars(values: Sequence[object], diverging: bool) -> _Column:
    top = max((abs(value) for value in values if isinstance(value, (int, float))), default=0.0)
    draw = _diverging_bar if diverging else _bar
    drawn = [draw(value, top) if isinstance(value, (int, float)) else "" for value in values]
    return _Column(BAR, "", drawn, max(map(cell_len, drawn)), _BAR_WIDTH, _BAR_WIDTH, style="green")


def _fitted(columns: Sequence[_Column], room: int) -> list[_Column]:
    """The columns made narrower until they fit, the widest first, and all as far as they are read with ease before any more."""
    widths, between = [column.width for column in columns], _PADDING * (len(columns) - 1)
    least = [column.least for column in columns] if len(columns) > 1 else [min(columns[0].width, room)]
    for narrow in ([column.easy for column in columns], least):
        while sum(widths) + between > room and (
            wider := [place for place, width in enumerate(widths) if width > narrow[place]]
        ):
            widths[max(wider, key=widths.__getitem__)] -= 1
    return [column._replace(width=width) for column, width in zip(columns, widths, strict=True)]


def _lines(columns: Sequence[_Column]) -> Iterator[list[Piece]]:
    """The lines of the table. One of rich would look the same and takes as long as all the counting of a page."""
    between = " " * _PADDING
    rows = zip(*([column.title, *column.cells] for column in columns), strict=True)
    for number, row in enumerate(rows):
        cells = [column.lines(cell) for column, cell in zip(columns, row, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            padded = [column.padded(cell) for column, cell in zip(columns, line, strict=True)]
            front, last = "".join(cell + between for cell in padded[:-1]), padded[-1].rstrip()
            style = columns[-1].style if number else "bold"
            yield [(front if last else front.rstrip(), "" if number else "bold"), (last, style)]


def as_text(table: Table) -> bytes:
    """The whole table as a file of text."""
    text = io.StringIO()
    print_table(table, Screen(text, _PIPE_WIDTH))
    return text.getvalue().encode("utf-8")


def print_concordance(rows: Iterable[dict[str, object]], out: Screen, window: int) -> None:
    """Prints matches one a line, aligned on the match, each with its place; contexts and places are cut to fit, the match never."""
    left_room, right_room, width = 2 * window, 2 * window, out.width
    for row in rows:
        place = printable(f"{row['document']}:{row['line']}:{row['column']}")
        surface = printable(str(row["surface"]))
        left, right = printable(str(row["pre"])), printable(str(row["post"]))
        if width < _PIPE_WIDTH:
            place = shortened(place, max(_NARROW, width // 3))
            left_room = min(2 * window, max(8, width // 4))
            taken = left_room + cell_len(surface) + _PADDING + cell_len(place)
            right_room = max(0, min(2 * window, width - taken))
        is_other = row["form"] in ("coordinated", "alias")
        out.say(
            _cut_left(left, left_room),
            (surface, "bold red"),
            _cut_right(right, right_room) + " " * _PADDING,
            (place, "cyan"),
            (f"  = {printable(str(row['term']))}" if is_other else "", "dim"),
            folds=False,
        )


def shortened(text: str, room: int) -> str:
    """A path or place in at most `room` columns, with … for what is cut out of its middle.

    >>> shortened("samples/2024/qingling.txt:5:7", 17)
    'sampl…ing.txt:5:7'
    """
    if cell_len(text) <= room:
        return text
    head = (room - 1) // 3
    return f"{_cut_right(text, head)}…{_cut_left(text, room - 1 - head)}"


def _cut_left(text: str, room: int) -> str:
    """The end of `text` in exactly `room` columns, filled from the left."""
    start = max(0, len(text) - 2 * room)
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
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return text if text.isprintable() else printable(text)


def _width_asked_for() -> int | None:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 0 else None
