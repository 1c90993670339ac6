"""Characters that count as the same character: scripts, variants, width, case. Always one to one, so offsets stay."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def fold(text: str) -> str:
    """`text` with every character replaced by the one that stands for its class; the length never changes.

    >>> fold("藍天保衛戰，ＰＭ２.５")
    '蓝天保卫战,pm2.5'

    This is not a conversion for readers: 乾 becomes 干 and 徵 becomes 征 whatever the word, which does no harm as long as the
    lexicon is folded in the same way.
    """
    return text.translate(_classes())


@cache
def _classes() -> dict[int, str]:
    """The table that generate.py wrote: a line holds the character that stands for the class, a tab, and the others."""
    table = files("envterms.normalizing").joinpath("characters.tsv").read_text(encoding="utf-8")
    classes: dict[int, str] = {}
    for line in table.rstrip("\n").split("\n"):
        representative, _, others = line.partition("\t")
        classes.update(dict.fromkeys(map(ord, others), representative))
    return classes
