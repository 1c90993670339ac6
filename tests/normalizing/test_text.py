"""Normalizing: what goes, what stays, and the way back."""

from functools import partial
from html import unescape
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms.engine import plain
from envterms.normalizing import count_han, fold, normalize
from envterms.normalizing.noise import begins_noise, noise_at, noise_of
from tests.conftest import ENGINES

GONE = [
    ("pinyin with tones", "環(huán)境", "环境"),
    ("pinyin without tones", "項(xiang)目(mu)", "项目"),
    ("doubled", "項目(mu)(mu)盲目", "项目盲目"),
    ("inner blank", "战( zhàn )略", "战略"),
    ("a syllable broken by a blank", "战(zh àn)略", "战略"),
    ("full-width brackets", "戰（zhàn）略", "战略"),
    ("a word at once", "工作（gōng zuò）方案", "工作方案"),
    ("a blank before the bracket", "戰 (zhàn)略", "战略"),
    ("ü, v and u for ü", "绿(lǜ)绿(lv)绿(lu)色", "绿绿绿色"),
    ("script letters of old fonts", "刚(ɡɑnɡ)性", "刚性"),
    ("capitals", "北(Běi)京", "北京"),
    ("a reading with a digit for the tone", "环(huan2)境", "环境"),
    ("zero-width and soft hyphen", "蓝\u200b天\u00ad保\ufeff卫战", "蓝天保卫战"),
    ("quotes", "“两高”项目", "两高项目"),
    ("corner brackets", "「綠在區區」", "绿在区区"),
    ("a line break in a term", "污染防\n治", "污染防治"),
    ("a line break with blanks around it", "污染防 \r\n  治", "污染防治"),
    ("letter spacing", "生 态　文 明", "生态文明"),
    ("no-break space", "PM\u00a02.5", "pm2.5"),
    ("a line break in PM2.5", "PM\n2.5", "pm2.5"),
    ("subscripts", "PM₂.₅", "pm2.5"),
    ("full width", "ＰＭ２.５、“2＋26”", "pm2.5、2+26"),
    ("inline tags", "蓝天<b>保卫</b>战<SPAN style='color:red'>三年</SPAN>", "蓝天保卫战三年"),
    ("one break tag is a line break", "污染<br/>防治", "污染防治"),
    ("entities of blanks", "蓝天&nbsp;保卫&amp;nbsp;战&#12288;略", "蓝天保卫战略"),
    ("entities of characters", "A&amp;B&ldquo;两高&rdquo;项目&#25112;&#x7565;", "a&b两高项目战略"),
    ("a comment", "环境<!-- 保护 -->保护", "环境保护"),
    ("a line break as JSON writes it", "大气\\r\\n污染\\n防治", "大气污染防治"),
    ("symbols pushed in", "蓝〇天保卫战,碧水保▂卫战,蓝*天,绿�色", "蓝天保卫战,碧水保卫战,蓝天,绿色"),
    ("bold in a list", "**大气**、**水**、**土壤**污染防治", "**大气、水、土壤污染防治"),
    ("bold as Markdown writes it", "打赢**蓝天保卫战**三年", "打赢蓝天保卫战三年"),
    ("doubled marks", "蓝天、、碧水，，净土", "蓝天、碧水,净土"),
]
STAYS = [
    ("a shape between titles", "文库◆记住★环境■■保护", "文库◆记住★环境■■保护"),
    ("an abbreviation that is no reading", "细颗粒物(PM2.5)", "细颗粒物(pm2.5)"),
    ("Han in brackets", "清洁柴油车(机)", "清洁柴油车(机)"),
    ("a name", "编辑(Wendy)", "编辑(wendy)"),
    ("an acronym", "考核(kpi)有机物(VOCs)", "考核(kpi)有机物(vocs)"),
    ("a reading of another character", "环(jìng)境", "环(jìng)境"),
    ("a lost character before its reading", "l(fā)表", "l(fā)表"),
    ("a blank line", "环境\n\n保护", "环境\n保护"),
    ("a table cell", "环境\t保护", "环境\n保护"),
    ("an indented paragraph", "环境\n　　保护", "环境\n保护"),
    ("督察 and 督查", "督察督查", "督察督查"),
    ("paragraph tags", "环境</p><p>保护", "环境\n保护"),
    ("two break tags", "环境<br><br>保护", "环境\n保护"),
    ("a cell tag", "环境<td class=x>保护", "环境\n保护"),
    ("a blank line as JSON writes it", "环境\\n\\n保护", "环境\n保护"),
    ("a script", "环境<script>var 环评 = 1;</script>保护", "环境\n保护"),
    ("a tag that is none", "细颗粒物<PM2.5>", "细颗粒物<pm2.5>"),
    ("an entity that is none", "环境&保护&unknown;", "环境&保护&unknown;"),
    ("zero in numbers", "二〇二一年一百〇三", "二〇二一年一百〇三"),
    ("bullets and marks beside a blank", "■ 大气 ● 水", "■大气●水"),
    ("marks that separate words", "低碳·生活,水→气,大气|水", "低碳·生活,水→气,大气|水"),
    ("a folder", "C:\\new", "c:\\new"),
]


