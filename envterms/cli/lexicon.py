"""`envterms lexicon`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from envterms.cli import options
from envterms.output.safety import printable, say

if TYPE_CHECKING:
    from envterms.analysis import Table

app = typer.Typer(
    help="Look into the lexicon and check it.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

_FIRST_SEEN_COLUMNS = ("term", "form", "first", "not_in_corpus", "docfreq", "claims")
_LABELS = ("term", "name", "value", "category")
_DROPS = ("level", "scope", "type", "status", "category", "docfreq", "not_in_corpus", "claims", "chinese")
_FOLDS = ("form", "english", "definition", "notes", "claims", "old", "new")
_LIST_COLUMNS = ("term", "english", "category", "type", "level", "scope", "status")


@app.command("list", cls=options.Command)
def list_command(
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="Only terms that are verified, attested or unknown; may be repeated."),
    ] = None,
    type: Annotated[
        list[str] | None, typer.Option("--type", help="Only terms of this type, e.g. campaign; may be repeated.")
    ] = None,
    top: Annotated[int, typer.Option("-n", "--top", min=0, help="Only the first N terms; 0 for all.")] = 0,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """List the terms.

    \b
    envterms lexicon list --type campaign --status verified
    """
    from envterms.analysis import Selection

    terms = options.load(lexicon, only_lexicon)
    selected = Selection.of(category, exclude, scope).on(terms)
    found = [term for name, term in terms.terms.items() if selected.term(name)]
    for option, column, values in (("--status", "status", status), ("--type", "type", type)):
        for value in values or ():
            options.known(option, value, sorted({getattr(term, column) for term in terms.terms.values()} - {""}))
        found = [term for term in found if not values or getattr(term, column) in values]
    _show(found[: top or None], columns, output, format, no_bom)


@app.command("search", cls=options.Command)
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
    from envterms.lexicon.searching import search_terms

    found = search_terms(options.load(lexicon, only_lexicon), text)
    if not found:
        say(f"envterms: no term holds {text}")
        raise typer.Exit(1)
    _show(found, columns, output, format, no_bom)


@app.command("show", cls=options.Command)
def show_command(
    term: Annotated[str, typer.Argument(help="A term or alias, in either script.", show_default=False)],
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Show all that the lexicon says of a term, or its line of the lexicon as CSV, JSON …

    \b
    envterms lexicon show 三线一单 --format json
    """
    from envterms.analysis import Table
    from envterms.lexicon.describing import describe, describe_retired
    from envterms.output.terminal import Screen

    out = Screen()
    terms = options.load(lexicon, only_lexicon)
    gone = terms.find_retired(term)
    kind = options.format_asked_for(format, output)
    if columns or output not in (None, "-") or kind != "table":
        if gone:
            labels, values = zip(*describe_retired(gone), strict=True)
            _write(Table(labels, [values]), _asked(columns, labels), output, format, no_bom)
        else:
            _show([terms.find(term)], columns, output, format, no_bom)
        return
    for label, value in describe_retired(gone) if gone else describe(terms.find(term), terms):
        out.say((f"{label:<12}", "bold"), printable(value), folds=False)


