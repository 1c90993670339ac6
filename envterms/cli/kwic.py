"""`envterms kwic`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import typer

from envterms.cli import options
from envterms.output.safety import say

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("kwic", cls=options.Command)
def kwic_command(
    paths: options.Paths,
    term: Annotated[list[str] | None, typer.Option("-t", "--term", help="Only this term; may be repeated.")] = None,
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    window: Annotated[int, typer.Option("-w", "--window", min=0, help="Characters of context on either side.")] = 20,
    top: Annotated[int, typer.Option("-n", "--top", min=0, help="Only the first N matches; 0 for all.")] = 0,
    nested: options.NestedOption = options.Nested.longest,
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
    """Show every match in its context, with line and column.

    \b
    envterms kwic report.txt --term 蓝天保卫战
    envterms kwic samples/ --format jsonl
    """
    from itertools import islice

    from envterms.analysis import Selection, Table
    from envterms.analysis.concordance import COLUMNS, concordance, concordance_in_pieces
    from envterms.analysis.table import metadata_columns
    from envterms.errors import UnreadableDocument
    from envterms.matching import Matcher
    from envterms.output import files
    from envterms.output.terminal import Screen, print_concordance, print_table
    from envterms.reading import Document, is_large, open_large, read_document

    kind = options.format_asked_for(format, output)
    terms = options.load(lexicon, only_lexicon)
    selected = Selection.of(category, exclude, scope, term).on(terms)
    files_found = options.find(paths, encoding, text_column, quiet)
    further = metadata_columns(COLUMNS, (one.metadata for one in files_found if isinstance(one, Document)))
    there = (*COLUMNS, *further.values())
    chosen = list(there) if columns in (None, "all") else options.listed(columns)
    Table(there, []).select(chosen)  # complains of an unknown name before the work begins
    matcher = Matcher(terms, not no_coordination)
    failures: list[UnreadableDocument] = []
    matches: Counter[str] = Counter()
    unresolved: Counter[str] = Counter()

    how = (matcher, selected, window, nested, furniture == "keep", not no_repair, unresolved)

    options.warn(warning for one in files_found if isinstance(one, Document) for warning in one.warnings)

    def rows_of(path: str | Document) -> Iterator[tuple[object, ...]]:
        if isinstance(path, Document):
            return concordance(path, *how)
        if is_large(path):
            found, whole = open_large(path, encoding)
            options.warn(found.warnings)
            return concordance_in_pieces(path, whole.pieces(), *how)
        document = read_document(path, encoding)
        options.warn(document.warnings)
        return concordance(document, *how)

    def rows() -> Iterator[tuple[object, ...]]:
        read = 0
        for found in files_found:
            try:
                if isinstance(found, UnreadableDocument):
                    raise found
                metadata = found.metadata if isinstance(found, Document) else {}
                for row in rows_of(found):
                    matches[str(row[0])] += 1
                    yield (*row, *map(metadata.get, further))
                read += 1
            except UnreadableDocument as error:
                failures.append(error)
        options.stop_if_none(read, failures)

    wanted = islice(rows(), top or None)
    if kind == "table" and output in (None, "-") and columns:
        print_table(
            Table(there, list(wanted)).select(chosen), Screen(), label="surface", fold=("pre", "surface", "post")
        )
    elif kind == "table" and output in (None, "-"):
        print_concordance((dict(zip(there, row, strict=True)) for row in wanted), Screen(), window)
    elif kind == "table":
        raise typer.BadParameter("a concordance in a file is csv, tsv, json, jsonl, md or xlsx", param_hint="--format")
    else:
        bom = output not in (None, "-") and not no_bom
        if kind in files.STREAMED:
            places = [there.index(name) for name in chosen]
            cells = (tuple(row[place] for place in places) for row in wanted)
            files.write(files.lines(chosen, cells, kind, bom), output)
        else:
            files.write(files.render(Table(there, list(wanted)).select(chosen), kind, bom), output)
    options.complain(failures)
    if not quiet:
        found, documents = matches.total(), len(matches)
        left = f"; {unresolved.total():,} unresolved (envterms explain --status unresolved)" if unresolved else ""
        shown = f"{found:,} match{'es' * (found != 1)} in {documents:,} document{'s' * (documents != 1)}"
        say(shown + left)
    if failures:
        raise typer.Exit(1)
