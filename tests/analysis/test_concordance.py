from collections.abc import Callable
from itertools import islice
from unittest.mock import patch

import pytest

from envterms import Document, kwic
from envterms.analysis import Selection, concordance, explanation
from envterms.matching import Matcher
from tests.conftest import small_lexicon

LEXICON = small_lexicon(["蓝天保卫战", "污染防治攻坚战", "环保督察"])
TEXT = "第一行\r\n打赢藍(lán)天保\n衛戰，\r深入打好污染防治攻坚战。"


def test_line_and_column_count_from_one_in_the_original() -> None:
    frame = kwic(Document("d", TEXT), LEXICON, window=3)
    assert frame[["line", "column", "surface", "pre", "post"]].to_numpy().tolist() == [
        [2, 3, "藍(lán)天保\n衛戰", "\n打赢", "，\r深"],
        [4, 5, "污染防治攻坚战", "入打好", "。"],
    ]


def test_the_span_is_always_the_surface() -> None:
    for row in kwic([Document("d", TEXT), Document("e", "蓝天、碧水、净土保卫战，环保督察")]).itertuples():
        text = TEXT if row.document == "d" else "蓝天、碧水、净土保卫战，环保督察"
        assert text[row.start : row.end] == row.surface
        assert row.parts[0][0] == row.start
        assert row.parts[-1][1] == row.end


def test_only_the_terms_asked_for() -> None:
    assert list(kwic(Document("d", TEXT), LEXICON, terms=["污染防治攻坚战"]).term) == ["污染防治攻坚战"]
    assert list(kwic(Document("d", TEXT), category="pollution/air").term) == ["蓝天保卫战"]


def test_no_match_gives_an_empty_frame_with_columns() -> None:
    assert list(kwic(Document("d", "无"), LEXICON).columns)[:3] == ["document", "line", "column"]


@pytest.mark.parametrize("rows_of", [concordance, explanation])
def test_what_is_not_asked_for_is_not_matched(rows_of: Callable[..., object]) -> None:
    """A line may be as long as the whole document."""
    document, matcher = Document("d", "打赢蓝天保卫战。" * 200_000), Matcher(LEXICON)
    with patch.object(matcher, "match", wraps=matcher.match) as match:
        assert len(list(islice(rows_of(document, matcher, Selection().on(LEXICON)), 2))) == 2
    assert match.call_count == 1
    assert len(match.call_args[0][0]) < len(document.text) / 4
