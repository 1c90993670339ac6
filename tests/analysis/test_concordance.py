from envterms import Document, kwic
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
