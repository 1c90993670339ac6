"""What is well-formed and yet hardly right: counts that do not fit, characters of the other script, what a spreadsheet did to a cell."""

from __future__ import annotations

import re

from envterms.normalizing import fold

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2, "双": 2}
#: Not a number of members: the ordinal 第一, 一体 and 一批, the second half of 百分之百 and 三合一, five-year plans, years and units.
_NUMERAL = re.compile(
    r"""十[一二三四五六]五 | [一七八九十]五(?=规划|计划|期间|时期)
      | (?<![第个合之百千万〇])(?P<han>[一二三四五六七八九十两双]+)(?![百千万亿〇]|分之|体|批)
      | (?<![\w.]) (?P<arabic>\d{1,2}) (?![\w.%℃])""",
    re.VERBOSE | re.ASCII,
)
_DAMAGE = re.compile(
    r"""\d{4}/\d{1,2}/\d{1,2} | \d{1,2}/\d{1,2}/\d{2,4} | (\d{4}年)?\d{1,2}月(\d{1,2}日)?
      | \d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) | (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{1,2}
      | \d+(\.\d+)?E[+-]?\d+ | \d+\.0+ | \#+ | \#(NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!) | .*\ufffd.*""",
    re.VERBOSE | re.IGNORECASE,
)
_BAD_NUMBER = re.compile(r"[\[(（［【]\d{4}[\])）］】]\s*第?\d+号|〔(?!\d{4}〕)\d*")


def members_announced(term: str) -> int | None:
    """How many members a numeric abbreviation announces, or None if it announces none.

    >>> members_announced("三线一单"), members_announced("2+26城市"), members_announced("三合一审判"), members_announced("河长制")
    (4, 28, 3, None)
    """
    numbers = [_value(found["han"]) if found["han"] else int(found["arabic"] or 0) for found in _NUMERAL.finditer(term)]
    return sum(numbers) or None


def traditional_characters(form: str) -> str:
    """The characters of `form` that are not simplified ones.

    >>> traditional_characters("環境保护")
    '環'
    """
    return "".join(character for character in form if fold(character) != character and _is_outside_gb2312(character))


def spreadsheet_damage(value: str) -> bool:
    """Whether the whole value is what a spreadsheet makes of another one: 2-26 becomes 2月26日, a long number 1.2E+11.

    >>> spreadsheet_damage("2月26日"), spreadsheet_damage("2+26")
    (True, False)
    """
    return _DAMAGE.fullmatch(value) is not None


def malformed_number(text: str) -> str | None:
    """The first document number in `text` that is not of the form 国发〔2018〕22号.

    >>> malformed_number("见国发[2018]22号"), malformed_number("见国发〔2018〕22号")
    ('[2018]22号', None)
    """
    found = _BAD_NUMBER.search(text)
    return found[0] if found else None


def _value(numeral: str) -> int:
    """The value of 十五 or 二十; of digits in a row, such as 三三二, their sum."""
    tens, ten, ones = numeral.partition("十")
    if ten and len(tens) < 2 and len(ones) < 2:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return sum(_DIGITS[digit] for digit in numeral)


def _is_outside_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return "\u3400" <= character <= "\u9fff"
    return False
