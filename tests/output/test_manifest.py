"""The methods manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from envterms import Document, read_table
from envterms.analysis import tally
from envterms.lexicon import Lexicon
from envterms.matching import Matcher
from envterms.output.manifest import manifest
from envterms.version import __version__


def test_it_says_what_one_needs_to_repeat_the_run(tmp_path: Path, lexicon: Lexicon, matcher: Matcher) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("打赢蓝天保卫战".encode("gb18030"))
    one = tally(Document(str(path), "打赢蓝天保卫战", encoding="GB18030"), matcher)
    content = json.loads(
        manifest("count", {"per": "han"}, lexicon, {"documents": [one]}, [str(path)], {"g2": "G2"}, ["mind"])
    )
    assert (content["envterms"], content["lexicon"]["digest"]) == (__version__, lexicon.digest)
    document = content["documents"]["documents"][0]
    assert document["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (document["encoding"], document["han"], document["occurrences"]) == ("GB18030", 7, 1)
    assert content["lexicon"]["own"][0]["sha256"] == document["sha256"]
    assert content["libraries"]["scipy"]
    assert content["warnings"] == ["mind"]


def test_the_same_run_gives_the_same_manifest(lexicon: Lexicon, matcher: Matcher) -> None:
    one = tally(Document("<stdin>", "河长制"), matcher)
    first, again = (manifest("count", {}, lexicon, {"documents": [one]}) for _ in range(2))
    assert first == again
    assert json.loads(first)["documents"]["documents"][0]["sha256"] is None


def test_the_hash_of_a_row_is_that_of_its_table(tmp_path: Path, lexicon: Lexicon, matcher: Matcher) -> None:
    path = tmp_path / "speeches.csv"
    path.write_text("text\n河长制\n蓝天保卫战\n", encoding="utf-8")
    rows = [tally(one, matcher) for one in read_table(path)]
    documents = json.loads(manifest("count", {}, lexicon, {"documents": rows}))["documents"]["documents"]
    assert [one["sha256"] for one in documents] == [hashlib.sha256(path.read_bytes()).hexdigest()] * 2
