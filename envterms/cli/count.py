"""`envterms count`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from envterms.cli import options
from envterms.output.safety import printable, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich import progress as bars

    from envterms.analysis import Selection, Settings, Table, Tally
    from envterms.analysis.counting import Selected
    from envterms.errors import UnreadableDocument
    from envterms.lexicon import Lexicon

_DEFAULT_COLUMNS = {
    "document": (
        "document",
        "category",
        "term",
        "english",
        "count",
        "literal",
        "coordinated",
        "nested",
        "unresolved",
        "{rate}",
    ),
    "term": (
        "category",
        "term",
        "english",
        "count",
        "docfreq",
        "literal",
        "coordinated",
        "nested",
        "unresolved",
        "{rate}",
    ),
    "category": ("category", "chinese", "english", "count", "terms", "docfreq", "unresolved", "{rate}"),
    "document-category": ("document", "category", "chinese", "english", "count", "terms", "unresolved", "{rate}"),
}
_TABLE_COLUMNS = {
    "document": ("document", "term", "category", "count", "{rate}"),
    "term": ("term", "english", "category", "count", "docfreq", "{rate}"),
    "one": ("term", "english", "category", "count", "{rate}"),
    "category": ("category", "chinese", "count", "terms", "docfreq", "{rate}"),
    "document-category": ("document", "category", "chinese", "count", "{rate}"),
}
#: What is left out where the table is too wide, by what is needed least.
_DROPS = (
    "english", "chinese", "lexicon", "han", "status", "scope", "level", "type", "rank", "share", "unresolved", "nested", "coordinated",
    "pattern", "alias", "literal", "category", "terms", "docfreq",
)  # fmt: skip
_INDEX_DROPS = (
    "sentences_hit",
    "sentences",
    "tokens",
    "han",
    "terms",
    "per_100_tokens",
    "share_sentences",
    "occurrences",
)
_SCREENFUL = 30
_PATIENCE = 2  # seconds before progress is shown


class Index(StrEnum):
    """What is computed of each document."""

    attention = "attention"


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("count")
def count_command(
    context: typer.Context,
    paths: options.Paths,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="Rows: document (document and term), term (totals), category, document-category. By default term in a table, document in a file.",
        ),
    ] = None,
    top: Annotated[
        int | None,
        typer.Option("-n", "--top", min=0, help="Only the N most frequent rows (of each document); 0 for all."),
    ] = None,
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    term: Annotated[list[str] | None, typer.Option("--term", help="Only this term; may be repeated.")] = None,
    nested: options.NestedOption = options.Nested.longest,
    no_coordination: options.NoCoordination = False,
    no_repair: options.NoRepair = False,
    furniture: options.FurnitureOption = options.Furniture.drop,
    per: Annotated[
        str, typer.Option("--per", help="Denominator of the rate: han, tokens (by jieba), sentences or documents.")
    ] = "han",
    matrix: Annotated[
        bool,
        typer.Option(
            "--matrix", help="Write documents by terms for other programs: a row a document, a column a term."
        ),
    ] = False,
    index: Annotated[
        Index | None,
        typer.Option(
            "--index",
            help="Write an index, a row a document: attention, the share of environment words over three denominators.",
        ),
    ] = None,
    manifest: options.Manifest = None,
    columns: options.Columns = None,
    output: options.Output = None,
    format: options.Format = None,
    no_bom: options.NoBom = False,
    encoding: options.Encoding = None,
    lexicon: options.OwnLexicon = None,
    only_lexicon: options.OnlyLexicon = False,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="Processes to count with; by default one a processor.")
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Count the terms of the lexicon.

    \b
    envterms count report.txt
    envterms count samples/ --by category
    envterms count samples/ -o counts.csv
    """
    from envterms.analysis import Selection, Settings, Tally, count_table, tally_files
    from envterms.analysis.counting import DENOMINATORS, GROUPINGS, document_term_matrix
    from envterms.reading import find_files, size_of

    kind = options.format_asked_for(format, output)
    options.known("--by", by or "term", GROUPINGS)
    options.known("--per", per, DENOMINATORS)
    terms = options.load(lexicon, only_lexicon)
    selection = Selection(tuple(category or ()), tuple(exclude or ()), tuple(scope or ()), tuple(term or ()))
    selection.on(terms)  # complains of an unknown name before the work begins
    settings = Settings(nested, not no_coordination, per, furniture == "keep", not no_repair)
    tallies: list[Tally] = []
    failures: list[UnreadableDocument] = []
    found = list(find_files(paths))
    if index:
        if matrix:
            raise typer.BadParameter("is another table than --index", param_hint="--matrix")
        tallies, wide = _attention(found, encoding, terms, selection, settings, jobs, failures)
    else:
        with Progress(sum(map(size_of, found))) as progress:
            for result in tally_files(found, terms, settings, encoding, jobs, progress.advance):
                if isinstance(result, Tally):
                    tallies.append(result)
                else:
                    failures.append(result)
    options.complain(failures)
    if index or matrix:
        table = wide if index else document_term_matrix(tallies, selection.on(terms))
        chosen = options.listed(columns) if columns not in (None, "all") else list(table.columns)
        options.write(table.select(chosen), kind, output, no_bom, label="document", drop=_INDEX_DROPS)
    else:
        by = by or ("term" if kind == "table" else "document")
        table = count_table(tallies, terms, by, selection, per)
        chosen = _columns(columns, table, by, len(found), kind, DENOMINATORS[per][0])
        if kind == "table" and output in (None, "-"):
            _print(table, chosen, by, top)
            if unresolved := _unresolved(tallies, selection.on(terms)):
                print(printable(unresolved))
        else:
            options.write(
                table.first(top, "document" if by.startswith("document") else None).select(chosen), kind, output, no_bom
            )
    if manifest:
        from envterms.output import files
        from envterms.output.manifest import manifest as manifest_of

        content = manifest_of("count", context.params, terms, {"documents": tallies}, lexicon or ())
        files.write(content, manifest)
    if not quiet and tallies:
        say(audit(tallies, terms, nested))
    if failures:
        raise typer.Exit(1)


