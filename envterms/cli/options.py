"""Options that several commands share, what they refuse, and how the commands open and close."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from envterms.errors import EnvtermsError
from envterms.output.safety import say

if TYPE_CHECKING:
    from envterms.analysis import Table
    from envterms.errors import UnreadableDocument
    from envterms.lexicon import Lexicon
    from envterms.reading import Document, Found

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md", "xlsx")


class Nested(StrEnum):
    """What to do with a term inside a longer term."""

    longest = "longest"
    all = "all"


class Furniture(StrEnum):
    """What to do with the navigation bars and notices of web pages."""

    drop = "drop"
    keep = "keep"


def _usable(encoding: str | None) -> str | None:
    """Refuses what names no encoding before a file is read."""
    if encoding:
        from envterms.errors import UnknownName
        from envterms.reading import codec_and_handler

        try:
            codec_and_handler(encoding)
        except UnknownName as error:
            raise typer.BadParameter(str(error)) from None
    return encoding


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
        callback=_usable,
        help="Encoding of the input, e.g. gb18030; found by itself by default. gb18030:replace accepts broken bytes, auto:replace those "
        "of files whose encodings are found.",
    ),
]
TextColumn = Annotated[
    str | None,
    typer.Option(
        "--text-column", help="Take each row of a CSV, TSV or JSONL file as a document, its text from this column."
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


class Command(TyperCommand):
    """A command that refuses, before it does anything, to write onto a file that it reads or writes as well.

    At its end it says how many other files stand in the folders that it searched.
    """

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        refuse_to_overwrite(ctx.params)
        try:
            super().invoke(ctx)
        except typer.Exit:
            _tell_other_files(ctx.params)
            raise
        _tell_other_files(ctx.params)


# The parameters of the commands that name files, by what they are for.
_WRITTEN = ("output", "manifest")
_DOCUMENTS = ("paths", "reference", "corpus", "dates", "file")
_LEXICONS = ("lexicon", "old", "new")

_ENDINGS_TOLD = 8


def refuse_to_overwrite(params: Mapping[str, Any]) -> None:
    """Refuses an output that is the same file as an input, a file of the lexicon or another output."""
    written: dict[object, str] = {}
    for name in _WRITTEN:
        if (path := params.get(name)) not in (None, "", "-"):
            identity = _identity(path)
            if identity in written:
                raise typer.BadParameter(
                    f"{path} is the file of {written[identity]} too; name another one", param_hint=f"--{name}"
                )
            if identity:
                written[identity] = f"--{name}"
    for path in _inputs(params) if any(isinstance(one, tuple) for one in written) else ():
        if option := written.get(_identity(path)):
            name = "standard input" if path == "-" else path
            raise typer.BadParameter(f"{name} is read and would be overwritten; name another file", param_hint=option)


def _tell_other_files(params: Mapping[str, Any]) -> None:
    folders = [path for path in _named(params, _DOCUMENTS) if os.path.isdir(path)]
    if not folders or params.get("quiet"):
        return
    from envterms.reading import other_files

    found = other_files(folders)
    if number := found.total():
        common = sorted(ending or "no ending" for ending, _ in found.most_common(_ENDINGS_TOLD))
        more = ", …" if len(found) > len(common) else ""
        say(f"{number:,} other file{'s' * (number != 1)} not read: {', '.join(common)}{more}")


def _identity(path: str) -> object:
    """What two names of one regular file share, also through links; its full path if it does not exist, None for a pipe or device."""
    try:
        found = os.fstat(sys.stdin.fileno()) if path == "-" else os.stat(path)  # noqa: PTH116 - of every file
    except (OSError, ValueError):
        return os.path.realpath(path)
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _inputs(params: Mapping[str, Any]) -> Iterator[str]:
    """The files that a command reads: documents, and its lexicons with the built-in one."""
    from envterms.lexicon import builtin_folder
    from envterms.reading import find_files

    yield from (found for found in find_files(_named(params, _DOCUMENTS)) if isinstance(found, str))
    for lexicon in (builtin_folder(), *map(Path, _named(params, _LEXICONS))):
        yield from map(str, lexicon.rglob("*") if os.path.isdir(lexicon) else [lexicon])


def _named(params: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """The values of those parameters that are given, each of which is one or several."""
    given = [params[name] for name in names if params.get(name)]
    return [path for one in given for path in ([one] if isinstance(one, str) else one)]


def load(own: Sequence[str] | None, only: bool) -> Lexicon:
    """The lexicon that the options ask for."""
    from envterms.lexicon import load_lexicon

    if only and not own:
        raise typer.BadParameter("needs a lexicon of your own: --lexicon FILE", param_hint="--only-lexicon")
    for path in own or ():
        if not os.path.exists(path):
            raise typer.BadParameter(f"{path}: no such file or folder", param_hint="--lexicon")
    return load_lexicon(*(own or ()), builtin=not only)


def find(
    paths: Sequence[str],
    encoding: str | None,
    text_column: str | None,
    quiet: bool,
    by_rows: str = "--text-column NAME",
) -> list[Found]:
    """The files that the paths name, each once, and with a `text_column` the rows of the tables among them; notes on what is left out."""
    from envterms.errors import UnreadableDocument
    from envterms.reading import STDIN, find_files, is_table, read_table

    again: list[str] = []
    empty: list[str] = []
    found: list[Found] = list(find_files(paths, again))
    tables = [
        one for one in found if isinstance(one, str) and (is_table(one) or (one == STDIN and text_column is not None))
    ]
    if text_column is not None:
        if not tables:
            raise typer.BadParameter("none of the paths is a CSV, TSV or JSONL file", param_hint="--text-column")
        for table in tables:
            place = found.index(table)
            try:
                found[place : place + 1] = read_table(table, text_column, encoding, left_out=empty)
            except UnreadableDocument as error:
                found[place] = error
    elif tables and not quiet:
        note("{} taken as one text; " + by_rows + " takes each row as a document", "table is", "tables are", tables)
    if not quiet:
        note("{} given already under another name, and taken once", "file is", "files are", again)
        note("{} without text left out", "row", "rows", empty)
    return found


def note_same_content(found: Sequence[Found], quiet: bool) -> None:
    """A note on documents with the same text as others, which are not left out for that."""
    from envterms.reading import Document, same_content

    if quiet:
        return
    alike = [f"{one} as {first}" for one, first in same_content(one for one in found if isinstance(one, str))]
    firsts: dict[str, str] = {}
    for one in found:
        if isinstance(one, Document) and firsts.setdefault(one.text, one.name) != one.name:
            alike.append(f"{one.name} as {firsts[one.text]}")
    note("{} the same text as others; nothing was left out for that", "document has", "documents have", alike)


def note(sentence: str, one: str, several: str, names: Sequence[str]) -> None:
    """A line on standard error about some files, or rows, the first of which it names; none if there are none."""
    if names:
        number = f"{len(names):,} {one if len(names) == 1 else several}"
        shown = ", ".join(names[:3]) + ", …" * (len(names) > 3)
        say(f"envterms: {sentence.format(number)}: {shown}")


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
            raise UnknownName("format", format, FORMATS, f"formats are {', '.join(FORMATS)}", nearness=0.6)
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="--format / --output") from None
    return format


def listed(names: str | None) -> list[str]:
    """The names in an option that takes several with commas between."""
    found = [name for name in map(str.strip, (names or "").split(",")) if name]
    if names and not found:
        raise typer.BadParameter(f"{names!r} names nothing")
    return found


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
        from envterms.output.terminal import Screen, as_text, print_table

        if output in (None, "-"):
            print_table(table, Screen(), **layout)
            return
        content = as_text(table)
    else:
        content = files.render(table, kind, bom=output not in (None, "-") and not no_bom)
    files.write(content, output)


def stop_if_none(read: int, errors: Sequence[EnvtermsError]) -> None:
    """Ends the command before it writes anything if all inputs failed."""
    if errors and not read:
        complain(errors)
        raise typer.Exit(1)


def some(documents: Iterable[Document], errors: Sequence[EnvtermsError]) -> Iterator[Document]:
    """The documents; behind the last one `stop_if_none`."""
    read = 0
    for read, document in enumerate(documents, 1):  # noqa: B007 - the last number is wanted
        yield document
    stop_if_none(read, errors)


def documents(paths: Sequence[str], encoding: str | None, failures: list[UnreadableDocument]) -> Iterator[Document]:
    """The documents that the paths name, as `opened`."""
    from envterms.reading import find_files

    return opened(find_files(paths), encoding, failures)


def opened(found: Iterable[Found], encoding: str | None, failures: list[UnreadableDocument]) -> Iterator[Document]:
    """The documents, one at a time, after what is doubtful in them was said; behind the last one `stop_if_none`."""
    from envterms.reading import read_found

    said: set[str] = set()  # the rows of a table share what is doubtful
    for document in some(read_found(found, encoding, failures), failures):
        warn(warning for warning in document.warnings if warning not in said)
        said.update(document.warnings)
        yield document


def warn(warnings: Iterable[str]) -> None:
    """One line on standard error per warning."""
    for warning in dict.fromkeys(warnings):
        say(f"envterms: {warning}")


def complain(errors: Sequence[EnvtermsError]) -> None:
    """One line on standard error per input that failed."""
    for error in errors:
        say(f"envterms: {error}")