@app.command("categories", cls=options.Command)
def categories_command(
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """List the categories with their definitions and numbers of terms."""
    from collections import Counter

    from envterms.analysis import Table

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
    _write(table, _asked(columns, table.columns), output, format, no_bom)


@app.command("stats", cls=options.Command)
def stats_command(
    facet: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            help="Only this facet: all, top, category, type, scope, level, region, status, event or has; may be repeated.",
        ),
    ] = None,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Say how many terms and forms there are by category, type, scope, level, region, status, events and what they have beside."""
    from envterms.analysis import Table
    from envterms.analysis.lexicons import FACETS, stats_table

    for name in facet or ():
        options.known("--by", name, FACETS)
    table = stats_table(options.load(lexicon, only_lexicon))
    rows = [row for row in table.rows if not facet or row[0] in facet]
    _write(Table(table.columns, rows), _asked(columns, table.columns), output, format, no_bom)


@app.command("diff", cls=options.Command)
def diff_command(
    old: Annotated[str, typer.Argument(help="A lexicon folder or CSV file.", show_default=False)],
    new: Annotated[str, typer.Argument(help="Another, or the same after an edit.", show_default=False)],
    corpus: Annotated[
        list[str] | None,
        typer.Option(
            "--corpus",
            help="Documents to count with both: what moves is shown too; may be repeated.",
            show_default=False,
        ),
    ] = None,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    encoding: options.Encoding = None,
) -> None:
    """Show what an edit changes: terms added, removed and changed, and on a corpus which counts move.

    \b
    envterms lexicon diff old/lexicon lexicon --corpus samples/
    """
    from envterms.analysis.lexicons import diff_table
    from envterms.errors import UnreadableDocument
    from envterms.lexicon import load_lexicon

    failures: list[UnreadableDocument] = []
    documents = options.documents(corpus, encoding, failures) if corpus else ()
    table = diff_table(load_lexicon(old, builtin=False), load_lexicon(new, builtin=False), documents)
    _write(table, _asked(columns, table.columns), output, format, no_bom)
    options.complain(failures)
    names: dict[str, set[object]] = {"added": set(), "removed": set(), "changed": set(), "unexplained": set()}
    for kind, name, change, _, _, why in table.rows:
        if kind == "terms":
            names[str(change)].add(name)
            if change == "removed" and not why:
                names["unexplained"].add(name)
    say(
        f"terms: {len(names['added']):,} added, {len(names['removed']):,} removed ({len(names['unexplained']):,} of them not in "
        f"retired.csv), {len(names['changed']):,} changed"
    )
    if failures:
        raise typer.Exit(1)


@app.command("first-seen", cls=options.Command)
def first_seen_command(
    paths: options.Paths,
    dates: Annotated[
        str | None,
        typer.Option(
            "--dates", help="A CSV file with the columns document and date; by default dates stand in file names."
        ),
    ] = None,
    later: Annotated[
        bool, typer.Option("--later", help="Only forms that are seen before a claim of their first use: to be read.")
    ] = False,
    term: Annotated[list[str] | None, typer.Option("-t", "--term", help="Only this term; may be repeated.")] = None,
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    nested: options.NestedOption = options.Nested.longest,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    encoding: options.Encoding = None,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Find where each form stands first in a dated corpus, with the corpus's gaps beside it.

    \b
    envterms lexicon first-seen reports/ -o first.csv
    """
    from envterms.analysis import Selection, Table
    from envterms.analysis.firstseen import COLUMNS, dated, first_seen_table, read_dates
    from envterms.errors import UnreadableDocument

    terms = options.load(lexicon, only_lexicon)
    selection = Selection.of(category, exclude, scope, term)
    chosen = _asked(columns, COLUMNS, _FIRST_SEEN_COLUMNS, options.format_asked_for(format, output))
    Table(COLUMNS, []).select(chosen)  # complains of an unknown name before the work begins
    failures: list[UnreadableDocument] = []
    documents = dated(options.documents(paths, encoding, failures), read_dates(dates) if dates else {}, failures)
    table = first_seen_table(options.some(documents, failures), terms, selection, nested)
    rows = [row for row in table.rows if row[COLUMNS.index("later_claims")]] if later else table.rows
    _write(Table(COLUMNS, rows), chosen, output, format, no_bom)
    options.complain(failures)
    if table.rows:
        first = dict(zip(COLUMNS, table.rows[0], strict=True))
        flagged = sum(bool(one) for one in table.column("later_claims"))
        say(
            f"{len(table.rows):,} forms in {first['corpus']}; years without a document: {first['gaps'] or 'none'}; "
            f"{flagged:,} forms seen before a claim of their first use (--later shows them)"
        )
    if failures:
        raise typer.Exit(1)


@app.command("export", cls=options.Command)
def export_command(
    format: Annotated[
        str, typer.Argument(help="csv, json, quanteda, jieba, liwc or skos (needs envterms[skos]).", show_default=False)
    ],
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Write to this file instead of standard output.")
    ] = None,
    no_bom: options.NoBom = False,
    base: Annotated[
        str, typer.Option("--base", help="What the addresses of SKOS concepts begin with.")
    ] = "urn:x-envterms:",
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
) -> None:
    """Write the lexicon for another program, with its version and hash. Terms and forms are written, not the sense rules, families and
    patterns that decide what counts, so counts with an export differ.

    \b
    envterms lexicon export quanteda -c pollution -o pollution.yml
    """
    from envterms.analysis import Selection
    from envterms.errors import UnknownName
    from envterms.lexicon.exporting import EXPORT_FORMATS, export_lexicon
    from envterms.output import files

    if format not in EXPORT_FORMATS:
        known = f"formats are {', '.join(EXPORT_FORMATS)}"
        raise typer.BadParameter(
            str(UnknownName("format", format, EXPORT_FORMATS, known, nearness=0.6)), param_hint="FORMAT"
        )
    terms = options.load(lexicon, only_lexicon)
    selected = Selection.of(category, exclude, scope).on(terms)
    chosen = [term for name, term in terms.terms.items() if selected.term(name)]
    text, left_out = export_lexicon(terms, format, chosen, base=base)
    bom = format == "csv" and output not in (None, "-") and not no_bom
    files.write((b"\xef\xbb\xbf" if bom else b"") + text.encode(), output)
    forms = sum(len(term.forms) for term in chosen)
    lost = (
        f"; {len(left_out):,} forms that {format} cannot hold are left out, such as {left_out[0]}" if left_out else ""
    )
    say(f"terms {len(chosen):,}, forms {forms:,}{lost}")
    rules = sum(map(len, terms.senses.values()))
    if rules or terms.families or terms.patterns:
        say(
            f"left out: {rules:,} sense rules, {len(terms.families):,} families, {len(terms.patterns):,} patterns; "
            "counts with an export differ from those with the lexicon"
        )


