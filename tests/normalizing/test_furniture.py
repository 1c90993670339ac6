"""Furniture of web pages: what goes, and that article text never does."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms.normalizing import furniture, normalize_page, page_blocks

ARTICLE = (
    "5月7日,东川市召开重点流域水污染防治工作推进会,部署入河排污口整治工作。",
    "会议要求,严守水环境质量底线,推进城镇污水处理提质增效,加快补齐管网短板。",
)
FURNITURE = [
    "首页 资讯 水务 大气 固废 绿色发展 自然资源",
    "首页 | 要闻 | 绿色发展 | 联系我们",
    "首頁　最新消息　環境保護　聯絡我們",
    "当前位置: 首页 > 新闻中心 > 正文",
    "您所在的位置：首页 >> 生态环境 >> 工作动态",
    "Copyright © 2017-2019 某某网 版权所有",
    "京ICP备12345678号-1",
    "分享到: 微信 微博",
    "上一篇：关于绿色发展的通知",
    "版权声明:本网注明来源为“某某网”的文字、图片,版权均属本站所有,转载请注明出处。",
    "特此聲明:",
    "字号：[大 中 小] 打印本页 关闭窗口",
]
TEXT = [
    "东川市部署绿色发展工作",
    "生 态 文 明 建 设 简 报",
    "（2022年5月7日）",
    "张三 李四 王五 赵六",
    "一、总体要求",
    "附件：1. 任务分工表 2. 责任清单",
    "大气 水 土壤 固废",
    "责任编辑：周敏",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_left_out_at_the_head_and_the_tail(line: str) -> None:
    for text in ("\n".join((line, *ARTICLE)), "\r\n".join((*ARTICLE, line))):
        assert [text[start:end] for start, end in furniture(text)] == [line]


@pytest.mark.parametrize("line", TEXT)
def test_headings_names_and_lists_stay(line: str) -> None:
    for text in ("\n".join((line, *ARTICLE)), "\n".join((*ARTICLE, line))):
        assert furniture(text) == []


@pytest.mark.parametrize("line", FURNITURE)
def test_between_sentences_nothing_is_furniture(line: str) -> None:
    assert furniture("\n".join((ARTICLE[0], line, ARTICLE[1]))) == []


def test_a_text_without_sentences_is_left_alone() -> None:
    assert furniture("\n".join(FURNITURE)) == []


def test_an_article_in_one_line_with_its_notice_is_kept() -> None:
    assert furniture("标题\n" + "".join(ARTICLE) * 12 + "版权所有 未经授权不得转载") == []


def test_readings_in_a_notice_do_not_hide_it() -> None:
    text = "\n".join((*ARTICLE, "本網(wǎng)轉(zhuǎn)載并注明自其他來源的作品,并不代表本網(wǎng)贊同其觀點。"))
    assert len(furniture(text)) == 1


def test_offsets_lead_to_the_original() -> None:
    text = "\n".join((FURNITURE[0], *ARTICLE, FURNITURE[1]))
    normalized = normalize_page(text)
    assert "绿色发展" not in normalized.text
    assert normalized.repairs == {"furniture": 2}
    start = normalized.text.index("水污染防治")
    left, right = normalized.original_span(start, start + 5)
    assert text[left:right] == "水污染防治"
    assert "绿色发展" in normalize_page(text, keep_furniture=True).text


@given(st.lists(st.sampled_from([*FURNITURE, *TEXT, *ARTICLE, ""]), max_size=12))
def test_no_sentence_of_an_article_is_ever_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    dropped = {text[start:end] for start, end in furniture(text)}
    assert dropped <= set(FURNITURE)


@given(
    st.lists(st.sampled_from([*FURNITURE, *TEXT, *ARTICLE, ""]), max_size=40),
    st.integers(1, 400),
    st.integers(1, 99),
    st.integers(1, 400),
)
def test_furniture_in_pieces_and_blocks(lines: list[str], reach: int, piece: int, size: int) -> None:
    """Whatever the pieces that a text comes in, its head and its tail are searched as those of the whole are."""
    text = "\n".join(lines)
    with patch("envterms.normalizing.furniture.REACH", reach):
        whole = normalize_page(text)
        pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
        found = [(block.text, block.normalized()) for block in page_blocks(pieces, size=size)]
    assert sum(len(block) for block, _ in found) == len(text)
    assert sum((Counter(plain.repairs) for _, plain in found), Counter()) == Counter(whole.repairs)
    assert "".join(plain.text for _, plain in found).replace("\n", "") == whole.text.replace("\n", "")


def test_only_the_ends_of_a_long_text_are_searched() -> None:
    article = "\n".join(ARTICLE) * 3000
    assert len(furniture("\n".join((FURNITURE[0], article, FURNITURE[1], article, FURNITURE[1])))) == 2
