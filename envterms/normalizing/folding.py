"""Characters that count as the same character: scripts, variants, width, case. Always one to one, so offsets stay."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from envterms import cache, engine

#: Han characters, written as between the brackets of a regular expression.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

#: What folding may mend; the case of letters is not worth telling.
FOLDED = ("", "script", "width")


def fold(text: str) -> str:
    """`text` with every character replaced by the one that stands for its class; the length never changes.

    >>> fold("藍天保衛戰，ＰＭ２.５")
    '蓝天保卫战,pm2.5'

    This is not a conversion for readers: 乾 becomes 干 and 徵 becomes 征 whatever the word, which does no harm as long as the
    lexicon is folded in the same way.
    """
    return engine.fold(folded(), text)


def folded() -> memoryview:
    """For each code point up to the last that changes what it becomes."""
    return _tables()[0]


def marks() -> memoryview:
    """For each code point up to the last that changes the place in FOLDED of what folding it mends."""
    return _tables()[1]


def ranges(members: str) -> Iterator[range]:
    """The code points of a set of characters written as between the brackets of a regular expression."""
    return (range(ord(first), ord(last or first) + 1) for first, last in re.findall("(?s)(.)(?:-(.))?", members))


def is_han(character: str) -> bool:
    """Whether it is a Han character."""
    return any(ord(character) in codes for codes in _HAN)


@lru_cache
def folding() -> dict[int, str]:
    """Code point -> the character that it becomes, for those that change.

    The table is that which generate.py wrote: a line holds the character that stands for the class, a tab, and the others.
    """
    table = Path(__file__).with_name("characters.tsv").read_text(encoding="utf-8")
    classes: dict[int, str] = {}
    for line in table.rstrip("\n").split("\n"):
        representative, _, others = line.partition("\t")
        classes.update(dict.fromkeys(map(ord, others), representative))
    return classes


@lru_cache
def _tables() -> tuple[memoryview, memoryview]:
    """For every code point up to the last that changes: what it becomes, and the place in FOLDED of what that mends."""
    kept = cache.load("characters", "")
    if kept is None:
        table = array("I", range(max(folding()) + 1))
        marks = bytearray(len(table))
        for code, representative in folding().items():
            table[code] = ord(representative)
            if chr(code).lower() != representative:
                marks[code] = 1 if is_han(chr(code)) else 2 * chr(code).isalnum()
        kept = {"table": memoryview(table).cast("B"), "marks": memoryview(marks)}
        cache.store("characters", "", kept)
    return kept["table"].cast("I"), kept["marks"]


_HAN = tuple(ranges(HAN))