@app.command("import", cls=options.Command)
def import_command(
    file: Annotated[
        str,
        typer.Argument(help="A CSV file, a jieba user dictionary or a quanteda YAML dictionary.", show_default=False),
    ],
    format: Annotated[
        str | None,
        typer.Option("--from", help="csv, jieba or quanteda; by default the ending says it (.csv, .txt, .yml)."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="Which column of a CSV file is which, e.g. term=关键词; may be repeated."),
    ] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", help="The CSV file to write; for --lexicon.")] = None,
    no_bom: options.NoBom = False,
) -> None:
    """Make a lexicon of your own from a list of another program.

    \b
    envterms lexicon import words.yml -o mine.csv
    """
    from envterms.errors import UnknownName
    from envterms.lexicon.exporting import terms_as_csv
    from envterms.lexicon.importing import import_terms
    from envterms.output import files

    if output not in (None, "-") and Path(str(output)).suffix.lower() != ".csv":
        raise typer.BadParameter(f"{output}: a lexicon is a CSV file; let its name end in .csv", param_hint="--output")
    columns = dict(one.partition("=")[::2] for one in column or ())
    try:
        terms, left_out = import_terms(file, format, columns)
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="--from / --column") from None
    for one in left_out:
        say(f"envterms: {one}")
    bom = output not in (None, "-") and not no_bom
    files.write((b"\xef\xbb\xbf" if bom else b"") + terms_as_csv(terms).encode(), output)
    forms = sum(len(term.forms) for term in terms)
    say(f"terms {len(terms):,}, forms {forms:,}, left out {len(left_out):,}")


@app.command("check", cls=options.Command)
def check_command(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A lexicon folder, or a file of your own terms as --lexicon takes it; the built-in folder by default.",
            show_default=False,
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Rewrite the files of a folder in canonical form: order, BOM, line ends, blanks."),
    ] = False,
) -> None:
    """Name every fault of a lexicon as file:line: column: problem.

    \b
    envterms lexicon check mine.csv
    """
    from envterms.lexicon import builtin_folder
    from envterms.lexicon.checking import check_lexicon, check_own, fix_lexicon

    path = path or builtin_folder()
    if not (os.path.isfile(path) or os.path.isdir(path / "terms")):
        problem = "has no folder terms/" if os.path.isdir(path) else "no such file or folder"
        raise typer.BadParameter(f"{path}: {problem}", param_hint="PATH")
    if fix and path.is_file():
        raise typer.BadParameter(f"rewrites the files of a folder, and {path} is a file", param_hint="--fix")
    for rewritten in fix_lexicon(path) if fix else ():
        say(f"{rewritten}: rewritten in canonical form")
    faults = check_own(path) if path.is_file() else check_lexicon(path)
    for fault in faults:
        print(printable(fault))
    say(f"{len(faults)} fault{'s' * (len(faults) != 1)} in {path}")
    if faults:
        raise typer.Exit(1)


def _show(terms, columns, output, format, no_bom) -> None:  # type: ignore[no-untyped-def]  # see the two commands above
    from envterms.analysis import Table
    from envterms.lexicon.describing import cells
    from envterms.lexicon.loading import TERM_COLUMNS

    kind = options.format_asked_for(format, output)
    table = Table(TERM_COLUMNS, [cells(term) for term in terms])
    _write(table, _asked(columns, TERM_COLUMNS, _LIST_COLUMNS, kind), output, format, no_bom)


def _asked(columns: str | None, known: Sequence[str], in_a_table: Sequence[str] = (), kind: str = "") -> list[str]:
    """The columns that the user asks for; by default all, in a table on the terminal those of `in_a_table`."""
    if columns and columns != "all":
        return options.listed(columns)
    return list(in_a_table if columns is None and kind == "table" and in_a_table else known)


def _write(table: Table, columns: Sequence[str], output: str | None, format: str | None, no_bom: bool) -> None:
    kind = options.format_asked_for(format, output)
    label = next((name for name in _LABELS if name in columns), "")
    options.write(table.select(columns), kind, output, no_bom, label=label, drop=_DROPS, fold=_FOLDS)
