"""Golden outputs for samples/: what a change of rules or lexicon does to real-looking text shows in the diff.

`UPDATE_GOLDEN=1` rewrites them; read the diff before you commit it.
"""

from __future__ import annotations

import os

import pytest

from tests.conftest import ROOT, Run

GOLDEN = {
    "count_by_document.csv": ["count", "samples/", "--format", "csv", "-q"],
    "count_by_term.txt": ["count", "samples/", "-q"],
    "count_by_category.md": ["count", "samples/", "--by", "category", "--format", "md", "-q"],
    "diff.txt": ["diff", "samples/2024", "samples/2019", "-q"],
    "diff.csv": ["diff", "samples/2024", "samples/2019", "--measures", "all", "--format", "csv", "-q"],
    "kwic.jsonl": ["kwic", "samples/", "--format", "jsonl", "-w", "5", "-q"],
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_output_is_the_golden_one(name: str, run: Run) -> None:
    done = run(*GOLDEN[name], cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    path = ROOT / "tests" / "golden" / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(done.stdout, encoding="utf-8", newline="\n")
    assert done.stdout == path.read_text(encoding="utf-8")
