"""Navigation bars, breadcrumbs, share and copyright lines of scraped pages, told by shape and position, not by site.

Only the head of a page, before its first sentence, and its tail, after the last, are searched, and a line there must both look like
furniture and name it. So the text of an article is never lost; what is not recognised is counted like text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from envterms import engine
from envterms.normalizing.blocks import BLOCK, Apart, Edge, blocks
from envterms.normalizing.folding import fold
from envterms.normalizing.text import NormalizedText, normalize, plain_text

#: How far from its beginning and its end a long text is searched, in characters; no page is longer than twice that.
REACH = BLOCK // 2

_MARKS = frozenset("。,;!?")  # of a sentence or clause, folded
_SENTENCE_MARKS = frozenset("。！？；!?")
_PROSE = 20  # Han characters that a line with a sentence mark needs to be taken for running text
_ARTICLE = 400  # a longer line is text whatever it holds: some pages put an article and its notice into one line

# What a page says of itself. A line that is prose counts as furniture in the tail only with one of the notices. All shapes are
# looked for in the line as it is normalized: folded, without readings, quotes and blanks.
_NOTICE = re.compile(
    r"版权(所有|声明|归|均属|等?问题|争议)|copyright|©|icp备|icp证|公网安备|未经(书面)?(授权|许可|同意)|免责声明|特此声明|转载请(注明|联系)|"
    r"如需转载|本(网|站|报)(注明|转载|声明|所有|讯息)|违法和不良信息举报|网站标识码|侵权.{0,12}(删除|联系)|技术支持:|主办单位:"
)
_PLACE = re.compile(r"位置:|首页(>|»|›|→|-|/)|[^>]>[^>]+>")
_SHARE = re.compile(
    r"分享(到|至)|字(号|体)[:\[【]|打印本页|打印关闭|关闭(本页|窗口)|收藏本(页|站)|扫(一|描)扫?.{0,6}(二维码|微信)|微信扫码|"
    r"上一(篇|条):|下一(篇|条):|相关(链接|阅读|新闻|附件):?$|推荐阅读|(点击|阅读|浏览)(数|量|次数|率):|返回(顶部|首页|列表)|无障碍浏览|人气:"
)
_MENU = re.compile(
    r"首页|主页|网站(首页|地图|导航)|(联系|联络)(我们|方式)|关于(我们|本站)|登录|登入|注册|邮箱|english|手机版|移动版|电脑版|客户端|"
    r"设为首页|加入收藏|简体|繁体|政务(公开|服务)|信息公开|旗下栏目|栏目|频道|友情链接|招聘|广告(服务|合作)|rss|意见反馈|网页指南|微博|微信"
)
_SPLIT = re.compile(r"[\s|｜/·•>»›]+|--+")


def furniture(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the lines of `text` that are furniture, in order, without their newlines.

    Of a text of more than twice REACH characters only the first and the last REACH are searched.
    """
    if len(text) <= 2 * REACH:
        lines = _lines(text)
        first = next((place for place, line in enumerate(lines) if _is_prose(line[2])), None)
        if first is None:
            return []  # a list or a bare title: nothing tells its head from its body
        last = next(place for place in range(len(lines) - 1, -1, -1) if _is_prose(lines[place][2]))
        return [line[:2] for line in (*lines[:first], *lines[last + 1 :]) if _is_furniture(line[2])]
    behind = len(text) - REACH
    return _in_head(text[:REACH]) + [(start + behind, end + behind) for start, end in _in_tail(text[behind:])]


