"""`envterms diff`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from envterms.cli import options
from envterms.output.safety import say

if TYPE_CHECKING:
    from envterms.analysis import Settings, Tally
    from envterms.errors import EnvtermsError
    from envterms.lexicon import Lexicon
    from envterms.reading import Found

_SCREENFUL = 10
_BROKEN_WITH_EXIT_CODE = 3  # 1 says that the sides differ, 2 is usage


class Level(StrEnum):
    """What is compared."""

    term = "term"
    category = "category"


class UnitOfTest(StrEnum):
    """What the test takes as independent."""

    auto = "auto"
    documents = "documents"
    counts = "counts"


class Show(StrEnum):
    """Which table is written."""

    terms = "terms"
    forms = "forms"
    verbs = "verbs"


class _Side(NamedTuple):
    name: str
    tallies: list[Tally]


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("diff", cls=options.Command)
def diff_command(
    context: typer.Context,
    paths: options.Paths,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            "-r",
            "--reference",
            help="What to compare with: a file, folder or glob; with --by a value of the column. May be repeated. "
            "Without it the second of two paths; with --by the rows with any other value, those without a value left out.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Split the rows of a CSV, TSV or JSONL file with a text in each by this column."),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", help="With --by: the value of the column on the target side; may be repeated."),
    ] = None,
    text_column: Annotated[str, typer.Option("--text-column", help="With --by: the column of the texts.")] = "text",
    level: Annotated[Level, typer.Option("--level", help="Compare terms or categories.")] = Level.term,
    term: Annotated[list[str] | None, typer.Option("--term", help="Only this term; may be repeated.")] = None,
    category: options.Category = None,
    exclude: options.Exclude = None,
    scope: options.Scope = None,
    measures: Annotated[
        str | None,
        typer.Option(
            "--measures",
            help="More columns, with commas between: pct_diff, odds_ratio, fisher_p, bic, simple_maths, or all.",
        ),
    ] = None,
    test: Annotated[
        UnitOfTest,
        typer.Option(
            "--test",
            help="p from permuting documents, from counts, or (auto) the first where both sides have five documents.",
        ),
    ] = UnitOfTest.auto,
    alpha: Annotated[
        float,
        typer.Option("--alpha", min=0.0001, max=0.5, help="Level of the test and, less than 1, of the intervals."),
    ] = 0.05,
    permutations: Annotated[
        int, typer.Option("--permutations", min=99, help="How often documents are permuted.")
    ] = 9_999,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the permutations.")] = 0,
    sort: Annotated[str, typer.Option("--sort", help="Column to sort by.")] = "lrc",
    min_count: Annotated[
        int, typer.Option("--min-count", min=0, help="Show only terms with as many occurrences on both sides together.")
    ] = 0,
    top: Annotated[
        int | None, typer.Option("-n", "--top", min=0, help="Only the first N rows of each part; 0 for all.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="Show the English of the terms in the table.")] = False,
    show: Annotated[
        Show, typer.Option("--show", help="Which table to write: of the terms, or of the forms or verbs that shifted.")
    ] = Show.terms,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Exit with 1 if a count differs, 0 if none does, and 3 if some input failed."),
    ] = False,
    manifest: options.Manifest = None,
    nested: options.NestedOption = options.Nested.longest,
    no_coordination: options.NoCoordination = False,
    furniture: options.FurnitureOption = options.Furniture.drop,
    no_repair: options.NoRepair = False,
    per: Annotated[str, typer.Option("--per", help="Denominator of the rates: han or tokens (by jieba).")] = "han",
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
    """Compare the terms of two sides: the target first, then the reference.

    \b
    envterms diff 2023/ 2018/
    envterms diff a.txt b.txt --reference corpus/
    envterms diff speeches.csv --by year --target 2023 --reference 2018
    """
    from envterms.analysis import Selection, Settings
    from envterms.analysis.comparison import MEASURES, SIZES, compare_tallies, sorted_by
    from envterms.cli.count import audit
    from envterms.output import files
    from envterms.output.comparison import print_comparison
    from envterms.output.manifest import manifest as manifest_of
    from envterms.output.terminal import Screen

    kind = options.format_asked_for(format, output)
    extra = options.listed(measures)
    for name in extra:
        options.known("--measures", name, [*MEASURES, "all"])
    options.known("--per", per, SIZES)
    terms = options.load(lexicon, only_lexicon)
    selection = Selection.of(category, exclude, scope, term)
    selected = selection.on(terms)  # complains of an unknown name before the work begins
    settings = Settings(nested, not no_coordination, per, furniture == "keep", not no_repair)
    failures: list[EnvtermsError] = []
    if by:
        sides = _rows_of_tables(
            paths, by, target or [], reference or [], text_column, encoding, terms, settings, failures, quiet
        )
    else:
        sides = _files(paths, target, reference, encoding, jobs, terms, settings, failures, quiet)
    options.complain(failures)
    doubts = [warning for side in sides for one in side.tallies for warning in one.warnings]
    options.warn(doubts)
    failed = typer.Exit(_BROKEN_WITH_EXIT_CODE if exit_code else 1)
    for side in sides:
        if not side.tallies:
            say(f"envterms: {side.name}: no document of this side could be read, so nothing was compared")
            raise failed
    result = compare_tallies(
        sides[0].tallies, sides[1].tallies, terms, names=(sides[0].name, sides[1].name), level=level, selection=selection,
        per=per, measures=extra, test=test, alpha=alpha, permutations=permutations, seed=seed,
    )  # fmt: skip
    table = sorted_by(result.table, sort, min_count)
    shown = {"terms": table.first(top, "part"), "forms": result.forms.first(top), "verbs": result.verbs.first(top)}[
        show
    ]
    if columns not in (None, "all"):
        shown = shown.select(options.listed(columns))
    if manifest:  # before the table, whose reader may close the pipe
        content = manifest_of(
            "diff", context.params, terms, {f"{role}: {side.name}": side.tallies for role, side in zip(("target", "reference"), sides, strict=True)},
            lexicon or (), result.methods, [*dict.fromkeys(doubts), *result.warnings], selected,
        )  # fmt: skip
        files.write(content, manifest)
    if kind == "table" and output in (None, "-") and show == "terms" and not columns:
        out = Screen()
        print_comparison(result, table, out, top if top is not None else _SCREENFUL * out.is_terminal, english)
    else:
        options.write(shown, kind, output, no_bom)
    if not quiet:
        for warning in result.warnings:
            say(f"envterms: {warning}")
        say(audit([*sides[0].tallies, *sides[1].tallies], selected, nested))
    if failures:
        raise failed
    if exit_code and any(row["n_target"] != row["n_reference"] for row in table.records()):
        raise typer.Exit(1)


def _files(
    paths: list[str],
    target: list[str] | None,
    reference: list[str] | None,
    encoding: str | None,
    jobs: int | None,
    lexicon: Lexicon,
    settings: Settings,
    failures: list[EnvtermsError],
    quiet: bool,
) -> list[_Side]:
    """The two sides of files; what cannot be read goes into `failures`."""
    from envterms.analysis import tally_files
    from envterms.cli.count import Progress
    from envterms.errors import EnvtermsError
    from envterms.reading import size_of

    if target:
        raise typer.BadParameter("is a value of the column that --by names", param_hint="--target")
    if not reference and len(paths) != 2:
        raise typer.BadParameter(
            f"{len(paths)} paths: give two, target and reference, or several and --reference PATH", param_hint="PATHS"
        )
    sides = []
    every: list[Found] = []
    for arguments in (paths, reference) if reference else (paths[:1], paths[1:]):
        found = options.find(arguments, encoding, None, quiet, "--by COLUMN --target VALUE")
        every += found
        side = _Side(_shortened(arguments), [])
        with Progress(sum(map(size_of, found))) as progress:
            for result in tally_files(found, lexicon, settings, encoding, jobs, progress.advance):
                if isinstance(result, EnvtermsError):
                    failures.append(result)
                else:
                    side.tallies.append(result)
        sides.append(side)
    options.note_same_content(every, quiet)
    return sides


def _rows_of_tables(
    paths: list[str],
    by: str,
    target: list[str],
    reference: list[str],
    text_column: str,
    encoding: str | None,
    lexicon: Lexicon,
    settings: Settings,
    failures: list[EnvtermsError],
    quiet: bool,
) -> list[_Side]:
    """The two sides of the rows of tables; without `reference` all rows with a value that is not target are the reference."""
    from envterms.analysis import tally
    from envterms.errors import EnvtermsError, UnknownName
    from envterms.matching import Matcher
    from envterms.reading import STDIN, Document, is_table

    for path in paths:
        if not is_table(path) and path != STDIN:
            raise typer.BadParameter(f"{path} is not a CSV, TSV or JSONL file", param_hint="--by")
    if not target:
        raise typer.BadParameter("--by needs --target VALUE", param_hint="--target")
    if both := [value for value in dict.fromkeys(target) if value in reference]:
        raise typer.BadParameter(f"{', '.join(both)} stands on both sides", param_hint="--target / --reference")
    documents: list[Document] = []
    for one in options.find(paths, encoding, text_column, quiet):
        if isinstance(one, Document):
            documents.append(one)
        elif isinstance(one, EnvtermsError):
            failures.append(one)
    options.note_same_content(documents, quiet)
    if not documents:
        return [_Side(f"{by} {', '.join(target)}", []), _Side(f"{by} {', '.join(reference) or 'others'}", [])]
    options.known("--by", by, documents[0].metadata)
    values = {str(document.metadata.get(by, "")) for document in documents}
    for value in (*target, *reference):
        if value not in values:
            shown = sorted(filter(str.strip, values))
            listed = ", ".join(shown[:20]) + ", …" * (len(shown) > 20)
            raise UnknownName(f"value of {by}", value, values, f"values are {listed}")
    matcher = Matcher(lexicon, settings.coordination)
    sides = [_Side(f"{by} {', '.join(target)}", []), _Side(f"{by} {', '.join(reference) or 'others'}", [])]
    blank = []
    for document in documents:
        value = str(document.metadata.get(by, ""))
        if value in target:
            sides[0].tallies.append(tally(document, matcher, settings))
        elif value in reference or (not reference and value.strip()):
            sides[1].tallies.append(tally(document, matcher, settings))
        elif not reference:
            blank.append(document.name)
    if not quiet:
        options.note(f"{{}} no value of {by} and stand on neither side", "row has", "rows have", blank)
    if not sides[1].tallies:
        raise typer.BadParameter(f"no row has another value of {by} than {', '.join(target)}", param_hint="--target")
    return sides


def _shortened(arguments: list[str]) -> str:
    return arguments[0] if len(arguments) == 1 else f"{arguments[0]} and {len(arguments) - 1} more"
