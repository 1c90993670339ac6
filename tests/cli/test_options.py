"""What all commands refuse, and how they end: each case is a command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from envterms.cli import options
from envterms.lexicon.loading import builtin_folder
from tests.conftest import ROOT, Run

REPORT = "打赢蓝天保卫战,落实河长制。"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """Documents, lexicons and links to them, with what they hold."""
    (tmp_path / "T").mkdir()
    for name in ("in.csv", "T/in.txt"):
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    (tmp_path / "L" / "terms").mkdir(parents=True)
    for name in ("own.csv", "L/terms/own.csv"):
        (tmp_path / name).write_text("term\n蓝天\n", encoding="utf-8")
    (tmp_path / "speeches.csv").write_text("year,text\n2018,蓝天\n2019,蓝天\n", encoding="utf-8")
    (tmp_path / "dates.csv").write_text("document,date\nin.txt,2018\n", encoding="utf-8")
    (tmp_path / "soft.csv").symlink_to("in.csv")
    os.link(tmp_path / "in.csv", tmp_path / "hard.csv")
    return _held(tmp_path)


def _held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


OVERWRITING = [
    ("document of count", "count in.csv -o in.csv", "--output: in.csv is read"),
    ("written otherwise", "count in.csv -o ./in.csv", "--output: in.csv is read"),
    ("through a symbolic link", "count in.csv -o soft.csv", "--output: in.csv is read"),
    ("a document that is a link", "count soft.csv -o in.csv", "--output: soft.csv is read"),
    ("through a hard link", "count in.csv -o hard.csv", "--output: in.csv is read"),
    ("document in a folder", "count T -o T/in.txt --format csv", "--output: T/in.txt is read"),
    ("document of a glob", "count T/*.txt -o T/in.txt --format csv", "--output: T/in.txt is read"),
    ("manifest onto a document", "count in.csv --manifest in.csv", "--manifest: in.csv is read"),
    ("two outputs", "count T -o same.json --manifest ./same.json", "--manifest: ./same.json is the file of --output too"),
    ("own lexicon", "count T --lexicon own.csv -o own.csv", "--output: own.csv is read"),
    ("own lexicon in a folder", "count T --lexicon L -o L/terms/own.csv", "--output: L/terms/own.csv is read"),
    ("target of diff", "diff in.csv T -o in.csv", "--output: in.csv is read"),
    ("reference of diff", "diff T -r in.csv -o in.csv", "--output: in.csv is read"),
    ("table of diff", "diff speeches.csv --by year --target 2018 -o speeches.csv", "--output: speeches.csv is read"),
    ("document of kwic", "kwic in.csv -o in.csv", "--output: in.csv is read"),
    ("document of explain", "explain in.csv -o in.csv", "--output: in.csv is read"),
    ("list that is imported", "lexicon import own.csv -o own.csv", "--output: own.csv is read"),
    ("lexicon that is exported", "lexicon export csv --lexicon own.csv -o own.csv", "--output: own.csv is read"),
    ("lexicon that is listed", "lexicon list --lexicon own.csv -o own.csv", "--output: own.csv is read"),
    ("lexicon that is compared", "lexicon diff own.csv L -o own.csv", "--output: own.csv is read"),
    ("corpus", "lexicon diff own.csv L --corpus in.csv -o in.csv", "--output: in.csv is read"),
    ("table of dates", "lexicon first-seen T --dates dates.csv -o dates.csv", "--output: dates.csv is read"),
]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
@pytest.mark.parametrize(
    ("command", "message"), [case[1:] for case in OVERWRITING], ids=[case[0] for case in OVERWRITING]
)
def test_no_output_overwrites_what_is_read_or_written(
    run: Run, files: dict[str, bytes], tmp_path: Path, command: str, message: str
) -> None:
    done = run(*command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())
    assert _held(tmp_path) == files


@pytest.mark.skipif(sys.platform == "win32", reason="one file for two processes")
def test_standard_input_is_not_overwritten(files: dict[str, bytes], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "envterms", "count", "-", "-o", "in.csv"]
    with (tmp_path / "in.csv").open("rb") as stdin:
        done = subprocess.run(
            command, stdin=stdin, capture_output=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    assert done.returncode == 2
    assert b"--output: standard input is read" in done.stderr
    assert _held(tmp_path) == files


def test_the_built_in_lexicon_is_not_overwritten() -> None:
    """Not by the command, which would do it if this failed."""
    with pytest.raises(typer.BadParameter, match="is read and would be overwritten"):
        options.refuse_to_overwrite({"output": str(builtin_folder() / "terms" / "law.csv")})


NOTHING_READ = [
    ("count", "count Tx -o keep.csv --manifest keep.json"),
    ("count of two", "count Tx empty.txt -o keep.csv"),
    ("matrix", "count Tx --matrix -o keep.csv"),
    ("index", "count Tx --index attention -o keep.csv --manifest keep.json"),
    ("diff", "diff Tx T -o keep.csv --manifest keep.json"),
    ("kwic, row by row", "kwic Tx -o keep.csv"),
    ("kwic", "kwic Tx -o keep.json"),
    ("explain", "explain Tx -o keep.csv"),
    ("first sights", "lexicon first-seen Tx -o keep.csv"),
    ("first sights without a date", "lexicon first-seen in.csv -o keep.csv"),
    ("standard output", "count Tx --format csv"),
    ("standard output, row by row", "kwic Tx --format csv"),
    ("table", "count Tx"),
    ("furniture", "clean Tx"),
]  # fmt: skip


@pytest.mark.parametrize("command", [case[1] for case in NOTHING_READ], ids=[case[0] for case in NOTHING_READ])
def test_nothing_is_written_where_nothing_could_be_read(
    run: Run, files: dict[str, bytes], tmp_path: Path, command: str
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    for name in ("keep.csv", "keep.json"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    held = _held(tmp_path)
    done = run(*command.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert "no such file or folder" in done.stderr or "no date in its name" in done.stderr
    assert "no term" not in done.stderr
    assert _held(tmp_path) == held


def test_files_in_a_folder_that_are_not_read_are_told(run: Run, files: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("a.html", "a.pdf", "a.docx", ".hidden", "Thumbs.db"):
        (tmp_path / "T" / name).write_bytes(b"x")
    said = "3 other files not read: .docx, .html, .pdf"
    for command in ("count T", "count T Tx", "kwic T", "explain T", "clean T", "diff T in.csv", "lexicon first-seen T"):
        assert said in run(*command.split()).stderr.splitlines(), command
    assert run("count", "T", "-q").stderr == ""
    assert "other file" not in run("count", "T/in.txt", "T/*.txt").stderr
    assert "other file" not in run("count", "T", "--by", "years").stderr


def test_an_empty_result_is_one_where_something_was_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("天气晴朗", encoding="utf-8")
    done = run("kwic", "a.txt", "Tx", "--format", "csv", "--columns", "term")
    assert (done.returncode, done.stdout) == (1, "term\n")
    assert "no term of the lexicon was found" in run("count", "a.txt").stderr


def test_the_manifest_is_written_also_where_the_reader_of_the_table_has_gone(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    for number, command in enumerate(("count T", "diff T in.csv")):
        read, write = os.pipe()
        os.close(read)
        words = [sys.executable, "-m", "envterms", *command.split(), "--manifest", f"{number}.json"]
        subprocess.run(words, stdout=write, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
        os.close(write)
        assert (tmp_path / f"{number}.json").stat().st_size > 100


@pytest.mark.parametrize("command", ["count T -o T/counts.csv", "kwic T -o x.csv"])
def test_an_output_is_replaced_when_the_command_runs_again(
    run: Run, files: dict[str, bytes], tmp_path: Path, command: str
) -> None:
    assert run(*command.split()).returncode == 0
    assert run(*command.split()).returncode == 0
