"""The command line: parse, call one library function, print. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated, TextIO

import typer

from envterms.cli.clean import clean_command
from envterms.cli.count import count_command
from envterms.cli.diff import diff_command
from envterms.cli.explain import explain_command
from envterms.cli.kwic import kwic_command
from envterms.cli.lexicon import lexicon_app
from envterms.errors import EnvtermsError
from envterms.version import __version__

_INTERRUPTED = 130  # the exit status that typer gives to Ctrl-C

app = typer.Typer(
    name="envterms",
    epilog="Data go to standard output; progress, warnings and the audit line to standard error. "
    "Exit status: 0 fine, 1 some input failed, 2 usage.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("count")(count_command)
app.command("diff")(diff_command)
app.command("kwic")(kwic_command)
app.command("explain")(explain_command)
app.command("clean")(clean_command)
app.add_typer(lexicon_app, name="lexicon")


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the versions of program and lexicon and the engine, and exit.")
    ] = False,
) -> None:
    """Count and compare the policy terms and slogans of Chinese environmental policy."""
    if version:
        from envterms import engine
        from envterms.lexicon import load_lexicon

        lexicon = load_lexicon()
        typer.echo(
            f"envterms {__version__}, lexicon {lexicon.version} ({len(lexicon.terms):,} terms, {lexicon.digest}), "
            f"engine {engine.name()}"
        )
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Runs the command line; what goes wrong becomes one sentence on standard error and an exit status, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        app()
    except EnvtermsError as error:
        print(f"envterms: {error}", file=sys.stderr)
        sys.exit(1)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            print("envterms: interrupted; no output file was written", file=sys.stderr)
        raise


def _use_utf8(stream: TextIO) -> None:
    """A pipe on Windows, and a console in the C locale, would stop at the first Han character."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
