"""Ambiguities that a reader knows how to settle, the first forty as they were asked for: for each a sentence that must match and one that must not.

`cases` were written for the tests; `found` are in the manner of sentences in work reports, laws and news.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from envterms.matching import Matcher
from envterms.normalizing import normalize_page

AMBIGUITIES = json.loads((Path(__file__).parent.parent / "cases" / "ambiguities.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param(case, id=f"{one['number']} {one['label']} {kind} {place}")
    for one in AMBIGUITIES
    for kind in ("cases", "found")
    for place, case in enumerate(one.get(kind, ()), 1)
]


@pytest.mark.parametrize("case", CASES)
def test_it_is_settled_as_a_reader_would(case: dict[str, Any], matcher: Matcher) -> None:
    matches = matcher.match(case["text"], normalize_page(case["text"]))
    counted = {match.term for match in matches if match.status == "counted"}
    unresolved = {match.term for match in matches if match.status == "unresolved"}
    assert set(case.get("counted", ())) <= counted
    assert not set(case.get("not_counted", ())) & (counted | unresolved)
    assert set(case.get("unresolved", ())) == unresolved


def test_all_forty_are_there() -> None:
    assert [one["number"] for one in AMBIGUITIES] == list(range(1, len(AMBIGUITIES) + 1))
    assert len(AMBIGUITIES) >= 40
    assert all(any(case.get("counted") for case in one["cases"]) for one in AMBIGUITIES)
    assert all(any(case.get("not_counted") for case in one["cases"]) for one in AMBIGUITIES)
    assert sum(len(one.get("found", ())) >= 2 for one in AMBIGUITIES) >= 20
