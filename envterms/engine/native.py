"""The engine in C, for where the package was built with a compiler."""

from __future__ import annotations

from array import array

from envterms.engine._native import clean as _clean
from envterms.engine._native import fold, total
from envterms.engine._native import scan as _scan
from envterms.engine.cleaning import Ask, Cleaned
from envterms.engine.trie import Hits, Trie

__all__ = ["clean", "fold", "scan", "total"]


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text."""
    tables = (trie.classes, trie.base, trie.check, trie.out, trie.pairs)
    return Hits(*_scan(*tables, trie.forms, trie.longest, text))


def clean(text: str, classes: bytes, ask: Ask) -> Cleaned:
    """The text without its noise."""
    cleaned, starts, shifts, kinds = _clean(text, classes, ask)
    return Cleaned(cleaned, array("i", starts), array("i", shifts), kinds)
