"""Offsets -> lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

_NEWLINE = re.compile("\r\n|[\n\r]")


class Lines:
    """Where the lines of a text begin. `\\n`, `\\r\\n` and `\\r` end a line, as editors count them. The text may be a part of another that
    begins there at `line` and `column`.
    """

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        self._starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]
        self._length = len(text)
        self._first = line, column

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points.

        >>> Lines("蓝天\\r\\n碧水").place(5)
        (2, 2)
        """
        row = bisect_right(self._starts, offset)
        line, column = self._first
        return line + row - 1, offset - self._starts[row - 1] + (column if row == 1 else 1)

    @property
    def end(self) -> tuple[int, int]:
        """Line and column of what follows the text."""
        return self.place(self._length)
