"""The documents that can fail: commands and outputs of the READMEs, the Python example, the shape of the repository.

`UPDATE_GOLDEN=1` rewrites the outputs; read the diff before you commit it.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest

from envterms.lexicon import Lexicon
from envterms.version import __version__
from tests.conftest import ROOT, Run

READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
CONSOLE = re.compile(r"```console\n\$ ([^\n]+)\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(envterms [^`]+)`")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_examples_print_what_the_readme_shows(readme: Path, run: Run) -> None:
    text = readme.read_text(encoding="utf-8")
    assert CONSOLE.search(text)

    def shown(example: re.Match[str]) -> str:
        done = run(*shlex.split(example[1])[1:], cwd=ROOT, COLUMNS="120")
        assert done.returncode == 0, done.stderr
        output = "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())
        return f"```console\n$ {example[1]}\n{output}```"

    fresh = CONSOLE.sub(shown, text)
    if os.environ.get("UPDATE_GOLDEN"):
        readme.write_text(fresh, encoding="utf-8", newline="\n")
    assert fresh == readme.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_commands_named_in_the_text_run(readme: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("三治融合 3 nz\n", encoding="utf-8")
    (tmp_path / "mine.csv").write_text("term\n三治融合\n", encoding="utf-8")
    (tmp_path / "samples").symlink_to(ROOT / "samples") if os.name != "nt" else None
    (tmp_path / "lexicon").symlink_to(ROOT / "lexicon") if os.name != "nt" else None
    commands = {command for command in INLINE.findall(readme.read_text(encoding="utf-8")) if "…" not in command}
    assert len(commands) > 5
    for command in sorted(commands):
        done = run(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)


def test_the_python_example_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8").failed == 0


def test_every_command_and_option_is_explained(run: Run) -> None:
    for command in (
        ["count"],
        ["diff"],
        ["kwic"],
        ["explain"],
        ["lexicon", "list"],
        ["lexicon", "check"],
        ["lexicon", "stats"],
        ["lexicon", "diff"],
        ["lexicon", "first-seen"],
        ["lexicon", "export"],
        ["lexicon", "import"],
    ):
        text = run(*command, "--help", COLUMNS="200").stdout
        for line in text.splitlines():
            assert not re.fullmatch(r"\s+(-\w, )?--[\w-]+(\s[A-Z<\[][^ ]*)?", line), (command, line)


def test_the_examples_of_terms_are_in_and_out_as_the_guide_says(lexicon: Lexicon) -> None:
    text = (ROOT / "lexicon" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]*) \| ([^|]*?) ?\| [^|]*·[^|]* \|$", text, re.MULTILINE)[1:]
    forms = {form for term in lexicon.terms.values() for form in term.forms}
    taken, left_out = ({name for row in rows for name in row[side].split("；") if name} for side in (0, 1))
    assert len(taken) > 10
    assert len(left_out) > 10
    assert taken - forms == set()
    assert left_out & forms == set()


def test_the_citation_names_the_versions_that_are_here() -> None:
    yaml = pytest.importorskip("yaml")
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cff = yaml.safe_load(text)
    assert {"cff-version", "message", "title", "authors"} <= set(cff)  # what CFF 1.2 demands
    assert (cff["cff-version"], cff["type"], cff["version"], cff["license"]) == (
        "1.2.0",
        "software",
        __version__,
        "MIT",
    )
    assert all(set(author) == {"name"} and author["name"] for author in cff["authors"])
    (lexicon,) = cff["references"]
    assert (lexicon["type"], lexicon["version"]) == (
        "data",
        (ROOT / "lexicon" / "VERSION").read_text(encoding="utf-8").strip(),
    )
    assert lexicon["license"] == "CC-BY-4.0"
    assert "CC BY 4.0" in (ROOT / "lexicon" / "LICENSE").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__} ({cff['date-released']})" in changes


def test_the_samples_are_described() -> None:
    described = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "samples").rglob("*.txt")):
        assert path.relative_to(ROOT / "samples").as_posix() in described


def test_the_readme_states_the_numbers_of_the_lexicon() -> None:
    from envterms.analysis.lexicons import stats_table
    from envterms.lexicon import load_lexicon

    stats = {
        (facet, value): (terms, forms, share) for facet, value, terms, forms, share in stats_table(load_lexicon()).rows
    }

    def number(facet: str, value: str) -> str:
        terms, _, share = stats[facet, value]
        return f"{terms:,} ({share:.1%})".replace("%", " %")

    terms, forms, _ = stats["all", "all"]
    text = READMES[0].read_text(encoding="utf-8")
    sentence = (
        f"{terms:,} terms with {forms:,} forms: {number('status', 'verified')} verified, {number('status', 'attested')} attested, "
        f"{number('status', 'unknown')} without a recorded source yet;\n{number('has', 'dated source')} have a dated source, "
        f"{number('has', 'definition')} a definition and {number('has', 'expansion')} an expansion."
    )
    if os.environ.get("UPDATE_GOLDEN"):
        text = re.sub(r"[\d,]+ terms with [\d,]+ forms: .*? an expansion\.", sentence, text, flags=re.DOTALL)
        READMES[0].write_text(text, encoding="utf-8", newline="\n")
    assert sentence in text
