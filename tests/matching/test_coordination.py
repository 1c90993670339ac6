"""Elliptic coordination, with small families."""

from dataclasses import replace

import pytest

from envterms.lexicon import Family
from envterms.matching import Matcher
from tests.conftest import small_lexicon

TERMS = ["蓝天保卫战", "碧水保卫战", "净土保卫战", "大气污染防治", "水污染防治", "土壤污染防治", "中央环保督察", "省级环保督察", "散煤治理", "扬尘治理",
         "产业结构调整", "能源结构调整", "山水工程", "农村生活垃圾", "垃圾治理", "污水治理", "能耗总量", "能耗强度"]  # fmt: skip
FAMILIES = [
    Family("保卫战", "after", ("蓝天", "碧水", "净土")),
    Family("污染防治", "after"),
    Family("环保督察", "after"),
    Family("治理", "after"),
    Family("结构调整", "after"),
    Family("能耗", "before"),
]


def found(text: str, **options: bool) -> list[tuple[str, str, str]]:
    matches = Matcher(small_lexicon(TERMS, FAMILIES), **options).match(text)
    return [
        (match.term, match.form, "…".join(text[start:end] for start, end in match.parts))
        for match in matches
        if match.status == "counted"
    ]


BATTLES = [
    ("蓝天保卫战", "coordinated", "蓝天…保卫战"),
    ("碧水保卫战", "coordinated", "碧水…保卫战"),
    ("净土保卫战", "literal", "净土保卫战"),
]


@pytest.mark.parametrize(
    "text",
    [
        "蓝天、碧水、净土保卫战",
        "蓝天碧水净土保卫战",
        "蓝天，碧水和净土保卫战",
        "“蓝天”“碧水”“净土”保卫战",
        "蓝天、碧水、\n净土保卫战",
    ],
)
def test_a_closed_family_in_its_spellings(text: str) -> None:
    expected = [
        (term, form, pieces.replace("净土保卫战", "净土”保卫战") if "”" in text else pieces)
        for term, form, pieces in BATTLES
    ]
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大气、水、土壤污染防治", ["大气污染防治", "水污染防治", "土壤污染防治"]),
        ("大气和水污染防治", ["大气污染防治", "水污染防治"]),
        ("中央、省级环保督察反馈", ["中央环保督察", "省级环保督察"]),
        ("产业、能源结构调整", ["产业结构调整", "能源结构调整"]),
        ("能耗总量和强度控制", ["能耗总量", "能耗强度"]),
        ("扬尘、散煤治理", ["扬尘治理", "散煤治理"]),
        ("节水、土壤污染防治", ["土壤污染防治"]),  # 水 is a piece of 节水
        ("道路、散煤治理", ["散煤治理"]),  # 道路治理 is no term
        ("农村生活垃圾、污水治理", ["农村生活垃圾", "污水治理"]),  # 垃圾 is a piece of a longer term
        ("碧水、蓝天。净土保卫战", ["净土保卫战"]),  # not across a sentence
    ],
)
def test_open_families(text: str, expected: list[str]) -> None:
    assert [term for term, _, _ in found(text)] == expected


MORE = ["产业结构调整", "能源结构调整", "交通运输结构调整", "河长制", "湖长制", "生态市", "生态县", "生态市建设", "生态县建设", "生态区建设", "环评报告书",
        "环评报告表", "大气污染防治", "水污染防治", "土壤污染防治", "污染防治攻坚战", "蓝天保卫战", "碧水保卫战", "三大保卫战|蓝天、碧水三大保卫战"]  # fmt: skip
MORE_FAMILIES = [
    Family("调整", "after"), Family("污染防治", "after"), Family("长制", "after", ("河", "湖", "林")), Family("保卫战", "after", ("蓝天", "碧水")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("等", "产业结构、能源结构、交通运输结构等调整",
         ["产业结构…调整", "能源结构…调整", "交通运输结构…调整"]),
        ("等 and a single character", "大气、水等污染防治", ["大气…污染防治", "水…污染防治"]),
        ("等 and a number", "大气、土壤等两大污染防治", ["大气…污染防治", "土壤…污染防治"]),
        ("等 after one member", "大气等污染防治", []),
        ("等 after what only looks alike", "桌椅、板凳等调整", []),
        ("等 before a longer term", "大气、土壤等污染防治攻坚战", ["污染防治攻坚战"]),
        ("fused", "推行河湖长制", ["河…长制", "湖长制"]),
        ("fused, with noise", "河\n湖(hú)长制", ["河…长制", "湖(hú)长制"]),
        ("not fused", "银河湖长制", ["河…长制", "湖长制"]),
        ("brackets", "生态市（县、区）建设", ["生态市…建设", "生态…县…建设", "生态…区…建设"]),
        ("brackets at the end", "环评报告书（表）", ["环评报告书", "环评报告…表"]),
        ("brackets that explain", "生态市（暂名）建设", ["生态市"]),
        ("brackets with a free list", "大气（水、土壤）论坛", []),
        ("brackets in noise", "生态市(\n县)建设", ["生态市…建设", "生态…县…建设"]),
    ],
)  # fmt: skip
def test_what_stands_between(label: str, text: str, expected: list[str]) -> None:
    matches = Matcher(small_lexicon(MORE, MORE_FAMILIES)).match(text)
    counted = [match for match in matches if match.status == "counted"]
    assert ["…".join(text[start:end] for start, end in match.parts) for match in counted] == expected
    assert all(text[match.start : match.end] == match.surface for match in matches)