@pytest.mark.parametrize(("label", "text", "expected"), GONE + STAYS, ids=[label for label, _, _ in GONE + STAYS])
def test_what_goes_and_what_stays(label: str, text: str, expected: str) -> None:
    assert normalize(text).text == expected


def test_a_lost_byte_does_not_swallow_what_follows() -> None:
    assert normalize("攻堅戰(zhàn)??h委書記").text == "攻坚战??h委书记"
    assert normalize("攻堅戰(zh??h委書記(jì)").text == "攻坚战(zh??h委书记"


def test_spans_lead_back_to_the_original() -> None:
    text = "會：藍(lán)天\n保衛戰(zhàn)，“两高”项目"
    normalized = normalize(text)
    assert normalized.text == "会:蓝天保卫战,两高项目"

    def original(form: str) -> str:
        start = normalized.text.index(form)
        left, right = normalized.original_span(start, start + len(form))
        return text[left:right]

    assert original("蓝天保卫战") == "藍(lán)天\n保衛戰"  # noise inside the term stays, behind it not
    assert original("两高项目") == "两高”项目"
    assert original("会") == "會"


def test_clean_text_costs_nothing() -> None:
    normalized = normalize("打好污染防治攻坚战。")
    assert not normalized.gap_starts
    assert normalized.original_span(2, 7) == (2, 7)


def test_repairs_are_counted() -> None:
    assert normalize("環(huán)境\u200b\u200b質(zhì)量(PM2.5)").repairs == {"reading": 2, "invisible": 1}


def test_without_repair_only_quotes_go() -> None:
    text = "藍(lán)天\n保\u200b卫<b>战</b>、“两高”项目、蓝*天"
    assert normalize(text, repair=False).text == "蓝(lán)天\n保\u200b卫<b>战</b>、两高项目、蓝*天"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("蓝天保卫战", ()),
        ("PM2.5", ()),  # case is no repair
        ("藍天", ("script",)),
        ("２＋２６", ("width",)),
        ("环(huán)境\u200b保\n护", ("invisible", "reading", "space")),
        ("“两高”项目", ("quote",)),
        ("蓝<b>天</b>保&#21355;战", ("markup",)),
        ("蓝*天\\n保", ("escape", "symbol")),
    ],
)
def test_what_was_mended_in_a_span(text: str, expected: tuple[str, ...]) -> None:
    normalized = normalize(text)
    assert normalized.repairs_in(0, len(normalized.text), text) == expected


def test_han_characters() -> None:
    assert count_han("2020年,PM2.5下降〇、𠮷abc") == 5


NOISE = st.sampled_from(
    [
        "(lán)",
        "（tian）",
        "\u200b",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\n\n",
        "\n　　",
        "“",
        "”",
        "\u00ad",
        "(",
        ")",
        "(机)",
        "??h",
        "<b>",
        "</p>",
        "<br>",
        "&nbsp;",
        "&#25112;",
        "&amp;",
        "\\r\\n",
        "▂",
        "*",
        "〇",
        "、、",
        "<",
        "\\",
    ]
)
TEXT = st.lists(
    st.one_of(st.text(alphabet="蓝藍天保衛卫戰战環境PM2.5０，、。𠮷", max_size=5), NOISE, st.text(max_size=3)),
    max_size=30,
).map("".join)


