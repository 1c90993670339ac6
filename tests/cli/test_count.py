"""What the audit line says beside a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

TEXT = "坚决打赢藍天保衛戰,落实河长制,学习习近平生态文明思想。\n蓝天、碧水、净土保卫战取得成效。两高问题,两高工作会议。"

AUDITED = [
    ("everything", "", "6 occurrences of 5 terms (2 coordinated); nested 2 not counted; rejected by a sense rule 0; unresolved 2; "
     "1 occurrence needed a repair: 1 script"),
    ("one term", "--term 蓝天保卫战", "2 occurrences of 1 term selected (1 coordinated), of 6 of 5 in all; of the selected nested 0 not counted; "
     "rejected by a sense rule 0; unresolved 0; 1 of all 6 occurrences needed a repair: 1 script"),
    ("a category", "-c pollution/air --by category", "2 occurrences of 1 term selected (1 coordinated), of 6 of 5 in all"),
    ("without a term", "--exclude 蓝天保卫战", "4 occurrences of 4 terms selected (1 coordinated), of 6 of 5 in all"),
    ("a matrix", "--matrix -c pollution/air", "2 occurrences of 1 term selected (1 coordinated), of 6 of 5 in all"),
    ("an index", "--index attention -c pollution/air", "2 occurrences of 1 term selected (1 coordinated), of 6 of 5 in all"),
    ("nothing of it there", "--term 林长制", "0 occurrences of 0 terms selected (0 coordinated), of 6 of 5 in all"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "said"), [case[1:] for case in AUDITED], ids=[case[0] for case in AUDITED])
def test_the_audit_line_says_what_the_table_holds(run: Run, tmp_path: Path, options: str, said: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert said in run("count", "a.txt", *options.split()).stderr.splitlines()[-1]


def test_an_index_counts_environment_words_only_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("坚持党的领导,落实河长制。", encoding="utf-8")
    done = run("count", "a.txt", "--index", "attention", "--format", "json")
    assert json.loads(done.stdout)[0]["occurrences"] == 1
    assert "1 occurrence of 1 term selected (0 coordinated), of 2 of 2 in all" in done.stderr


def test_the_manifest_defines_the_index(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("坚持党的领导，落实河长制。", encoding="utf-8")
    row = run("count", "a.txt", "--index", "attention", "--manifest", "m.json", "--format", "json").stdout
    manifest = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    measures, (document,) = manifest["measures"], manifest["documents"]["documents"]
    assert document["occurrences"] == json.loads(row)[0]["occurrences"] == 1
    assert document["occurrences_of_all_terms"] == 2
    assert measures["environment terms"].endswith("of the scopes: adjacent, core")
    assert measures["share_sentences"] == "sentences_hit / sentences"


def test_an_index_of_nothing_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("坚持党的领导,落实河长制。", encoding="utf-8")
    done = run("count", "a.txt", "--index", "attention", "-c", "party")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no term of party is in the index" in " ".join(done.stderr.split())
    assert run("count", "a.txt", "--index", "attention", "-c", "party", "--scope", "party").returncode == 0


def test_the_audit_line_of_diff_says_what_is_compared(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = run("diff", "a.txt", "a.txt", "-c", "pollution/air")
    assert "4 occurrences of 1 term selected (2 coordinated), of 12 of 5 in all" in done.stderr


def test_one_is_singular(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("打赢蓝(lán)天保卫战。", encoding="utf-8")
    (tmp_path / "own.csv").write_text("term\n蓝天保卫战\n", encoding="utf-8")
    said = run("count", "a.txt", "--lexicon", "own.csv", "--only-lexicon").stderr
    for part in ("(1 term, ", "1 document (1 UTF-8)", "1 occurrence of 1 term (", "skipped 1 pinyin reading;"):
        assert part in said
