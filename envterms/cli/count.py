"""`envterms count`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from envterms.cli import options
from envterms.output.safety import printable, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich import progress as bars

    from envterms.analysis import Table, Tally
    from envterms.analysis.counting import Selected
    from envterms.errors import UnreadableDocument

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


@app.command("count", cls=options.Command)
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
            help="Write an index, a row a document: attention, the share of environment words over three denominators. Such a word is a term of "
            "the scope core or adjacent or one of your own, not a bare word such as 环境, and not Party language unless --scope or --term asks "
            "for it. --lexicon words.csv --only-lexicon counts the words of a list instead.",
        ),
    ] = None,
    manifest: options.Manifest = None,
    text_column: options.TextColumn = None,
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
    from envterms.reading import size_of

    kind = options.format_asked_for(format, output)
    options.known("--by", by or "term", GROUPINGS)
    options.known("--per", per, DENOMINATORS)
    terms = options.load(lexicon, only_lexicon)
    selection = Selection.of(category, exclude, scope, term)
    if index:
        from envterms.analysis.attention import environment, index_table
        from envterms.errors import InvalidArgument

        try:
            selection = environment(selection, terms)
        except InvalidArgument as error:
            raise typer.BadParameter(str(error), param_hint="--index") from None
    selected = selection.on(terms)  # complains of an unknown name before the work begins
    settings = Settings(
        nested, not no_coordination, per, furniture == "keep", not no_repair, selected if index else None
    )
    tallies: list[Tally] = []
    failures: list[UnreadableDocument] = []
    _refuse_what_has_no_effect(context, index, matrix)
    found = options.find(paths, encoding, text_column, quiet)
    with Progress(sum(map(size_of, found))) as progress:
        for result in tally_files(found, terms, settings, encoding, jobs, progress.advance):
            if isinstance(result, Tally):
                tallies.append(result)
            else:
                failures.append(result)
    options.stop_if_none(len(tallies), failures)
    options.complain(failures)
    warnings = [warning for one in tallies for warning in one.warnings]
    options.warn(warnings)
    options.note_same_content(found, quiet)
    by = by or ("term" if index or matrix or kind == "table" else "document")
    if index or matrix:
        columns_of = "category" if by.endswith("category") else "term"
        table = index_table(tallies, selected) if index else document_term_matrix(tallies, selected, columns_of)
        chosen = options.listed(columns) if columns not in (None, "all") else list(table.columns)
    else:
        table = count_table(tallies, terms, by, selection, per)
        chosen = _columns(columns, table, by, len(found), kind, DENOMINATORS[per][0])
        if not columns and kind != "table":  # further ones are the other columns of tables
            chosen += table.columns[len(count_table([], terms, by, per=per).columns) :]
    shown = table.select(chosen)  # complains of an unknown name before anything is written
    if manifest:  # before the table, whose reader may close the pipe
        from envterms.output import files
        from envterms.output.manifest import manifest as manifest_of

        measures = None
        if index:
            from envterms.analysis.attention import definitions

            measures = definitions(selected)
        content = manifest_of(
            "count", context.params, terms, {"documents": tallies}, lexicon or (), measures, warnings, selected
        )
        files.write(content, manifest)
    if index or matrix:
        options.write(shown, kind, output, no_bom, label="document", drop=_INDEX_DROPS)
    elif kind == "table" and output in (None, "-"):
        _print(table, chosen, by, top)
        if unresolved := _unresolved(tallies, selected):
            print(printable(unresolved))
    else:
        options.write(
            table.first(top, "document" if by.startswith("document") else None).select(chosen), kind, output, no_bom
        )
    if not quiet and tallies:
        say(audit(tallies, selected, nested))
    if failures:
        raise typer.Exit(1)


def _refuse_what_has_no_effect(context: typer.Context, index: Index | None, matrix: bool) -> None:
    """Refuses options that what is written has no use for."""
    typed = {
        name for name in context.params if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"
    }
    if index and matrix:
        raise typer.BadParameter("is another table than --index", param_hint="--matrix")
    for name, option in (("by", "--by"), ("per", "--per"), ("top", "--top")):
        if index and name in typed:
            raise typer.BadParameter(
                "does not go with --index, which has a row a document and all its denominators", param_hint=option
            )
        if matrix and name in typed and name != "by":
            raise typer.BadParameter(
                "does not go with --matrix, which holds the counts of all terms", param_hint=option
            )


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
    from envterms.analysis import Table, terms_by_documents
    from envterms.output.terminal import Screen, print_table

    place = table.columns.index("count")
    counted = Table(table.columns, [row for row in table.rows if row[place]])  # rows that are only nested are for files
    if not counted.rows:
        say("no term of the lexicon was found")
        return
    out = Screen()
    drop: tuple[str, ...]
    bar: str | None
    if top is None and out.is_terminal:
        top = _SCREENFUL
    if by == "document" and columns == [name.format(rate=columns[-1]) for name in _TABLE_COLUMNS["document"]]:
        counted = terms_by_documents(counted)
        documents = _short(counted.columns[2:])
        counted = Table(("term", "count", *documents), counted.rows)
        shown, each, drop, bar = counted.first(top), None, (), None
    else:
        each = "document" if by.startswith("document") else None
        shown, drop, bar = counted.first(top, each).select(columns), _DROPS, "count"
    counts, cut = counted.column("count"), len(shown.rows)
    tied = each is None and counts[cut - 1 : cut] == counts[cut : cut + 1]
    alike = ", the next with the same count" if tied else ""
    more = f"… and {_some(len(counts) - cut, 'more row')}{alike} (-n 0 shows all)" if len(counts) > cut else ""
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


def audit(tallies: list[Tally], selected: Selected, nested: str) -> str:
    """One line: what was read, with what, what was found, and what was mended or left out on the way.

    Of a selection it says what was found of it and in all, and what was not counted of it, as the table beside it does.
    """
    from envterms.analysis.counting import known_terms
    from envterms.version import __version__

    lexicon = selected.lexicon
    encodings = Counter(one.encoding for one in tallies)
    found: dict[str, Counter[str]] = {}
    for one in tallies:
        for (term, form), number in one.forms.items():
            found.setdefault(term, Counter())[form] += number
    left_out: dict[str, Counter[str]] = {
        kind: sum((getattr(one, kind) for one in tallies), Counter()) for kind in ("nested", "rejected", "unresolved")
    }
    shown = known_terms(tallies, selected, found.keys() | {term for terms in left_out.values() for term in terms})
    forms: Counter[str] = sum((of_term for term, of_term in found.items() if term in shown), Counter())
    hidden = {kind: sum(n for term, n in terms.items() if term in shown) for kind, terms in left_out.items()}
    total, is_part = sum(of_term.total() for of_term in found.values()), selected.is_part
    parts = [
        f"envterms {__version__}, lexicon {lexicon.version or 'own'} ({_some(len(lexicon.terms), 'term')}, {lexicon.digest})",
        f"{_some(len(tallies), 'document')} ({', '.join(f'{n} {name}' for name, n in encodings.most_common())}), "
        f"{_some(sum(one.han for one in tallies), 'Han character')}",
        f"{_some(forms.total(), 'occurrence')} of {_some(len(found.keys() & shown.keys()), 'term')}{' selected' * is_part} "
        f"({forms['coordinated']:,} coordinated)" + f", of {total:,} of {len(found):,} in all" * is_part,
        f"{'of the selected ' * is_part}nested {hidden['nested']:,} {'counted too' if nested == 'all' else 'not counted'}",
        f"rejected by a sense rule {hidden['rejected']:,}",
        f"unresolved {hidden['unresolved']:,}",
    ]
    repairs: Counter[str] = sum((one.repairs for one in tallies), Counter())
    if repairs:
        parts.append("skipped " + ", ".join(_some(number, *_SKIPPED[kind]) for kind, number in sorted(repairs.items())))
    mended: Counter[str] = sum((one.mended for one in tallies), Counter())
    if whole := mended.pop("any", 0):
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in mended.most_common())
        occurrences = f"{whole:,} of all {total:,} occurrences" if is_part else _some(whole, "occurrence")
        parts.append(f"{occurrences} needed a repair: {kinds}")
    return "; ".join(parts)


_SKIPPED = {
    "furniture": ("line of page furniture", "lines of page furniture"),
    "reading": ("pinyin reading",),
    "invisible": ("run of invisible characters", "runs of invisible characters"),
    "symbol": ("symbol inside words", "symbols inside words"),
    "markup": ("tag or entity", "tags and entities"),
    "escape": ("escaped line break",),
}


def _some(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
