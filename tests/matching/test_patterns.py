"""Open classes: names that no list holds."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms import Document, count
from envterms.engine import build_trie, plain
from envterms.lexicon import Lexicon, Pattern, Term
from envterms.matching import Matcher
from envterms.matching.patterns import Patterns
from envterms.normalizing import NormalizedText, normalize
from tests.conftest import ENGINES


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


def test_a_name_that_is_a_form_of_the_lexicon_is_found_once(lexicon: Lexicon, matcher: Matcher) -> None:
    text = "印发工业领域碳达峰实施方案。\n\n落实碳达峰实施方案。"
    found = [(match.form, match.status) for match in matcher.match(text) if match.surface == "碳达峰实施方案"]
    assert found == [("literal", "nested"), ("literal", "counted")]
    row = count(Document("d", text), lexicon).set_index("term").loc["碳达峰实施方案"]
    assert (row["count"], row["nested"], row["category"]) == (1, 1, "climate/dual-carbon")


def test_what_the_lexicon_says_of_a_term_holds_where_a_pattern_finds_it(lexicon: Lexicon) -> None:
    term = Term("国发〔2018〕22号", category="mine")
    own = replace(lexicon, terms={**lexicon.terms, term.term: term})
    frame = count(Document("d", "见国发[2018]第22号"), own).set_index("term")
    assert (frame.loc[term.term, "pattern"], frame.loc[term.term, "category"]) == (1, "mine")


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


def pattern(slot: str, before: str = "", after: str = "", quoted: str = "") -> Pattern:
    words = (tuple(cell.split("|")) if cell else () for cell in (before, after))
    return Pattern(f"{before}-{slot}-{after}", next(words), slot, next(words), (), (), quoted, "", "", "")


NUMERAL = "(?:[一二三四五六七八九十两百]{1,4}|[0-9]{1,3})"
NUMBERED = f"{NUMERAL}(?:[个大项][\u4e00-\u9fff]{{2,4}}|(?:[+×](?:{NUMERAL}|n|x)){{1,3}})"
TITLE = r"(?<=《)(?=[^《》\n]{{4,80}}》)[^《》\n]*{}(?:\([^()《》\n]{{1,20}}\))?(?=》)"
#: Patterns whose sign is what they begin with or what they end with, a character or a quote, and what they match.
PLAINLY = {
    pattern("numeral", "第|新第", "轮督察|轮环保督察"): f"(?:新第|第){NUMERAL}(?:轮环保督察|轮督察)",
    pattern("numeral", "第", "轮"): f"第{NUMERAL}轮",
    pattern("numeral", "", "轮", "yes"): f"{NUMERAL}轮",
    pattern("numeral", "第", "轮督察", "yes"): f"第{NUMERAL}轮督察",
    pattern("numbered", "做"): f"做{NUMBERED}",
    pattern("numbered", "做到"): f"做到{NUMBERED}",
    pattern("numbered", "", "", "yes"): NUMBERED,
    pattern("title", "", "条例"): TITLE.format("条例"),
    pattern("title", "", "规划"): TITLE.format("规划"),
}  # fmt: skip
PIECES = [
    *"第一十百两03轮做新个大项+×nx“”‘’《》的、。\n ", "轮督察", "轮环保督察", "第二轮", "第十二轮督察", "新第12轮环保督察", "做到", "三个必须", "九大工程", "2+26",
    "“五个严禁”", "“二百五十轮”", "‘第十一轮督察’", "《大气条例》", "《水、大气规划》", "“三个必须 ”", "（试行）》", "条例", "规划", "严禁", "(huán)", "&#25112;", "　　", "\u200b",
]  # fmt: skip


def by_definition(one: Pattern, original: str, normalized: NormalizedText) -> list[tuple[int, int]]:
    """What the expression matches at any place, up to the last quote if it must be in quotes, and not across another name."""
    expression, text = re.compile(PLAINLY[one]), normalized.text
    found, taken = [], 0
    for start in range(len(text)):
        name = expression.match(text, start) if start >= taken else None
        ends = list(range(name.end(), start, -1)) if name else []
        if one.quoted:
            ends = [
                end for end in ends if end > start + 2 and is_quoted(original, *normalized.original_span(start, end))
            ]
        if ends:
            found.append((start, ends[0]))
            taken = ends[0]
    return found


def is_quoted(original: str, start: int, end: int) -> bool:
    return original[:start].endswith(("“", "‘")) and original.startswith(("”", "’"), end)


@pytest.mark.parametrize("engine", [plain, *ENGINES], ids=lambda engine: engine.__name__)
@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_signs_and_quotes_lead_to_all_names(engine: ModuleType, pieces: list[str]) -> None:
    text, patterns = "".join(pieces), Patterns(PLAINLY, ())
    normalized = normalize(text)
    signs: dict[str, list[int]] = {}
    with patch("envterms.engine._chosen", engine):
        for start, end, number in zip(*engine.scan(build_trie([], patterns.signs), normalized.text), strict=True):
            if number < len(patterns.signs):  # no 的 stands in it
                signs.setdefault(normalized.text[start:end], []).append(start)
        found = list(patterns.find(text, normalized, [], signs))
    for one in PLAINLY:
        spans = [(name.start, name.end) for name in found if name.form.pattern == one.pattern]
        assert spans == by_definition(one, text, normalized)


def test_signs_are_the_longer_words() -> None:
    rounds, years = pattern("numeral", "第", "轮环保督察|轮督察"), pattern("numeral", "第", "年")
    assert Patterns([rounds], ()).signs == ["轮环保督察", "轮督察"]
    assert "第一" in Patterns([years], ()).signs
    assert Patterns([pattern("place", "美")], ()).signs == []  # characters are sought