def _attention(
    found: list[str | UnreadableDocument],
    encoding: str | None,
    lexicon: Lexicon,
    selection: Selection,
    settings: Settings,
    jobs: int | None,
    failures: list[UnreadableDocument],
) -> tuple[list[Tally], Table]:
    """The tallies and the index of the documents; without --scope, of environment terms only."""
    from envterms.analysis import Table, tally, tally_files
    from envterms.analysis.attention import COLUMNS, SCOPES, attention_row, attention_row_in_pieces
    from envterms.errors import UnreadableDocument
    from envterms.matching import Matcher
    from envterms.reading import is_large, open_large, read_document

    selected = replace(selection, scopes=selection.scopes or SCOPES).on(lexicon)
    matcher = Matcher(lexicon, settings.coordination)
    tallies: list[Tally] = []
    rows = []
    for path in found:
        try:
            if isinstance(path, UnreadableDocument):
                raise path
            if is_large(path):
                _, whole = open_large(path, encoding)
                row = attention_row_in_pieces(path, whole.pieces(), matcher, selected, settings)
                (counted,) = tally_files([path], lexicon, settings, encoding, jobs)
                if isinstance(counted, UnreadableDocument):
                    raise counted
            else:
                document = read_document(path, encoding)
                row, counted = attention_row(document, matcher, selected, settings), tally(document, matcher, settings)
        except UnreadableDocument as error:
            failures.append(error)
        else:
            tallies.append(counted)
            rows.append(row)
    return tallies, Table(COLUMNS, rows)


def _columns(asked: str | None, table: Table, by: str, documents: int, kind: str, rate: str) -> list[str]:
    if asked == "all":
        return list(table.columns)
    if asked:
        return options.listed(asked)
    names = (
        _DEFAULT_COLUMNS[by] if kind != "table" else _TABLE_COLUMNS["one" if by == "term" and documents == 1 else by]
    )
    return [name.format(rate=rate) for name in names]


def _print(table: Table, columns: list[str], by: str, top: int | None) -> None:
    """The table on a terminal or in a pipe: without the rows that are for files, with a bar, by document as terms by documents."""
    from envterms.analysis import Table, matrix
    from envterms.output.terminal import console, print_table

    place = table.columns.index("count")
    counted = Table(table.columns, [row for row in table.rows if row[place]])  # rows that are only nested are for files
    if not counted.rows:
        say("no term of the lexicon was found")
        return
    out = console()
    drop: tuple[str, ...]
    bar: str | None
    if top is None and out.is_terminal:
        top = _SCREENFUL
    if by == "document" and columns == [name.format(rate=columns[-1]) for name in _TABLE_COLUMNS["document"]]:
        counted = matrix(counted)
        documents = _short(counted.columns[2:])
        counted = Table(("term", "count", *documents), counted.rows)
        shown, each, drop, bar = counted.first(top), None, (), None
    else:
        each = "document" if by.startswith("document") else None
        shown, drop, bar = counted.first(top, each).select(columns), _DROPS, "count"
    counts, cut = counted.column("count"), len(shown.rows)
    tied = each is None and counts[cut - 1 : cut] == counts[cut : cut + 1]
    alike = ", the next with the same count" if tied else ""
    more = f"… and {len(counts) - cut:,} more rows{alike} (-n 0 shows all)" if len(counts) > cut else ""
    label = "term" if "term" in shown.columns else "category"
    print_table(shown, out, label=label, drop=drop, bar=bar, more=more)


