"""Real documents: the annotated seeds and the work reports. Skipped where they are not at hand; nothing of them is copied here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from envterms.lexicon import Lexicon
from envterms.matching import Matcher
from envterms.normalizing import normalize_page
from tests.conftest import ROOT, SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared texts are not at hand")


def test_the_score_on_the_annotated_seeds() -> None:
    command = f"{sys.executable} -m envterms"
    done = subprocess.run(
        [sys.executable, str(SHARED / "gold" / "score.py"), "--json", "--command", command],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    score = json.loads(done.stdout)
    assert score["recall_env"] >= 0.95, score
    assert score["strict_env"] >= 0.88, score
    assert score["traps_hit"] == 0, score


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    lines = (SHARED / "corpora" / "government_work_reports.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(report["year"]): report["content"] for report in map(json.loads, lines) if report["year"]}


def test_the_blue_sky_battle_lives_on_in_the_coordinated_form(reports: dict[str, str], matcher: Matcher) -> None:
    """Read by eye: the contiguous string stands in 2017 to 2019 only, the coordinated form once or twice a year since 2019."""
    forms: dict[str, Counter[str]] = {"literal": Counter(), "coordinated": Counter()}
    for year, text in reports.items():
        for match in matcher.match(text, normalize_page(text)):
            if match.term == "蓝天保卫战" and match.status == "counted":
                forms[match.form][year] += 1
    assert forms["literal"] == {"2017": 1, "2018": 1, "2019": 2}
    assert forms["coordinated"] == {"2019": 1, "2021": 2, "2022": 1, "2023": 1, "2024": 1, "2025": 1}


@pytest.mark.parametrize("term", ["南水北调", "循环经济", "天然林保护", "森林覆盖率", "科学发展观", "蓝天保卫战"])
def test_no_place_of_a_form_is_lost(term: str, reports: dict[str, str], lexicon: Lexicon) -> None:
    """Every place of the plain string, white space and quotes aside, is a match of some status of some term that covers it."""
    matcher = Matcher(lexicon)
    for text in reports.values():
        plain = "".join(
            c for c in text if not c.isspace() and c not in "“”‘’\"'\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"
        )
        covered = [
            match for match in matcher.match(plain) if term in match.surface and match.status in ("counted", "nested")
        ]
        starts = {
            match.start + place
            for match in covered
            for place in range(len(match.surface))
            if match.surface.startswith(term, place)
        }
        assert len(starts) == plain.count(term)


def test_the_seeds_under_pinyin_and_traditional_characters(matcher: Matcher) -> None:
    for name, least in (("002", 45), ("004", 40)):
        path = next(Path(SHARED / "seeds").glob(f"{name}_*.txt"))
        text = path.read_bytes().decode("utf-8")
        matches = [match for match in matcher.match(text, normalize_page(text)) if match.status == "counted"]
        assert len(matches) >= least
        assert all(text[match.start : match.end] == match.surface for match in matches)
