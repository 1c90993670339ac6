"""Texts of other fields, written for the tests: nothing in them is a term, however much it looks like one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envterms.matching import Matcher

TEXTS = json.loads((Path(__file__).parent.parent / "cases" / "without_policy.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TEXTS, ids=[case["label"] for case in TEXTS])
def test_nothing_is_counted(case: dict[str, str], matcher: Matcher) -> None:
    assert [match.term for match in matcher.match(case["text"]) if match.status in ("counted", "unresolved")] == []
