"""`envterms lexicon`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from envterms.cli import options

lexicon_app = typer.Typer(help="Look into the lexicon and check it.", no_args_is_help=True, rich_markup_mode=None)

_LIST_COLUMNS = ("term", "english", "category", "type", "level", "scope", "status")


@lexicon_app.command("list")
def list_command(
    category: options.Category = None,
    scope: options.Scope = None,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """List the terms."""
    from envterms.analysis import Selection

    terms = options.load(lexicon, only_lexicon)
    selected = Selection(categories=tuple(category or ()), scopes=tuple(scope or ())).on(terms)
    _show([term for name, term in terms.terms.items() if selected.term(name)], columns, output, format, no_bom)


@lexicon_app.command("search")
def search_command(
    text: Annotated[str, typer.Argument(help="Chinese in either script, or English.", show_default=False)],
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Search forms, English, expansions and definitions."""
    from envterms.lexicon import search_terms

    found = search_terms(options.load(lexicon, only_lexicon), text)
    if not found:
        print(f"envterms: no term holds {text!r}", file=sys.stderr)
        raise typer.Exit(1)
    _show(found, columns, output, format, no_bom)


@lexicon_app.command("show")
def show_command(
    term: Annotated[str, typer.Argument(help="A term or alias, in either script.", show_default=False)],
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Show all that the lexicon says of a term."""
    from rich.text import Text

    from envterms.lexicon.describing import describe, describe_retired
    from envterms.output.terminal import console

    out = console()
    terms = options.load(lexicon, only_lexicon)
    gone = terms.find_retired(term)
    for label, value in describe_retired(gone) if gone else describe(terms.find(term), terms):
        out.print(Text.assemble((f"{label:<12}", "bold"), value), soft_wrap=True)


@lexicon_app.command("categories")
def categories_command(
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """List the categories with their definitions and numbers of terms."""
    from collections import Counter

    from envterms.analysis import Table
    from envterms.output.terminal import console, print_table

    terms = options.load(lexicon, only_lexicon)
    numbers = Counter(term.category for term in terms.terms.values())
    rows: list[tuple[object, ...]] = [
        (
            c.id,
            c.chinese,
            c.english,
            sum(n for id, n in numbers.items() if id == c.id or id.startswith(c.id + "/")),
            c.definition,
        )
        for c in terms.categories.values()
    ]
    table = Table(("category", "chinese", "english", "terms", "definition"), rows)
    print_table(table, console(), drop=("definition", "english"), keep="definition")


@lexicon_app.command("check")
def check_command(
    folder: Annotated[
        Path | None, typer.Argument(help="A lexicon folder; the built-in one by default.", show_default=False)
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Rewrite the files in canonical form: order, BOM, line ends, blanks.")
    ] = False,
) -> None:
    """Name every fault of a lexicon folder as file:line: column: problem."""
    from envterms.lexicon import builtin_folder, check_lexicon, fix_lexicon

    folder = folder or builtin_folder()
    if not (folder / "terms").is_dir():
        raise typer.BadParameter(f"{folder} has no folder terms/", param_hint="FOLDER")
    if fix:
        for path in fix_lexicon(folder):
            print(f"{path}: rewritten in canonical form", file=sys.stderr)
    faults = check_lexicon(folder)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} fault{'s' * (len(faults) != 1)} in {folder}", file=sys.stderr)
    if faults:
        raise typer.Exit(1)


def _show(terms, columns, output, format, no_bom) -> None:  # type: ignore[no-untyped-def]  # see the two commands above
    from envterms.analysis import Table
    from envterms.lexicon.describing import cells
    from envterms.lexicon.loading import TERM_COLUMNS
    from envterms.output import files
    from envterms.output.terminal import console, print_table

    kind = options.format_asked_for(format, output)
    table = Table(TERM_COLUMNS, [cells(term) for term in terms])
    if columns == "all" or (columns is None and kind != "table"):
        chosen = list(TERM_COLUMNS)
    else:
        chosen = [name.strip() for name in columns.split(",")] if columns else list(_LIST_COLUMNS)
    table = table.select(chosen)
    if kind == "table":
        print_table(table, console(), drop=("status", "level", "scope", "type", "category"))
    else:
        files.write(files.render(table, kind, bom=output not in (None, "-") and not no_bom), output)
