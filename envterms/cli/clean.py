"""`envterms clean`."""

from __future__ import annotations

import sys

import typer

from envterms.cli import options

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("clean", cls=options.Command)
def clean_command(
    paths: options.Paths, text_column: options.TextColumn = None, encoding: options.Encoding = None
) -> None:
    """Show the lines that count and kwic leave out as furniture of a web page.

    \b
    envterms clean samples/web
    """
    from envterms.errors import UnreadableDocument
    from envterms.normalizing import furniture
    from envterms.output.safety import printable
    from envterms.reading import Lines

    failures: list[UnreadableDocument] = []
    lines = 0
    for document in options.opened(options.find(paths, encoding, text_column, quiet=False), encoding, failures):
        places = Lines(document.text)
        for start, end in furniture(document.text):
            lines += 1
            typer.echo(f"{printable(document.name)}:{places.place(start)[0]}: {printable(document.text[start:end])}")
    options.complain(failures)
    print(f"{lines:,} line{'s' * (lines != 1)} of page furniture", file=sys.stderr)
    if failures:
        raise typer.Exit(1)
