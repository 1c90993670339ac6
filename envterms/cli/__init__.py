"""The command line: parse, call one library function, print. Heavy imports happen inside the commands."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup
from typer.main import get_command

from envterms.errors import EnvtermsError
from envterms.output.safety import printable, say
from envterms.version import __version__

_UsageError: Any = typer.BadParameter.__base__  # of the click that typer brings
_INTERRUPTED = 130  # the exit status that typer gives to Ctrl-C
_GARBAGE = (
    100_000  # new objects after which unused ones are sought; 700, the default, come up at every turn of the start
)


class _Commands(TyperGroup):
    """The commands, each in its module and made when it is asked for: to make all takes typer longer than to count a page."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = dict.fromkeys(("count", "diff", "kwic", "explain", "clean", "lexicon"))  # type: ignore[assignment]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        if cmd_name in self.commands and self.commands[cmd_name] is None:
            self.commands[cmd_name] = get_command(import_module(f"envterms.cli.{cmd_name}").app)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; a complaint about its usage repeats arguments, which may be names of files."""
        try:
            return super().invoke(ctx)
        except _UsageError as error:
            error.message = printable(error.message)
            raise


app = typer.Typer(
    name="envterms",
    cls=_Commands,
    epilog="Data go to standard output; progress, warnings and the audit line to standard error. "
    "Exit status: 0 fine, 1 some input failed, 2 usage.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    gc.set_threshold(_GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        app()
    except EnvtermsError as error:
        say(f"envterms: {error}")
        sys.exit(1)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            print("envterms: interrupted; no output file was written", file=sys.stderr)
        raise
    finally:
        gc.freeze()  # the end of the process frees all, it need not be searched once more


def _use_utf8(stream: TextIO) -> None:
    """A pipe on Windows, and a console in the C locale, would stop at the first Han character; what PYTHONIOENCODING names is left."""
    reconfigure = getattr(stream, "reconfigure", None)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    if reconfigure is not None:
        reconfigure(encoding=None if encoding else "utf-8", errors=errors or "backslashreplace")
