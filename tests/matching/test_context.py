"""What is recorded beside a match: the verb in front of a campaign, slogan or goal."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from envterms import Document
from envterms.analysis import tally
from envterms.lexicon import Lexicon
from envterms.matching import Matcher
from envterms.matching.context import Context
from tests.conftest import small_lexicon

VERBS = [
    ("the shift that scholars date", "坚决打好污染防治攻坚战", {"污染防治攻坚战": "坚决打好"}),
    ("adverbs add up", "持续深入打好污染防治攻坚战", {"污染防治攻坚战": "持续深入打好"}),
    ("two verbs", "打好打赢污染防治攻坚战", {"污染防治攻坚战": "打好打赢"}),
    ("quotes and a particle between", "打赢了“蓝天保卫战”", {"蓝天保卫战": "打赢"}),
    ("a place word between", "坚决打赢全市蓝天保卫战", {"蓝天保卫战": "坚决打赢"}),
    ("noise between", "坚决打(dǎ)\n贏藍(lán)天保衛戰", {"蓝天保卫战": "坚决打赢"}),
    ("a series has one verb", "打好蓝天、碧水、净土保卫战",
     {"蓝天保卫战": "打好", "碧水保卫战": "打好", "净土保卫战": "打好"}),
    ("with commas", "打好蓝天,碧水,净土保卫战", {"蓝天保卫战": "打好", "碧水保卫战": "打好", "净土保卫战": "打好"}),
    ("whole terms in a row", "深入打好蓝天保卫战、碧水保卫战和净土保卫战",
     {"蓝天保卫战": "深入打好", "碧水保卫战": "深入打好", "净土保卫战": "深入打好"}),
    ("no verb", "蓝天保卫战成效明显", {"蓝天保卫战": ""}),
    ("a noun in front", "聚焦大气,蓝天保卫战成效明显", {"蓝天保卫战": ""}),
    ("a verb of another clause", "问题要解决好,蓝天保卫战要推进。污染防治攻坚战也要", {"蓝天保卫战": "", "污染防治攻坚战": ""}),
    ("a negation in front", "不能再打污染防治攻坚战", {"污染防治攻坚战": ""}),
    ("a negation behind an adverb", "坚决不打污染防治攻坚战", {"污染防治攻坚战": ""}),
    ("a negation before an adverb", "没有真正全面打好“蓝天保卫战”", {"蓝天保卫战": ""}),
    ("a negation before a series", "未能打好蓝天、碧水、净土保卫战", {"蓝天保卫战": "", "碧水保卫战": "", "净土保卫战": ""}),
    ("a negation inside an adverb", "坚定不移推进污染防治攻坚战", {"污染防治攻坚战": "坚定不移推进"}),
    ("not only is no negation", "不仅要打好污染防治攻坚战", {"污染防治攻坚战": "打好"}),
    ("a verb before what takes none", "推进排污许可制", {"排污许可": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("label", "text", "expected"), VERBS, ids=[label for label, _, _ in VERBS])
def test_the_verb_in_front(label: str, text: str, expected: dict[str, str], matcher: Matcher) -> None:
    found = {match.term: match.verb for match in matcher.match(text) if match.status == "counted"}
    assert {term: found[term] for term in expected} == expected


def test_verbs_are_tallied_by_term(matcher: Matcher) -> None:
    text = "坚决打好污染防治攻坚战。深入打好污染防治攻坚战，深入打好污染防治攻坚战。"
    verbs = tally(Document("d", text), matcher).verbs
    assert verbs == {("污染防治攻坚战", "坚决打好"): 1, ("污染防治攻坚战", "深入打好"): 2}


VALUES = [
    ("a level", "优良天数比例达87.5%。", {"优良天数比例": "87.5%"}),
    ("words between", "PM2.5年均浓度为３２微克/立方米", {"细颗粒物": "32微克/立方米"}),
    ("a change", "森林覆盖率比上年提高了0.2个百分点", {"森林覆盖率": "提高了0.2个百分点"}),
    ("a change to a level", "森林覆盖率提高到24%左右", {"森林覆盖率": "提高到24%"}),
    ("in characters", "优良天数比例达到百分之八十七", {"优良天数比例": "百分之八十七"}),
    ("noise between", "优良天数比例(lì)\n达到 87.5%", {"优良天数比例": "87.5%"}),
    ("from one level to another", "森林覆盖率由18.2%上升到20.4%", {"森林覆盖率": "由18.2%上升到20.4%"}),
    ("of a year", "优良天数比例较2015年上升5.6%", {"优良天数比例": "上升5.6%"}),
    ("below a bound", "优良天数比例低于80%", {"优良天数比例": "低于80%"}),
    ("at least", "优良天数比例达到不低于87%", {"优良天数比例": "不低于87%"}),
    ("at most", "PM2.5浓度不超过35微克/立方米", {"细颗粒物": "不超过35微克/立方米"}),
    ("a bound behind", "PM2.5浓度控制在35微克/立方米以下", {"细颗粒物": "35微克/立方米以下"}),
    ("a goal", "优良天数比例力争达到90%以上", {"优良天数比例": "力争达到90%以上"}),
    ("the goal of a change", "森林覆盖率力争比上年提高2个百分点", {"森林覆盖率": "力争比上年提高2个百分点"}),
    ("no unit", "森林覆盖率2020年指标", {"森林覆盖率": ""}),
    ("another clause", "提高森林覆盖率,完成造林5万亩", {"森林覆盖率": ""}),
    ("no indicator", "蓝天保卫战达到87%", {"蓝天保卫战": ""}),
]


@pytest.mark.parametrize(("label", "text", "expected"), VALUES, ids=[label for label, _, _ in VALUES])
def test_the_value_behind_an_indicator(label: str, text: str, expected: dict[str, str], matcher: Matcher) -> None:
    found = {match.term: match.value for match in matcher.match(text) if match.status == "counted"}
    assert {term: found.get(term) for term in expected} == expected


def test_a_lexicon_may_name_verbs_alone() -> None:
    own = replace(small_lexicon(["蓝天保卫战"]), context={"verb": ("打好",), "verb-ending": ("战",)})
    assert [match.verb for match in Matcher(own).match("坚决打好蓝天保卫战")] == ["打好"]


def test_a_place_whose_sense_is_open_has_no_verb(matcher: Matcher) -> None:
    text = "建设专项行动。"
    assert [(match.status, match.verb) for match in matcher.match(text)] == [("unresolved", "")]
    assert [(kind.status, kind.verb) for kind, _ in matcher.alike(matcher.count(text))] == [("unresolved", "")]


def test_verbs_found_together_are_those_found_one_by_one(lexicon: Lexicon) -> None:
    context, rng = Context(lexicon), random.Random(11)
    words = [word for role in ("verb", "adverb", "filler") for word in lexicon.context[role]]
    found = 0
    for _ in range(500):
        text = "".join(rng.choices([*words, "水", "、", "的", "😀"], k=12))
        places = [*range(0, len(text) + 1)]
        verbs = list(context.verbs_before(text, places))
        assert verbs == [context.verb_before(text, place) for place in places]
        found += sum(map(bool, verbs))
    assert found > 1_000


WORDS = {"verb": ("打好", "打", "推进"), "adverb": ("坚决", "全面"), "filler": ("好", "了")}
PHRASES = [
    ("adverbs belong to the verb behind them", "坚决全面推进", "坚决全面推进"),
    ("an adverb alone is none", "坚决", ""),
    ("the verb ends as late as it can", "打好", "打好"),
    ("what stands behind it is no part of it", "打好了好", "打好"),
    ("a word between ends it", "推进的打", "打"),
    ("no verb is longer than the reach", "坚决" * 20 + "打", "坚决" * 11 + "打"),
]


@pytest.mark.parametrize(("label", "text", "verb"), PHRASES, ids=[label for label, _, _ in PHRASES])
def test_a_verb_is_the_longest_row(label: str, text: str, verb: str) -> None:
    context = Context(replace(small_lexicon(["蓝天保卫战"]), context=WORDS))
    assert context.verb_before(text, len(text)) == verb
    assert list(context.verbs_before(text, [len(text)])) == [verb]
