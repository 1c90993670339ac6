"""Dates as the lexicon writes them: YYYY, YYYY-MM or YYYY-MM-DD."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def is_date(text: str) -> bool:
    """Whether `text` is a day, month or year that there is.

    >>> is_date("2020-02-29"), is_date("2018-02-30"), is_date("2018/2/3")
    (True, False, False)
    """
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def is_later(one: str, other: str) -> bool:
    """Whether a date is surely later than another; an empty date is never known to be.

    >>> is_later("2018-06", "2018-05-31"), is_later("2018-06", "2018"), is_later("2018", "")
    (True, False, False)
    """
    known = min(len(one), len(other))
    return one[:known] > other[:known]
