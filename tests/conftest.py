"""What tests share: the built-in lexicon, small lexicons of their own, and the command line as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from envterms.engine import arrays
from envterms.lexicon import Family, Lexicon, SenseRule, Term, load_lexicon
from envterms.matching import Matcher

try:
    from envterms.engine import native
except ImportError:  # built without a compiler
    ENGINES = [arrays]
else:
    ENGINES = [arrays, native]

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is kept between runs is kept between the tests of one run only; the program is compiled once and not at each run."""
    os.environ["ENVTERMS_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> Matcher:
    return Matcher(lexicon)


@pytest.fixture
def samples() -> Path:
    return ROOT / "samples"


def small_lexicon(
    terms: Iterable[str | Term], families: Iterable[Family] = (), senses: Iterable[SenseRule] = ()
) -> Lexicon:
    """A lexicon of a few terms; `A|B` is a term A with the alias B."""
    made = [term if isinstance(term, Term) else Term(*_forms(term), category="pollution/air") for term in terms]
    rules: dict[str, list[SenseRule]] = {}
    for rule in senses:
        rules.setdefault(rule.form, []).append(rule)
    return Lexicon(
        terms={term.term: term for term in made},
        categories={},
        sources={},
        families=tuple(families),
        senses={form: tuple(of_form) for form, of_form in rules.items()},
        version="test",
        digest="0" * 12,
    )


def _forms(term: str) -> tuple[str, tuple[str, ...]]:
    canonical, *aliases = term.split("|")
    return canonical, tuple(aliases)


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `envterms ARGUMENTS` in an empty folder, as a process of its own, its output in a pipe."""

    def call(
        *arguments: object, stdin: bytes = b"", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        variables = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
        }
        done = subprocess.run(
            [sys.executable, "-m", "envterms", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=cwd or tmp_path,
            env={**variables, "PYTHONPATH": str(ROOT), **environment},
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        )

    return call
