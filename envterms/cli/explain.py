"""`envterms explain`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from envterms.cli import options
from envterms.output.safety import say

if TYPE_CHECKING:
    from envterms.analysis import Table

_TABLE_COLUMNS = ("place", "status", "surface", "reason", "term", "form", "repairs")
_DROPS = ("repairs", "form")  # where the table is too wide
_FOLDS = ("surface", "term", "reason")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("explain", cls=options.Command)
def explain_command(
    paths: options.Paths,
    term: Annotated[list[str] | None, typer.Option("-t", "--term", help="Only this term; may be repeated.")] = None,
    line: Annotated[int | None, typer.Option("--line", min=1, help="Only what stands in this line.")] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status", help="Only counted, nested, overlapped, rejected, unresolved or furniture; may be repeated."
        ),
    ] = None,
    top: Annotated[int, typer.Option("-n", "--top", min=0, help="Only the first N candidates; 0 for all.")] = 0,
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    no_coordination: options.NoCoordination = False,
    no_repair: options.NoRepair = False,
    furniture: options.FurnitureOption = options.Furniture.drop,
    text_column: options.TextColumn = None,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    encoding: options.Encoding = None,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
    quiet: options.Quiet = False,
) -> None:
    """Show every candidate, counted or not, with the rule that decided and the noise that was mended.

    \b
    envterms explain report.txt --line 3
    envterms explain samples/ --term 两高
    envterms explain samples/ --status unresolved
    envterms explain speeches.csv --text-column text --status unresolved
    """
    from itertools import islice

    from envterms.analysis import EXPLANATION_COLUMNS, Selection, Table, explanation
    from envterms.analysis.explanation import EXPLAINED
    from envterms.analysis.table import metadata_columns
    from envterms.errors import UnreadableDocument
    from envterms.matching import Matcher
    from envterms.output import files
    from envterms.output.terminal import Screen, print_table
    from envterms.reading import Document

    kind = options.format_asked_for(format, output)
    for name in status or ():
        options.known("--status", name, EXPLAINED)
    terms = options.load(lexicon, only_lexicon)
    selected = Selection.of(category, exclude, scope, term).on(terms)
    found = options.find(paths, encoding, text_column, quiet)
    further = metadata_columns(EXPLANATION_COLUMNS, (one.metadata for one in found if isinstance(one, Document)))
    there = (*EXPLANATION_COLUMNS, *further.values())
    chosen = None if columns in (None, "all") else options.listed(columns)
    Table(there, []).select(chosen or there)  # complains of an unknown name before the work begins
    matcher = Matcher(terms, not no_coordination)
    failures: list[UnreadableDocument] = []
    seen: Counter[str] = Counter()

    def rows() -> Iterator[tuple[object, ...]]:
        for document in options.opened(found, encoding, failures):
            for row in explanation(document, matcher, selected, line, status or (), furniture == "keep", not no_repair):
                seen[str(row[EXPLANATION_COLUMNS.index("status")])] += 1
                yield (*row, *map(document.metadata.get, further))

    wanted = islice(rows(), top or None)
    if kind == "jsonl" and output in (None, "-"):
        for row in wanted:
            one = Table(there, [row]).select(chosen or there)
            files.write(files.lines(one.columns, one.rows, "jsonl"), None)
    else:
        table = Table(there, list(wanted))
        if kind != "table":
            options.write(table.select(chosen or there), kind, output, no_bom)
        elif table.rows:
            shown = table.select(chosen) if chosen else _short(table)
            print_table(shown, Screen(), drop=_DROPS, fold=_FOLDS)
    options.complain(failures)
    if not quiet:
        kinds = ", ".join(f"{number:,} {name}" for name, number in seen.most_common())
        total = seen.total()
        say(f"{total:,} candidate{'s' * (total != 1)}" + (f": {kinds}" if kinds else ""))
    if failures:
        raise typer.Exit(1)


def _short(table: Table) -> Table:
    """The columns that a terminal has room for, document, line and column in one."""
    from envterms.analysis import Table

    rows = [
        (f"{row['document']}:{row['line']}:{row['column']}", *(row[name] for name in _TABLE_COLUMNS[1:]))
        for row in table.records()
    ]
    return Table(_TABLE_COLUMNS, rows)
