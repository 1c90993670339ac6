"""The command line: parse, call one library function, print. Heavy imports happen inside the commands."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO

import typer
from typer.core import TyperGroup
from typer.main import get_command

from envterms.errors import EnvtermsError, RetiredTerm, UnknownName
from envterms.output.safety import printable, say
from envterms.version import __version__

_FAILED, _USAGE = 1, 2  # exit statuses
_FAILED_WITH_EXIT_CODE = 3  # 1 says then that the sides of `diff` differ
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
    "Exit status: 0 fine, 1 some input failed or the output cannot be written, 2 usage, such as an unknown term.",
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
    if sys.stdout is None:  # closed by the shell (`>&-`)
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end of the process
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except (UnknownName, RetiredTerm) as error:
        _end(error, _USAGE)
    except EnvtermsError as error:
        _end(error, _failed())
    except OSError as error:
        _end_of_output(error)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer and rich make an exit of it
            _end_of_output(end.__context__)
        if end.code == _INTERRUPTED:
            print("envterms: interrupted; no output file was written", file=sys.stderr)
        raise
    finally:
        gc.freeze()  # the end of the process frees all, it need not be searched once more


def _failed() -> int:
    return _FAILED_WITH_EXIT_CODE if "--exit-code" in sys.argv else _FAILED


def _end(error: object, status: int) -> NoReturn:
    say(f"envterms: {error}")
    sys.exit(status)


def _end_of_output(error: OSError) -> NoReturn:
    """Ends where standard output takes no more: in silence if its reader has seen enough (`| head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still to be flushed
    if isinstance(error, BrokenPipeError):
        sys.exit(0)
    _end(f"{error.filename or 'standard output'}: cannot be written ({error.strerror or error})", _failed())


def _use_utf8(stream: TextIO) -> None:
    """A pipe on Windows, and a console in the C locale, would stop at the first Han character; what PYTHONIOENCODING names is left."""
    reconfigure = getattr(stream, "reconfigure", None)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    if reconfigure is not None:
        reconfigure(encoding=None if encoding else "utf-8", errors=errors or "backslashreplace")
