"""What can go wrong, by what the user can do about it. Each message is one sentence: what, where, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class EnvtermsError(Exception):
    """The root of every error that envterms raises on purpose."""


class UnreadableDocument(EnvtermsError):
    """A path that gives no document: missing, empty, forbidden, binary or not decodable."""


class OtherEncoding(UnreadableDocument):
    """A file that is not in the encoding that was told by its beginning, or no longer so."""


class InvalidLexicon(EnvtermsError):
    """A lexicon with faults; `faults` holds them all as `file:line: column: problem`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        more = (
            f" (and {len(self.faults) - 1} more; `envterms lexicon check PATH` lists all)"
            if len(self.faults) > 1
            else ""
        )
        super().__init__(self.faults[0] + more)


class UnknownName(EnvtermsError):
    """A term, category, column or option value that is not known; `nearness` from 0 to 1 is what a suggestion needs."""

    def __init__(self, kind: str, name: str, known: Iterable[str], advice: str = "", nearness: float = 0.3) -> None:
        near = get_close_matches(name, list(known), n=3, cutoff=nearness)
        hint = f"; did you mean {' or '.join(map(_shown, near))}?" if near else advice and f"; {advice}"
        super().__init__(f"unknown {kind} {name!r}{hint}")


def _shown(name: str) -> str:
    """A name as it is suggested, in quotes where blanks would not be seen."""
    return name if name == name.strip() else repr(name)


class InvalidArgument(EnvtermsError):
    """An argument of a function of the library that it can do nothing with."""


def given(value: object) -> str:
    """The beginning of a sentence on an argument of a wrong type."""
    return f"an object of type {type(value).__name__} is given"


class RetiredTerm(EnvtermsError):
    """A term that the lexicon held once and that was withdrawn."""

    def __init__(self, term: str, retired: str, reason: str, replacement: str) -> None:
        advice = f"; use {replacement}" if replacement else ""
        super().__init__(f"the term {term} was retired on {retired} ({reason}){advice}")


class MissingPackage(EnvtermsError):
    """Something that needs a package which a plain installation does not bring; `extra` is the name under which it does."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}; install it with: pip install 'envterms[{extra}]'")


class UnwritableOutput(EnvtermsError):
    """An output file that cannot be written; nothing of it was left behind."""