RURAL = ["农村生活垃圾", "农村生活垃圾治理", "农村生活污水", "农村生活污水治理", "生活污水垃圾治理", "生活污水治理", "生活垃圾治理", "垃圾治理", "面源污染治理", "煤炭等量替代", "煤炭减量替代", "等量替代",
         "减量替代", "环境保护", "环境保护设施", "环境基础设施", "湿地公园", "森林公园"]  # fmt: skip
RURAL_FAMILIES = [Family("治理", "after"), Family("替代", "after"), Family("设施", "after"), Family("公园", "after")]


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("the last is no term without the front", "农村生活垃圾、污水治理", ["农村生活垃圾…治理", "农村生活…污水治理"]),
        ("the last is a term without the front", "煤炭等量、减量替代", ["煤炭等量…替代", "煤炭…减量替代"]),
        ("one in the middle", "农村生活垃圾、污水及面源污染治理", ["农村生活垃圾…治理", "农村生活…污水…治理", "面源污染治理"]),
        ("the longest member", "农村生活污水和生活垃圾治理", ["农村生活污水…治理", "农村…生活垃圾治理"]),
        ("noise", "农村生活(huó)垃圾、\n污水治理", ["农村生活(huó)垃圾…治理", "农村生活…污水治理"]),
        ("no term with the front", "农村生活垃圾、道路治理", ["农村生活垃圾"]),
        ("the rest of the first makes no term", "环境保护、基础设施建设", ["环境保护"]),
        ("an unknown word between", "湿地、道路、森林公园", ["森林公园"]),
        ("not across a sentence", "农村生活垃圾。污水治理", ["农村生活垃圾"]),
    ],
)  # fmt: skip
def test_a_part_in_front_and_one_behind(label: str, text: str, expected: list[str]) -> None:
    matches = Matcher(small_lexicon(RURAL, RURAL_FAMILIES)).match(text)
    counted = [match for match in matches if match.status == "counted"]
    assert ["…".join(text[start:end] for start, end in match.parts) for match in counted] == expected


def test_a_name_of_its_own_is_no_series() -> None:
    matcher = Matcher(small_lexicon([*MORE, "河湖长制"], MORE_FAMILIES))
    told = {(match.term, match.form): match.status for match in matcher.match("河湖长制；蓝天、碧水三大保卫战")}
    assert told == {
        ("河湖长制", "literal"): "counted", ("湖长制", "literal"): "nested", ("三大保卫战", "alias"): "counted",
    }  # fmt: skip


def test_parts_in_another_order() -> None:
    matcher = Matcher(small_lexicon(["不欠新账、多还旧账", "精准治污、科学治污、依法治污", "山、水、林"]))
    text = "多还旧账，不欠新账。依法治污、精准治污、科学治污。水、山、林。多还旧账不欠新账"
    assert [(match.term, match.form) for match in matcher.match(text)] == [
        ("不欠新账、多还旧账", "alias"), ("精准治污、科学治污、依法治污", "alias"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [("强化水、土壤污染防治", ["水污染防治", "土壤污染防治"]), ("强化节水、土壤污染防治", ["土壤污染防治"])],
)
def test_a_single_character_behind_a_verb(text: str, expected: list[str]) -> None:
    lexicon = replace(small_lexicon(TERMS, FAMILIES), context={"verb": ("强化",), "adverb": ("坚决",)})
    assert [match.term for match in Matcher(lexicon).match(text) if match.status == "counted"] == expected


def test_it_can_be_turned_off() -> None:
    assert found("蓝天、碧水、净土保卫战", coordination=False) == [("净土保卫战", "literal", "净土保卫战")]


def test_the_parts_lead_to_the_original_through_noise() -> None:
    text = "藍(lán)天、碧水、凈土保衛(wèi)戰(zhàn)"
    match = Matcher(small_lexicon(TERMS, FAMILIES)).match(text)[0]
    assert match.parts == ((0, 7), (13, 21))
    assert text[match.start : match.end] == match.surface


def test_what_stands_whole_is_no_member_of_its_own_series() -> None:
    assert found("买卖净土合同、净土保卫战") == [("净土保卫战", "literal", "净土保卫战")]
    assert found("净土、净土保卫战") == [("净土保卫战", "literal", "净土保卫战")]
    assert found("碧水、净土、净土保卫战") == [("净土保卫战", "literal", "净土保卫战")]