def _unresolved(tallies: Sequence[Tally], selected: Selected) -> str:
    """One line about the places where no rule decides the sense, which no count holds; empty if there are none."""
    places: Counter[str] = sum((one.unresolved for one in tallies), Counter())
    places = Counter({name: number for name, number in places.items() if selected.term(name)})
    total = places.total()
    named = ", ".join(f"{name} {number:,}" for name, number in places.most_common(5))
    more = ", …" if len(places) > 5 else ""
    where = "envterms explain --status unresolved shows where"
    return f"{total:,} place{'s' * (total != 1)} unresolved, not counted: {named}{more} ({where})" if total else ""


def _short(names: Sequence[str]) -> list[str]:
    """Names of documents without the folders and the ending that they share."""
    from itertools import takewhile

    parts = [name.split("/") for name in names]
    shared = sum(
        1 for _ in takewhile(lambda level: len(set(level)) == 1, zip(*(one[:-1] for one in parts), strict=False))
    )
    short = ["/".join(one[shared:]).removesuffix(".txt") for one in parts]
    return short if len(set(short)) == len(names) and not {"term", "count"} & set(short) else list(names)


class Progress:
    """A bar with bytes, rate and time left on a terminal's standard error, for work that lasts."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._bar: bars.Progress | None = None

    def advance(self, size: int) -> None:
        """Shows that so many bytes more are done."""
        self._done += size
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._start > _PATIENCE:
            self._bar = self._shown()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)

    def _shown(self) -> bars.Progress:
        from rich import progress as bars
        from rich.console import Console

        columns = (bars.BarColumn(), bars.DownloadColumn(), bars.TransferSpeedColumn(), bars.TimeRemainingColumn())
        bar = bars.Progress("counting", *columns, console=Console(stderr=True), transient=True)
        bar.add_task("", total=self._total or None)
        bar.start()
        return bar

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def audit(tallies: list[Tally], lexicon: Lexicon, nested: str) -> str:
    """One line: what was read, with what, what was found, and what was mended or left out on the way."""
    from envterms.version import __version__

    encodings = Counter(one.encoding for one in tallies)
    repairs: Counter[str] = sum((one.repairs for one in tallies), Counter())
    forms: Counter[str] = Counter()
    for one in tallies:
        for (_, form), number in one.forms.items():
            forms[form] += number
    distinct = len({term for one in tallies for term, _ in one.forms})
    hidden = sum(one.nested.total() for one in tallies)
    parts = [
        f"envterms {__version__}, lexicon {lexicon.version or 'own'} ({len(lexicon.terms):,} terms, {lexicon.digest})",
        f"{len(tallies):,} document{'s' * (len(tallies) != 1)} ({', '.join(f'{n} {name}' for name, n in encodings.most_common())}), "
        f"{sum(one.han for one in tallies):,} Han characters",
        f"{forms.total():,} occurrences of {distinct:,} terms ({forms['coordinated']:,} coordinated)",
        f"nested {hidden:,} {'counted too' if nested == 'all' else 'not counted'}",
        f"rejected by a sense rule {sum(one.rejected.total() for one in tallies):,}",
        f"unresolved {sum(one.unresolved.total() for one in tallies):,}",
    ]
    names = {
        "furniture": "lines of page furniture",
        "reading": "pinyin readings",
        "invisible": "runs of invisible characters",
        "symbol": "symbols inside words",
        "markup": "tags and entities",
        "escape": "escaped line breaks",
    }
    if repairs:
        parts.append("skipped " + ", ".join(f"{number:,} {names[kind]}" for kind, number in sorted(repairs.items())))
    mended: Counter[str] = sum((one.mended for one in tallies), Counter())
    if whole := mended.pop("any", 0):
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in mended.most_common())
        parts.append(f"{whole:,} occurrence{'s' * (whole != 1)} needed a repair: {kinds}")
    return "; ".join(parts)
