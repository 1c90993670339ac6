"""The counting rules, on small lexicons; the cases are data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms.lexicon import SenseRule
from envterms.matching import Match, Matcher
from envterms.normalizing import normalize
from tests.conftest import ROOT, small_lexicon

CASES = json.loads((Path(__file__).parent.parent / "cases" / "matching.json").read_text(encoding="utf-8"))


def with_status(matches: list[Match], status: str) -> list[Match]:
    return [match for match in matches if match.status == status]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    matches = Matcher(small_lexicon(case["terms"])).match(case["text"])
    assert [[match.term, match.form, match.surface] for match in with_status(matches, "counted")] == case["found"]
    for status in ("nested", "overlapped"):
        if status in case:
            assert [match.term for match in with_status(matches, status)] == case[status]


RULES = [
    SenseRule("两高", "after", ("司法解释", "报告"), "reject", "最高法最高检"),
    SenseRule("两高", "clause", ("产能",), "count", "两高项目"),
    SenseRule("两高", "otherwise", (), "unresolved", ""),
    SenseRule("生态环境部", "after", ("门",), "reject", "生态环境部门"),
    SenseRule("一刀切", "sentence", ("环保",), "count", "一刀切"),
    SenseRule("一刀切", "otherwise", (), "reject", "其他"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“两高”发布", [("两高", "unresolved")]),
        ("两高司法解释", [("两高", "rejected")]),
        ("遏制产能过剩的两高冲动", [("两高项目", "counted")]),
        ("产能过剩，两高", [("两高", "unresolved")]),  # another clause
        (
            "两高项目",
            [("两高项目", "counted"), ("两高", "nested")],
        ),  # the longest decides, not the rule of the short form
        ("生态环境部门", [("生态环境部", "rejected")]),
        ("生态环境部印发", [("生态环境部", "counted")]),
        ("环保不搞形式，不搞一刀切。", [("一刀切", "counted")]),
        ("环保要紧。不搞一刀切。", [("一刀切", "rejected")]),
    ],
)
def test_senses(text: str, expected: list[tuple[str, str]]) -> None:
    lexicon = small_lexicon(["两高项目|两高", "生态环境部", "一刀切"], senses=RULES)
    found = [
        (match.written if match.status != "counted" else match.term, match.status)
        for match in Matcher(lexicon).match(text)
    ]
    assert [pair for pair in found if pair[1] != "nested"] == [pair for pair in expected if pair[1] != "nested"]


INHERITED = [
    SenseRule("绿盾", "clause", ("海关",), "reject", "customs"),
    SenseRule("约谈", "sentence", ("平台",), "reject", "another field"),
    SenseRule("约谈", "sentence", ("环保",), "count", "约谈"),
    SenseRule("约谈", "otherwise", (), "unresolved", ""),
    SenseRule("再生资源", "before", ("可",), "reject", "straddle"),
    SenseRule("卫生村", "after", ("规民约",), "reject", "straddle"),
    SenseRule("*回收", "after", ("站",), "reject", "a shop"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海关绿盾行动", []),  # a longer form of the term follows the context
        ("绿盾行动发现问题", ["绿盾"]),
        ("海关绿盾问题", ["绿盾问题"]),  # another term does not
        ("平台环保约谈", ["约谈"]),  # the longer form says itself which sense it has
        ("约谈制度", ["约谈"]),  # `otherwise` is not handed on
        ("可再生资源回收", []),  # what stands in front is, also to another term
        ("再生资源回收", ["再生资源回收"]),
        ("省级卫生村规民约", []),  # and what stands behind, to one that ends with it
        ("省级卫生村名单", ["省级卫生村"]),
        ("再生资源回收站", ["再生资源"]),  # rules of the ending hold as well
    ],
)
def test_a_longer_form_follows_the_rules_of_the_shorter(text: str, expected: list[str]) -> None:
    terms = ["绿盾|绿盾行动", "绿盾问题", "约谈|环保约谈|约谈制度", "再生资源", "再生资源回收", "卫生村", "省级卫生村"]
    matches = Matcher(small_lexicon(terms, senses=INHERITED)).match(text)
    assert [match.term for match in with_status(matches, "counted")] == expected


def test_a_rule_by_the_words_of_a_dictionary() -> None:
    rules = [SenseRule("城考", "words", (), "reject", "straddle")]
    matcher = Matcher(small_lexicon(["城考"], senses=rules))
    assert matcher.match("代表团到省城考察")[0].reason == "城考: words 省城 -> reject: straddle"
    assert matcher.match("完成年度城考任务")[0].status == "counted"


def test_the_segmenter_is_loaded_only_where_a_rule_asks_for_it() -> None:
    code = (
        "import sys; from envterms.lexicon import load_lexicon; from envterms.matching import Matcher;"
        "m = Matcher(load_lexicon()); m.match('打赢蓝天保卫战，推进节水和控煤。'); assert 'jieba' not in sys.modules;"
        "m.match('完成城考任务'); assert 'jieba' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_rejected_long_candidate_does_not_hide_a_short_one() -> None:
    rules = [SenseRule("环境保护法规", "otherwise", (), "reject", "泛指")]
    matches = Matcher(small_lexicon(["环境保护法", "环境保护法规"], senses=rules)).match("环境保护法规")
    assert [(match.term, match.status) for match in matches] == [
        ("环境保护法", "counted"),
        ("环境保护法规", "rejected"),
    ]


ALPHABET = "蓝天保卫战污染"
TERMS = st.lists(st.text(ALPHABET, min_size=2, max_size=4), min_size=1, max_size=6, unique=True)


def naive(text: str, terms: list[str]) -> list[tuple[str, int]]:
    """Leftmost, then longest, by the slowest and plainest way."""
    found, at = [], 0
    while at < len(text):
        here = max((term for term in terms if text.startswith(term, at)), key=len, default="")
        if here:
            found.append((here, at))
        at += len(here) or 1
    return found


@given(TERMS, st.text(ALPHABET + "。", max_size=60))
def test_the_count_equals_that_of_a_naive_matcher(terms: list[str], text: str) -> None:
    matches = with_status(Matcher(small_lexicon(terms)).match(text), "counted")
    assert [(match.term, match.start) for match in matches] == naive(text, terms)


NOISY = st.lists(
    st.one_of(
        st.text("蓝天藍保卫戰污染", max_size=4),
        st.sampled_from(
            [
                "(lán)",
                "\u200b",
                "\n",
                " ",
                "“",
                "\t",
                "\n\n",
                "(x)",
                "<b>",
                "</p>",
                "&nbsp;",
                "&#25112;",
                "*",
                "▂",
                "、、",
                "\\n",
            ]
        ),
    ),
    max_size=40,
).map("".join)


@given(TERMS, NOISY)
def test_offsets_lead_to_the_surface_and_the_surface_to_the_form(terms: list[str], text: str) -> None:
    for match in Matcher(small_lexicon(terms)).match(text):
        assert text[match.start : match.end] == match.surface
        assert normalize(match.surface).text == normalize(match.written).text


@given(TERMS, NOISY)
def test_normalized_text_gives_the_same_terms_as_the_noisy_one(terms: list[str], text: str) -> None:
    matcher = Matcher(small_lexicon(terms))
    clean = normalize(text).text
    mended = normalize(clean, repair=False)  # what one repair lays bare is not repaired again: 保*&#25112;
    noisy, plain = (
        [match.term for match in with_status(found, "counted")]
        for found in (matcher.match(text), matcher.match(clean, mended))
    )
    assert noisy == plain
