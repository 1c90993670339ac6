"""Elliptic coordination, with small families."""

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


def test_it_can_be_turned_off() -> None:
    assert found("蓝天、碧水、净土保卫战", coordination=False) == [("净土保卫战", "literal", "净土保卫战")]


def test_the_parts_lead_to_the_original_through_noise() -> None:
    text = "藍(lán)天、碧水、凈土保衛(wèi)戰(zhàn)"
    match = Matcher(small_lexicon(TERMS, FAMILIES)).match(text)[0]
    assert match.parts == ((0, 7), (13, 21))
    assert text[match.start : match.end] == match.surface
