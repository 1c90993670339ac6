"""Open classes: names that no list holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms import Document, count
from envterms.lexicon import Lexicon
from envterms.matching import Matcher


def names(matcher: Matcher, text: str) -> list[str]:
    return [match.term for match in matcher.match(text) if match.form == "pattern" and match.status == "counted"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("印发《东川市扬尘污染防治条例》。", ["东川市扬尘污染防治条例"]),
        ("《东川市“十五五”生态环境保护规划（征求意见稿）》", ["东川市十五五生态环境保护规划(征求意见稿)"]),
        ("依据兰州市扬尘治理管理办法", ["兰州市扬尘治理管理办法"]),
        ("国家散煤治理管理办法", ["国家散煤治理管理办法"]),
        ("《优化营商环境条例》", []),  # another environment
        ("《红楼梦》《中国环境报》《数学分析》", []),
        ("《生态》", []),
        ("优化营商环境条例", []),
        ("建设美丽绵阳、美丽古县", ["美丽绵阳", "美丽古县"]),
        ("建设美丽绵阳市，美丽绵阳", ["美丽绵阳市", "美丽绵阳"]),
        ("《打赢蓝天保卫战三年行动计划》（国发〔2018〕22号）", ["国发〔2018〕22号"]),
        (
            "依据环发[2015]178号、国办发﹝2016﹞81号和 晋环发（2020）第5号",
            ["环发〔2015〕178号", "国办发〔2016〕81号", "晋环发〔2020〕5号"],
        ),
        ("东川平政办发〔2018〕3号", []),  # the code begins with a character that is not known to be part of one
        ("国发〔2018〕印发", []),
        ("美丽的兰州", []),
        ("做到“八个严禁”“九个一律”", ["八个严禁", "九个一律"]),
        ("八个严禁", []),  # without quotes it is no formula
        ("童话“七个小矮人”", []),
    ],
)
def test_names(matcher: Matcher, text: str, expected: list[str]) -> None:
    assert names(matcher, text) == expected


def test_a_title_hides_the_terms_inside_it(matcher: Matcher) -> None:
    matches = matcher.match("《东川市蓝天保卫战奖惩办法》")
    assert [match.term for match in matches if match.status == "counted"] == ["东川市蓝天保卫战奖惩办法"]
    assert "蓝天保卫战" in [match.term for match in matches if match.status == "nested"]


def test_names_are_counted_apart_and_separable(lexicon: Lexicon) -> None:
    frame = count(
        Document("d", "《东川市扬尘污染防治条例》施行，条例即《东川市扬尘污染防治条例》。"), lexicon
    ).set_index("term")
    row = frame.loc["东川市扬尘污染防治条例"]
    assert (row["count"], row["pattern"], row["literal"], row["category"]) == (2, 2, 0, "law/statutes")
    assert (
        "东川市扬尘污染防治条例"
        not in count(Document("d", "《东川市扬尘污染防治条例》"), lexicon, category="thought").term
    )


def test_patterns_can_be_turned_off(lexicon: Lexicon) -> None:
    assert names(Matcher(lexicon, patterns=False), "《东川市扬尘污染防治条例》") == []


@given(st.text("《》“”一二三个美丽市县第轮督察条例规划环境污染\n", max_size=60))
def test_spans_are_right_whatever_the_text(text: str) -> None:
    for match in SHARED.match(text):
        assert text[match.start : match.end] == match.surface


def _shared() -> Matcher:
    from envterms.lexicon import load_lexicon

    return Matcher(load_lexicon())


SHARED = _shared()
