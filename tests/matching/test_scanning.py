"""The fast ways give what the plain ones give, on random documents made of pieces of the lexicon, of noise and of rule words."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache, partial
from types import ModuleType
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from envterms import Document
from envterms.analysis import Selection, Settings, Tally, concordance, concordance_in_pieces, explanation, tally
from envterms.analysis.counting import Selected
from envterms.engine import Trie, build_trie, plain
from envterms.lexicon import Lexicon, SenseRule, load_lexicon
from envterms.matching import Alike, Match, Matcher
from envterms.normalizing import normalize_page, page_blocks
from envterms.normalizing.blocks import BLOCK
from tests.conftest import ENGINES, small_lexicon
from tests.matching.oracle import Oracle, tallied

JOINTS = [
    *"、，。；：！？和与及跟暨或的等“”《》()（）.0123456789一二三十百第轮个大",
    "以及", "\n", "\n\n", "\r\n", " ", "　　", "\t", "\u200b", "三大", "，，", "、、", "(县、区)", "（表）",
]  # fmt: skip
NOISE = [
    "(huán)", "（tài）", "（xiàng\n\nmù）", "\ufeff", "𠀀", "😀", "\ud800", "PM", "美丽", "条例", "实施方案", "专项行动", "环", "保", "水", "????",
    "<b>", "</b>", "<br/>", "<p>", "</p>\n\n<p>", "<p class='。'>", "<script>x。\n\ny</script>", "<!-- 。\n\n -->", "<", "&nbsp;", "&amp;nbsp;",
    "&#25112;", "&quot;", "&#10;", "&", "\\n", "\\r\\n", "\\", "〇", "▂", "*", "＊＊", "\ufffd", "\u2800", "国发〔2018〕22号", "\n〔2018〕22号", "达87.5%", "下降",
]  # fmt: skip
Pieces = tuple[list[str], list[str]]


@cache
def built_in() -> tuple[Lexicon, Matcher, Oracle]:
    lexicon = load_lexicon()
    return lexicon, Matcher(lexicon), Oracle(lexicon)


@cache
def pieces() -> Pieces:
    """Forms of the lexicon, and what its rules look for around them."""
    lexicon = built_in()[0]
    forms = [form for term in lexicon.terms.values() for form in term.forms]
    ruled = [*lexicon.senses, *(cue for rules in lexicon.senses.values() for rule in rules for cue in rule.cues)]
    shared = [text for family in lexicon.families for text in (family.shared, *family.members)]
    patterns = [
        word for pattern in lexicon.patterns.values() for word in (*pattern.before, *pattern.after, *pattern.holds)
    ]
    beside = [word for words in lexicon.context.values() for word in words]
    return forms, [*ruled, *shared, *patterns, *beside, *lexicon.places[:50]]


def document(rng: random.Random, length: int) -> str:
    """Forms whole and broken, rule words, joints and noise in any order, now and then in traditional characters or full width."""
    forms, words = pieces()
    out: list[str] = []
    for _ in range(length):
        kind = rng.random()
        if kind < 0.35:
            form = rng.choice(forms)
            cut = rng.randrange(len(form) + 1)
            out += rng.choice(
                [[form], [form], [form[:cut]], [form[cut:]], [form[:cut], rng.choice(JOINTS + NOISE), form[cut:]]]
            )
        else:
            out.append(rng.choice(words if kind < 0.6 else JOINTS if kind < 0.9 else NOISE))
    text = "".join(out)
    if rng.random() < 0.2:
        text = text.translate(
            {ord("环"): "環", ord("态"): "態", ord("环"): "環", ord("护"): "護", ord("发"): "發", ord("1"): "１"}
        )
    return text


HOW = st.builds(
    Settings,
    st.sampled_from(["longest", "all"]),
    per=st.sampled_from(["han", "sentences", "documents"]),
    keep_furniture=st.booleans(),
    repair=st.booleans(),
)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), HOW)
def test_the_matcher_gives_what_the_oracle_gives(seed: int, length: int, how: Settings) -> None:
    _, matcher, oracle = built_in()
    text = document(random.Random(seed), length)
    normalized = normalize_page(text, how.keep_furniture, how.repair)
    expected = oracle.match(text, normalized)
    assert matcher.match(text, normalized) == expected
    kinds: Counter[Alike] = Counter()
    for kind, times in matcher.alike(matcher.count(text, normalized)):
        kinds[kind] += times
    assert kinds == Counter(map(alike, expected))
    counted, told = tally(Document("d", text), matcher, how), tallied(Document("d", text), oracle, how)
    assert counted == told
    with patch("envterms.analysis.counting.token_count", lambda _: 0):
        index = tally(Document("d", text), matcher, replace(how, index=Selection().on(matcher.lexicon)))
    assert replace(index, tokens=0, sentences=0, sentences_hit=0) == counted


def alike(match: Match) -> Alike:
    return Alike(match.term, match.form, match.written, match.status, match.pattern, match.verb, match.repairs)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 100), st.integers(1, 500), st.integers(1, 300), HOW)
def test_blocks_of_any_size_give_what_the_whole_gives(
    seed: int, length: int, size: int, piece: int, how: Settings
) -> None:
    """Rules that look at the whole document too: cues anywhere in it, its furniture, series of which no term stands in one piece."""
    matcher = built_in()[1]
    rng = random.Random(seed)
    text = rng.choice(["\n\n", "\r\n\r\n", "\n　　", "。", "\n\n"]).join(document(rng, 5) for _ in range(length))
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    found = list(page_blocks(pieces, True, size))
    assert "".join(block.text for block in found) == text
    assert found == list(page_blocks([text], True, size))
    whole = Document("d", text)
    options = (matcher, Selection().on(matcher.lexicon))
    rest = {"keep_furniture": how.keep_furniture, "repair": how.repair}

    def results() -> tuple[object, ...]:
        rows = concordance(whole, *options, nested=how.nested, **rest), explanation(whole, *options, **rest)
        return tally(whole, matcher, how), *map(list, rows)

    expected = results()
    with patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=size)):
        assert results() == expected


UNBROKEN = {ord(character): "，" for character in "。\n\r\t\u3000"}
BETWEEN = ["", "，", "、", "；", "？", "\n", " ", "，打好", "和"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([*BETWEEN, "any"]), st.integers(1, 30), st.integers(50, 400), HOW)
def test_blocks_of_a_text_without_breaks_give_what_the_whole_gives(
    seed: int, between: str, length: int, size: int, how: Settings
) -> None:
    """Texts without 。 and without blank lines, also of commas alone, are cut where nothing is found across."""
    matcher = built_in()[1]
    rng = random.Random(seed)
    parts = [document(rng, rng.choice([1, 5])).translate(UNBROKEN) for _ in range(length)]
    text = "".join(part + (rng.choice(BETWEEN) if between == "any" else between) for part in parts)
    whole = Document("d", text)
    options = (matcher, Selection().on(matcher.lexicon))
    rest = {"keep_furniture": how.keep_furniture, "repair": how.repair}

    def results() -> tuple[Tally, ...]:
        rows = concordance(whole, *options, nested=how.nested, **rest), explanation(whole, *options, **rest)
        return tally(whole, matcher, how), *map(list, rows)

    expected = results()
    with (
        patch("envterms.normalizing.blocks._ENDLESS", size),
        patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=size)),
    ):
        found = results()
    assume(not found[0].warnings)
    assert found == expected


@pytest.mark.parametrize("per", ["han", "tokens", "sentences"])
@pytest.mark.parametrize(
    "text",
    [
        "打好蓝天保卫战，",
        "打好蓝天保卫战",
        "打好蓝天保卫战，落实河长制，" * 9 + "\n",
        "大气、水、土壤污染防治，",
        "蓝天，碧水，净土保卫战，",
        "打好蓝天、碧水、净土保卫战，",
        "A级企业，公布纳税信用，",
        "河 长 制 ",
        "推动《关于打赢蓝天保卫战的实施方案》落实、",
        "the PM2.5 of 2013, ",
    ],
)
def test_a_long_text_without_breaks_loses_nothing(text: str, per: str) -> None:
    """With margins and ends as long as they are, a paragraph a comma; a sentence that goes through all blocks is one."""
    matcher, how = built_in()[1], Settings(per=per)
    times = 3 * BLOCK // 10 // len(text)
    whole = Document("d", text * times)
    with (
        patch("envterms.normalizing.blocks._ENDLESS", BLOCK // 10),
        patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=BLOCK // 20)),
    ):
        found = tally(whole, matcher, how)
    assert found == tally(whole, matcher, how)
    assert found.forms.total() + found.rejected.total() >= times - 1


def test_a_text_that_can_be_cut_nowhere_is_cut_and_that_is_said() -> None:
    matcher = Matcher(small_lexicon(["蓝天保卫战"]))
    with (
        patch("envterms.normalizing.blocks._ENDLESS", 100),
        patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=50)),
    ):
        (warning,) = tally(Document("d", "蓝天" + "\u200b" * 300 + "保卫战"), matcher).warnings
    assert warning.startswith("d: ")
    assert "where a term may stand" in warning


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 300), st.integers(1, 200), st.integers(0, 40), HOW)
def test_a_concordance_in_pieces_is_that_of_the_whole(
    seed: int, length: int, size: int, piece: int, window: int, how: Settings
) -> None:
    matcher, selected = without_cues_of_documents()
    rng = random.Random(seed)
    breaks = ["\n\n", "\r\n\r\n", "\r\r", "\n　　", "。", "\n"]
    text = "首页 | 信息公开 | 联系我们\n" * rng.randrange(2) + "".join(
        document(rng, 5) + rng.choice(breaks) for _ in range(length)
    )
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    options = (matcher, selected, window, how.nested, how.keep_furniture, how.repair)
    whole = list(concordance(Document("d", text), *options))
    with patch("envterms.analysis.concordance.page_blocks", partial(page_blocks, size=size)):
        assert list(concordance_in_pieces("d", pieces, *options)) == whole


@cache
def without_cues_of_documents() -> tuple[Matcher, Selected]:
    """Which are sought in a block only."""
    lexicon = built_in()[0]
    senses = {form: tuple(rule for rule in rules if rule.where != "document") for form, rules in lexicon.senses.items()}
    lexicon = replace(lexicon, senses=senses)
    return Matcher(lexicon), Selection().on(lexicon)


def test_a_cue_anywhere_in_the_document_decides_in_every_block() -> None:
    rules = [
        SenseRule("环境部", "document", ("台湾",), "count", "台湾环境部"),
        SenseRule("环境部", "otherwise", (), "reject", ""),
    ]
    matcher = Matcher(small_lexicon(["环境部", "台湾环境部"], senses=rules))
    text = "环境部发布。\n\n环境部说明。\n\n臺灣的环境部。"
    whole = tally(Document("d", text), matcher)
    assert whole.forms == {("台湾环境部", "alias"): 3}
    with patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=8)):
        assert tally(Document("d", text), matcher) == whole


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), length=st.integers(2, 60))
def test_no_series_is_lost_by_what_the_engine_leaves_out(engine: ModuleType, seed: int, length: int) -> None:
    """Of text that is hardly more than members, shared parts and joints the series are the same whether the engine looks ahead or not."""
    matcher, rng = built_in()[1], random.Random(seed)
    forms, words = members()
    joints = ["、", "和", "以及", "及", "与", "或", "，", "等", "等三大", "两大", "(县、区)", "", "", "强化"]
    text = "".join(rng.choice(forms if rng.random() < 0.4 else words) + rng.choice(joints) for _ in range(length))
    with patch("envterms.engine.joinable", engine.joinable):
        found = matcher.match(text)
    with patch("envterms.engine.joinable", plain.joinable):
        assert matcher.match(text) == found


@cache
def members() -> Pieces:
    """Forms that end or begin with a shared part, and the pieces of them."""
    lexicon = built_in()[0]
    forms, words = [], []
    for family in lexicon.families:
        after = family.position == "after"
        for form in pieces()[0]:
            rest = form.removesuffix(family.shared) if after else form.removeprefix(family.shared)
            if rest and rest != form and len(form) < 12:
                forms.append(form)
                words += [rest, family.shared]
    return forms, words


@cache
def trie() -> Trie:
    return build_trie(list(built_in()[1].forms), ["等防治", "大工程", "美丽"])


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@settings(max_examples=500, deadline=None)
@given(seed=st.integers(0, 2**32), length=st.integers(0, 200))
def test_every_engine_finds_the_same(engine: ModuleType, seed: int, length: int) -> None:
    text = document(random.Random(seed), length)
    assert engine.scan(trie(), text) == plain.scan(trie(), text)


@pytest.mark.parametrize("engine", [plain, *ENGINES], ids=lambda engine: engine.__name__)
@settings(max_examples=500, deadline=None)
@given(
    forms=st.lists(st.text("的水大气𠀀a", min_size=1, max_size=9), min_size=1, unique=True),
    text=st.text("的水大气𠀀ab", max_size=40),
)
def test_small_alphabets(engine: ModuleType, forms: list[str], text: str) -> None:
    """Every form at every place, and the long ones across one 的, by the definition."""
    found = []
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            window = text[start:end]
            if window in forms:
                found.append((start, end, forms.index(window)))
            whole = window.replace("的", "")
            if window.count("的") == 1 and len(whole) >= 6 and "的" not in window[:2] + window[-2:] and whole in forms:
                found.append((start, end, len(forms) + forms.index(whole)))
    found.sort(key=lambda hit: (hit[0], -hit[1], hit[2]))
    assert list(zip(*engine.scan(build_trie(forms), text), strict=True)) == found
    first = len(forms) // 2
    assert engine.scan(build_trie(forms[:first], forms[first:]), text) == engine.scan(build_trie(forms), text)