def normalize_page(text: str, keep_furniture: bool = False, repair: bool = True) -> NormalizedText:
    """`normalize` with furniture left out as if a break stood there; every offset still leads to the original text.

    `repairs["furniture"]` counts the lines that were left out.
    """
    spans = [] if keep_furniture else furniture(text)
    normalized = normalize(_blank(text, spans), repair)
    return replace(normalized, repairs={**normalized.repairs, "furniture": len(spans)}) if spans else normalized


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page that no match runs across, from `start` on; `removed` is the number of lines of furniture that were left out since
    the last block, `lines` are those in this one, each with its place in `text` and what stood there. `edge` says how it is cut from the
    one before.
    """

    text: str
    removed: int = 0
    start: int = 0
    lines: tuple[tuple[int, str], ...] = ()
    edge: Edge = Edge.BREAK

    @property
    def original(self) -> str:
        """The text as it stands in the page."""
        pieces, taken = [], 0
        for place, line in self.lines:
            pieces += [self.text[taken:place], line]
            taken = place + len(line)
        return "".join(pieces) + self.text[taken:] if pieces else self.text

    def normalized(self, repair: bool = True) -> NormalizedText:
        """As of `normalize_page`."""
        plain = normalize(self.text, repair)
        return replace(plain, repairs={**plain.repairs, "furniture": self.removed}) if self.removed else plain


def page_blocks(
    pieces: Iterable[str],
    keep_furniture: bool = False,
    size: int = BLOCK,
    head: bool = True,
    tail: bool = True,
    apart: Apart | None = None,
) -> Iterator[Block]:
    """The text that the pieces make, in blocks of about `size` characters, with white space in place of its furniture.

    What is found in the blocks is what is found in `normalize_page` of the whole, while only some blocks are in memory. The text may be a
    part of a page, with its `head`, its `tail` or neither; then it has more than twice REACH characters. `apart` says where a text without
    breaks may be cut.
    """
    removed: list[tuple[int, str]] = []  # places in the page, and the lines that stood there
    told = start = 0
    pieces = pieces if keep_furniture else _without_furniture(pieces, removed, head, tail)
    for block, edge in blocks(pieces, size, apart):
        end = start + len(block)
        lines = (
            (max(place - start, 0), line[max(start - place, 0) : end - place])
            for place, line in removed
            if place < end and start < place + len(line)
        )
        yield Block(block, len(removed) - told, start, tuple(lines), edge)
        told, start = len(removed), end


def _without_furniture(pieces: Iterable[str], removed: list[tuple[int, str]], head: bool, tail: bool) -> Iterator[str]:
    """The pieces with furniture blanked out; the last REACH characters of a page are held back until the end is known."""
    held, given = "", 0

    def blank(spans: list[tuple[int, int]]) -> str:
        removed.extend((given + start, held[start:end]) for start, end in spans)
        return _blank(held, spans)

    for piece in pieces:
        held += piece
        if head and len(held) > 2 * REACH:
            head = False
            held = blank(_in_head(held[:REACH]))
        if not head:
            known = max(0, len(held) - REACH) if tail else len(held)
            yield held[:known]
            given += known
            held = held[known:]
    yield blank(furniture(held) if head else _in_tail(held)) if tail else held


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, taken = [], 0
    for start, end in spans:
        pieces += [text[taken:start], "\n" * (end - start)]  # as long as the line, so that offsets stay
        taken = end
    return "".join(pieces) + text[taken:] if pieces else text


def _lines(text: str) -> list[tuple[int, int, str]]:
    lines, start = [], 0
    for line in text.replace("\r", "\n").split("\n"):
        if line and not line.isspace():
            lines.append((start, start + len(line), line))
        start += len(line) + 1
    return lines


def _in_head(text: str) -> list[tuple[int, int]]:
    """The furniture at the beginning of a long text, before its first prose; none if that does not come soon."""
    lines = _lines(text)[:-1]  # the last may be cut
    first = next((place for place, line in enumerate(lines) if _is_prose(line[2])), 0)
    return [line[:2] for line in lines[:first] if _is_furniture(line[2])]


def _in_tail(text: str) -> list[tuple[int, int]]:
    lines = _lines(text)[1:]
    last = next((place for place in range(len(lines) - 1, -1, -1) if _is_prose(lines[place][2])), len(lines))
    return [line[:2] for line in lines[last + 1 :] if _is_furniture(line[2])]


def _is_prose(line: str) -> bool:
    if len(line) < _PROSE or _count_han(line) < _PROSE or (_SENTENCE_MARKS.isdisjoint(line) and not _has_clauses(line)):
        return False
    return len(line) > _ARTICLE or not _NOTICE.search(plain_text(line))


def _is_furniture(line: str) -> bool:
    return len(line) <= _ARTICLE and _is_known_furniture(line)


@lru_cache(1 << 12)  # the pages of a site share their menus and notices
def _is_known_furniture(line: str) -> bool:
    plain = plain_text(line)
    return _is_menu(line) or any(shape.search(plain) for shape in (_NOTICE, _PLACE, _SHARE))


def _is_menu(line: str) -> bool:
    """Three short items or more, without sentence marks, one of them a word of menus. A letter-spaced title has items of one character."""
    folded = fold(line)
    if not _MARKS.isdisjoint(folded):
        return False
    items = [item for item in _SPLIT.split(folded) if item]
    if len(items) < 3:
        return False
    long = any(len(item) > 8 and _count_han(item) > 8 for item in items)
    letters = sum(len(item) == 1 for item in items)
    return not long and letters <= len(items) // 2 and bool(_MENU.search("".join(items)))


def _has_clauses(line: str) -> bool:
    """Whether a comma stands between Han characters."""
    return any(line[at] in ",，" and _count_han(line[at - 1 : at + 2]) == 2 for at in range(1, len(line) - 1))


def _count_han(text: str) -> int:
    return engine.total(_weights(), text)


@cache
def _weights() -> bytes:
    """Of the characters that most texts are made of; an expression for them takes 1 ms to compile."""
    return bytes(0x4E00) + b"\1" * (0xA000 - 0x4E00) + b"\0"
