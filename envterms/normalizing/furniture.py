"""Navigation bars, breadcrumbs, share and copyright lines of scraped pages, told by shape and position, not by site.

Only the head of a page, before its first sentence, and its tail, after the last, are searched, and a line there must both look like
furniture and name it. So the text of an article is never lost; what is not recognised is counted like text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from envterms.normalizing.folding import fold
from envterms.normalizing.text import NormalizedText, normalize

_LINE = re.compile(r"[^\r\n]+")
_SENTENCE = re.compile(r"[。！？；!?]|[\u4e00-\u9fff][,，][\u4e00-\u9fff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
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
    """Half-open spans of the lines of `text` that are furniture, in order, without their newlines."""
    lines = [(found.start(), found.end(), found[0]) for found in _LINE.finditer(text) if not found[0].isspace()]
    first = next((place for place, (_, _, line) in enumerate(lines) if _is_prose(line)), None)
    if first is None:
        return []  # a list or a bare title: nothing tells its head from its body
    last = next(place for place in range(len(lines) - 1, -1, -1) if _is_prose(lines[place][2]))
    ends = [*range(first), *range(last + 1, len(lines))]
    return [lines[place][:2] for place in ends if _is_furniture(lines[place][2])]


def normalize_page(text: str, keep_furniture: bool = False, repair: bool = True) -> NormalizedText:
    """`normalize` with furniture left out as if a break stood there; every offset still leads to the original text.

    `repairs["furniture"]` counts the lines that were left out.
    """
    spans = [] if keep_furniture else furniture(text)
    if not spans:
        return normalize(text, repair)
    pieces, taken = [], 0
    for start, end in spans:
        pieces += [text[taken:start], "\n" * (end - start)]  # as long as the line, so that offsets stay
        taken = end
    normalized = normalize("".join(pieces) + text[taken:], repair)
    return replace(normalized, repairs={**normalized.repairs, "furniture": len(spans)})


def _is_prose(line: str) -> bool:
    if len(line) < _PROSE or len(_HAN.findall(line)) < _PROSE or not _SENTENCE.search(line):
        return False
    return len(line) > _ARTICLE or not (_NOTICE.search(normalize(line).text) or _is_menu(line))


def _is_furniture(line: str) -> bool:
    if len(line) > _ARTICLE:
        return False
    plain = normalize(line).text
    return _is_menu(line) or any(shape.search(plain) for shape in (_NOTICE, _PLACE, _SHARE))


def _is_menu(line: str) -> bool:
    """Three short items or more, without sentence marks, one of them a word of menus. A letter-spaced title has items of one character."""
    items = [item for item in _SPLIT.split(fold(line)) if item]
    if len(items) < 3 or re.search("[。,;!?]", fold(line)):
        return False
    long = any(len(_HAN.findall(item)) > 8 for item in items)
    letters = sum(len(item) == 1 for item in items)
    return not long and letters <= len(items) // 2 and bool(_MENU.search("".join(items)))
