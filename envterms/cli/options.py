"""Options that several commands share, and how the commands open and close."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from envterms.errors import EnvtermsError
from envterms.output.safety import say

if TYPE_CHECKING:
    from envterms.analysis import Table
    from envterms.lexicon import Lexicon

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md", "xlsx")


class Nested(StrEnum):
    """What to do with a term inside a longer term."""

    longest = "longest"
    all = "all"


class Furniture(StrEnum):
    """What to do with the navigation bars and notices of web pages."""

    drop = "drop"
    keep = "keep"


Paths = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders (searched for .txt and .text), globs, or - for standard input.", show_default=False
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "-e",
        "--encoding",
        help="Encoding of the input, e.g. gb18030; found by itself by default. utf-8:replace accepts broken bytes.",
    ),
]
Category = Annotated[
    list[str] | None,
    typer.Option("-c", "--category", help="Only this category, e.g. pollution or pollution/air; may be repeated."),
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="Leave out this category or term; may be repeated.")
]
Scope = Annotated[
    list[str] | None,
    typer.Option("--scope", help="Only terms of this scope: core, adjacent or party; may be repeated."),
]
NestedOption = Annotated[
    Nested, typer.Option("--nested", help="Count the longest term at a place only, or also all terms inside it.")
]
FurnitureOption = Annotated[
    Furniture,
    typer.Option("--furniture", help="Leave out navigation bars, share lines and notices of web pages, or keep them."),
]
NoCoordination = Annotated[
    bool, typer.Option("--no-coordination", help="Do not resolve 蓝天、碧水、净土保卫战 into its three terms.")
]
NoRepair = Annotated[
    bool,
    typer.Option(
        "--no-repair",
        help="Match the text as it stands: readings, invisible characters, symbols, tags and line breaks inside a term are not "
        "skipped. Script, width and quotes still do not matter.",
    ),
]
OwnLexicon = Annotated[
    list[str] | None,
    typer.Option(
        "--lexicon",
        help="Your own terms (CSV, a .txt with a term a line, or a folder) on top of the built-in ones; may be repeated.",
    ),
]
OnlyLexicon = Annotated[bool, typer.Option("--only-lexicon", help="Use the lexicon given with --lexicon alone.")]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", help="Write to this file; its ending says the format. - is standard output."),
]
Format = Annotated[str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")]
NoBom = Annotated[
    bool, typer.Option("--no-bom", help="Write CSV and TSV files without the byte order mark that Excel needs.")
]
Columns = Annotated[
    str | None, typer.Option("--columns", help="Columns to show, with commas between; `all` for every one.")
]
Manifest = Annotated[
    str | None,
    typer.Option(
        "--manifest", help="Also write the methods to this JSON file: versions, options, hashes of the files, measures."
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No audit line on standard error.")]


def load(own: Sequence[str] | None, only: bool) -> Lexicon:
    """The lexicon that the options ask for."""
    from envterms.lexicon import load_lexicon

    if only and not own:
        raise typer.BadParameter("needs a lexicon of your own: --lexicon FILE", param_hint="--only-lexicon")
    return load_lexicon(*(own or ()), builtin=not only)


def format_asked_for(format: str | None, output: str | None) -> str:
    """The output format: as named, else by the ending of the file, else a table."""
    from envterms.errors import UnknownName

    try:
        if format is None and output not in (None, "-", ""):
            from envterms.output.files import format_of

            return format_of(output)
        if format is None:
            return "table"
        if format not in FORMATS:
            raise UnknownName("format", format, FORMATS, f"formats are {', '.join(FORMATS)}")
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="--format / --output") from None
    return format


def listed(names: str | None) -> list[str]:
    """The names in an option that takes several with commas between."""
    return [name for name in map(str.strip, (names or "").split(",")) if name]


def known(option: str, value: str, values: Collection[str]) -> None:
    """Refuses a value of an option that is not one of `values`."""
    from envterms.errors import UnknownName

    if value not in values:
        raise typer.BadParameter(
            str(UnknownName("value", value, values, f"known are {', '.join(values)}")), param_hint=option
        )


def write(table: Table, kind: str, output: str | None, no_bom: bool, **layout: Any) -> None:
    """Writes a table to the file or standard output in the format `kind`; `layout` is for `print_table`."""
    from envterms.output import files

    if kind == "table":
        from envterms.output.terminal import as_text, console, print_table

        if output in (None, "-"):
            print_table(table, console(), **layout)
            return
        content = as_text(table)
    else:
        content = files.render(table, kind, bom=output not in (None, "-") and not no_bom)
    files.write(content, output)


def complain(errors: Sequence[EnvtermsError]) -> None:
    """One line on standard error per input that failed."""
    for error in errors:
        say(f"envterms: {error}")