@given(TEXT)
def test_every_character_is_found_again_in_the_original(text: str) -> None:
    normalized = normalize(text)
    places = [normalized.original(position) for position in range(len(normalized.text))]
    assert places == sorted(set(places))  # strictly rising
    for position, (character, place) in enumerate(zip(normalized.text, places, strict=True)):
        if position in normalized.widths:
            assert fold(unescape(text[place : place + normalized.widths[position]])) == character
        elif character == "\n":
            assert text[place].isspace() or text[place] in "<&\\\u2800\u3164"
        else:
            assert fold(text[place]) == character


@given(TEXT, TEXT)
def test_a_hard_break_separates(left: str, right: str) -> None:
    # Pieces on both sides of a blank line are normalized as if alone, up to the white space at the seam.
    whole = normalize(left + "。\n\n。" + right).text
    assert whole == normalize(left + "。").text + "\n" + normalize("。" + right).text


NOISY = st.lists(
    st.sampled_from(
        [
            "环",
            "境",
            "绿",
            "女",
            "略",
            "huán",
            "huan2",
            "jing",
            "lv",
            "lu",
            "nǚ",
            "nv̈e",
            "u\u0308",
            "zh",
            "uang",
            *"(（)） \n4'-",
        ]
    )
).map("".join) | st.text(st.sampled_from("环(（huán)）“” \n\u3000\u200b\u2800a<b>&;#x\\*〇'\"\t\r,，、é5"))


@given(NOISY)
def test_noise_begins_with_what_it_may_begin_with(text: str) -> None:
    found = {place: noise_at(text, place) for place in range(len(text)) if text[place] not in ",，、;；"}
    assert all(begins_noise(text[place]) for place, noise in found.items() if noise)


# Tags, entities and escapes at the edges of what they may be.
MARKUP = [
    "<p>", "</p>", "<P class='a b'>", "<br>", "<br/>", "</br>", "<BR >", "<span style=\"x\">", "</span>", "<o:p>", "</o:p>", "<o:x>", "<st1:city>",
    "<st1:>", "<a:b>", "<a href='>'>", "<a\nhref=1>", "<script>var a;\n</script>", "<script>a<b</script>", "<style>x</style>", "<style>x</script>",
    "<SCRIPT src=a>", "</script>", "<!-- a -->", "<!-- a > b -->", "<!---->", "<!-->", "<!-- a -- b --->", "<!-- < -->", "<!DOCTYPE html>", "<x>",
    "<px>", "<p中>", "<p ", " <", "<1>", "<h1>", "<h7>", "<hr>", "<em>", "<ſpan>", "<p" + "x" * 399 + ">", "<p " + "x" * 399 + ">",
    "<p " + "x" * 400 + ">", "<!--" + "x" * 4000 + "-->", "<!--" + "x" * 4001 + "-->", "<script>" + "x" * 20_000 + "</script>",
    "<script>" + "x" * 20_001 + "</script>", " ", "\n", "\r\n", "\r", "\u3000", "\t", "\xa0", "\x0b", "\u2028", "&nbsp;", "&NBSP;", "&amp;nbsp;",
    "&AMP;nbsp;", "&amp;amp;nbsp;", "&#10;", "&#013;", "&#9;", "&#x0A;", "&#xd;", "&#Xa0;", "&#12288;", "&#12289;", "&quot;", "&#8220;", "&#25112;",
    "&#x6218;", "&#1234567;", "&#12345678;", "&#x20000;", "&#55296;", "&#64976;", "&#65533;", "&#65534;", "&#8203;", "&#300", "&#128;", "&#xffffffff;",
    "&amp;#25112;", "&#025112;", "&#0;", "&", "&amp;", "&x;", "&nbsp", "\\n", "\\r", "\\t", "\\r\\n", "\\nn", "\\r\\na", "\\", "中", "文", "a", "。",
    "“", ">", "-", "--", "-->", "(zhōng)", "*", "；；", "\u200b",
]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@settings(max_examples=500)
@given(st.one_of(TEXT, NOISY, st.lists(st.sampled_from(MARKUP), max_size=12).map("".join)), st.booleans())
def test_all_engines_leave_out_the_same(engine: ModuleType, text: str, repair: bool) -> None:
    noise, ask = noise_of(text, repair), partial(noise_at, text)
    assert engine.clean(text, noise, ask) == plain.clean(text, noise, ask)
