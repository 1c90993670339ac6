"""Text of documents made harmless for where it is shown."""

from __future__ import annotations

import re
import sys

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE = re.compile(r"\s+")
_NUMBER = r"[+-](?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_FORMULA = frozenset("=+-@\t\r＝＋－＠")


def printable(text: str) -> str:
    """`text` for a terminal: white space as single blanks, control and bidirectional characters as a visible ␛ or �.

    >>> printable("蓝天\\n\\x1b[31m保卫战")
    '蓝天 ␛[31m保卫战'
    """
    return _CONTROL.sub(lambda found: "␛" if found[0] == "\x1b" else "�", _WHITE.sub(" ", encodable(text)))


def encodable(text: str, backslash: str = "\\") -> str:
    r"""`text` with what UTF-8 cannot hold, such as a byte of a file name in another encoding, as \udcb1, which standard output shows too.

    `backslash` is what stands for one in the format that is written.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(lambda half: f"{backslash}u{ord(half[0]):04x}", text)
    return text


def say(text: str) -> None:
    """Prints one line on standard error, whatever the names of files and terms in it hold."""
    print(printable(text), file=sys.stderr)


def inert(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: what looks like a formula and is no number gets an apostrophe in front.

    >>> inert("=cmd()"), inert("2+26"), inert("-0.5")
    ("'=cmd()", '2+26', '-0.5')
    """
    return "'" + text if text[:1] in _FORMULA and not re.fullmatch(_NUMBER, text) else text
