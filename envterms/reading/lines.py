"""Offsets -> lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

_NEWLINE = re.compile("\r\n|[\n\r]")


class Lines:
    """Where the lines of a text begin. `\\n`, `\\r\\n` and `\\r` end a line, as editors count them."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points.

        >>> Lines("蓝天\\r\\n碧水").place(5)
        (2, 2)
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
