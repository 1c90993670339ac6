"""The loops over every character and every hit of a text, in the fastest way there is.

Each engine is a module with the functions of the class Engine, which give the same results in all of them: `native` in C, if the package
was built with a compiler, or else `arrays` with NumPy, for which `plain` does the first pages, since it takes longer to import NumPy
than to read them, and whatever is short. ENVTERMS_ENGINE names one to be used whatever there is.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from envterms.engine import plain
from envterms.engine.cleaning import Ask, Cleaned, Noise
from envterms.engine.hits import FOLDED, REPAIRS, Asked, Hits, Numbers
from envterms.engine.trie import Trie, build_trie
from envterms.errors import EnvtermsError, UnknownName

ENGINES = ("native", "arrays", "plain")

__all__ = [
    "ENGINES", "FOLDED", "REPAIRS", "Cleaned", "Hits", "Trie", "adjoining", "asked", "bridged", "build_trie", "clean", "coded", "completed",
    "continued", "decided", "find", "fold", "joinable", "longest", "mended", "name", "scan", "total", "utf8_end", "verbs",
]  # fmt: skip

_NUMPY_PAYS = 150_000  # characters that the plain engine scans in the time that it takes to import NumPy

# Below these NumPy takes longer to be called than the plain engine to be done.
_NOISY, _SCANNED, _WEIGHED, _HITS, _JOINED = 1000, 500, 50, 50, 8

_spent = 0


class Engine(Protocol):
    """What the functions of this module are in each engine."""

    def clean(self, text: str, noise: Noise, ask: Ask) -> Cleaned: ...
    def asked(
        self, text: str, hits: Hits, rules: Numbers, before: Numbers, after: Numbers
    ) -> tuple[list[int], list[int]]: ...
    def longest(self, hits: Hits, owners: Numbers, told: Sequence[int], terms: Sequence[int]) -> array[int]: ...
    def adjoining(self, hits: Hits, winners: Numbers, reach: int) -> list[int]: ...
    def mended(
        self, original: str, hits: Hits, gap_starts: Numbers, gap_shifts: Numbers, gap_kinds: bytes, marks: Numbers
    ) -> array[int]: ...
    def coded(self, hits: Hits, winners: Numbers, mended: Numbers) -> list[int]: ...
    def fold(self, table: memoryview, text: str) -> str: ...
    def total(self, weights: bytes, text: str) -> int: ...
    def scan(self, trie: Trie, text: str) -> Hits: ...
    def find(self, trie: Trie, text: str, /) -> int: ...
    def completed(self, trie: Trie, text: str, end: int, rest: str, reach: int) -> list[int]: ...
    def bridged(self, trie: Trie, text: str, left: int, right: int, reach: int) -> list[tuple[int, int]]: ...
    def continued(self, trie: Trie, head: str, text: str, start: int, reach: int) -> list[int]: ...
    def joinable(
        self, trie: Trie, text: str, hits: Hits, winners: Numbers, asked: Asked, tails: memoryview, heads: memoryview, /
    ) -> Asked: ...


def clean(text: str, noise: Noise, ask: Ask) -> Cleaned:
    """The text without its noise, folded; what an engine cannot tell by itself is asked."""
    return _engine(len(text) // 2, len(text) < _NOISY).clean(text, noise, ask)


def fold(table: memoryview, text: str) -> str:
    """The text with `table[code point]` for every character; those beyond the table stay."""
    return _engine(len(text) // 8, len(text) < _WEIGHED).fold(table, text)


def total(weights: bytes, text: str) -> int:
    """The sum of `weights[code point]` over the text; the last weight is for all code points beyond."""
    return _engine(len(text) // 8, len(text) < _WEIGHED).total(weights, text)


def scan(trie: Trie, text: str) -> Hits:
    """The hits of the trie in a text, overlapping ones included."""
    return _engine(len(text), len(text) < _SCANNED).scan(trie, text)


def asked(text: str, hits: Hits, rules: Numbers, before: Numbers, after: Numbers) -> tuple[list[int], list[int]]:
    """The places of the hits with a rule that holds where they stand, and these rules, as `hits.asked` tells."""
    return _engine(len(hits.starts), len(hits.starts) < _HITS).asked(text, hits, rules, before, after)


def longest(hits: Hits, owners: Numbers, told: Sequence[int], terms: Sequence[int]) -> array[int]:
    """For each hit the one that hides it, as `hits.longest` tells."""
    return _engine(len(hits.starts), len(hits.starts) < _HITS).longest(hits, owners, told, terms)


def adjoining(hits: Hits, winners: Numbers, reach: int) -> list[int]:
    """The kept hits that begin soon behind the kept one before, as `hits.adjoining` tells."""
    return _engine(len(hits.starts) // 8, len(hits.starts) < _HITS).adjoining(hits, winners, reach)


def mended(
    original: str, hits: Hits, gap_starts: Numbers, gap_shifts: Numbers, gap_kinds: bytes, marks: Numbers
) -> array[int]:
    """The repairs that each hit needed, as `hits.mended` tells."""
    return _engine(len(hits.starts), len(hits.starts) < _HITS).mended(
        original, hits, gap_starts, gap_shifts, gap_kinds, marks
    )


def coded(hits: Hits, winners: Numbers, mended: Numbers) -> list[int]:
    """Form, state and repairs of the hits as one number each, as `hits.coded` tells."""
    return _engine(len(hits.starts), len(hits.starts) < _HITS).coded(hits, winners, mended)


def joinable(
    trie: Trie, text: str, hits: Hits, winners: Numbers, asked: Asked, tails: memoryview, heads: memoryview
) -> Asked:
    """The kept hits that may be members of a series and the signs that one may have, and in which ways, as `native.joinable` tells."""
    engine = _engine(len(asked[0]), len(asked[0]) < _JOINED)
    return engine.joinable(trie, text, hits, winners, asked, tails, heads)


def name() -> str:
    """The name of the engine that is used for more than some pages."""
    return _asked_for() or ("native" if _chosen else "arrays")


def _engine(cost: int, is_short: bool) -> Engine:
    """The engine for work that costs the plain one as much as to scan so many characters, and may be short for NumPy."""
    global _spent
    if _chosen is not None:
        return _chosen
    _spent += cost
    if not is_short and (_spent > _NUMPY_PAYS or "numpy" in sys.modules):
        from envterms.engine import arrays

        return arrays
    return plain


def _asked_for() -> str:
    asked = os.environ.get("ENVTERMS_ENGINE", "")
    if asked and asked not in ENGINES:
        raise UnknownName("engine", asked, ENGINES, f"engines are {', '.join(ENGINES)}")
    return asked


def _load() -> Engine | None:
    """The engine that does everything; None if `arrays` and `plain` share the work."""
    if _asked_for() == "arrays":
        return None
    try:
        return cast(Engine, import_module(f"envterms.engine.{_asked_for() or 'native'}"))
    except ImportError:  # built without a compiler
        if _asked_for():
            raise EnvtermsError(
                f"the engine {_asked_for()} is not there; install envterms where there is a C compiler"
            ) from None
        return None


_chosen = _load()

#: Walks through the trie, by the engine that is there from the start.
_walking: Engine = _chosen or plain
find, completed, bridged, continued = _walking.find, _walking.completed, _walking.bridged, _walking.continued

#: Only in C, where they are faster than to ask the rules, or the codec: see `native`.
decided: Callable[[memoryview, memoryview, Trie, str, Hits, Sequence[int]], tuple[list[int], list[int]]] | None = (
    getattr(_chosen, "decided", None)
)
utf8_end: Callable[[bytes], int] | None = getattr(_chosen, "utf8_end", None)
verbs: Callable[[Trie, memoryview, str, Sequence[int]], list[str]] | None = getattr(_chosen, "verbs", None)
