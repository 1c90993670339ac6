"""What the functions of the library are given: documents, lexicons, names; a sentence of advice for anything else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from envterms.errors import InvalidArgument
from envterms.lexicon import Lexicon, load_lexicon
from envterms.reading import Document, read_documents

Documents: TypeAlias = Document | os.PathLike[str] | Iterable[Document | os.PathLike[str]]
AnyLexicon: TypeAlias = Lexicon | str | os.PathLike[str]
Names: TypeAlias = str | Iterable[str]


def as_documents(documents: Documents) -> Iterator[Document]:
    """The documents one by one; a Path is read. Raises InvalidArgument for what is neither, and UnreadableDocument."""
    several = isinstance(documents, Iterable) and not isinstance(documents, str)
    for one in documents if several else (documents,):  # type: ignore[union-attr]
        if isinstance(one, Document):
            yield one
        elif isinstance(one, os.PathLike):
            yield from read_documents(one)
        else:
            shown = f"{one[:20]!r} is a string" if isinstance(one, str) else _given(one)
            raise InvalidArgument(
                f"{shown} where a Document is needed; envterms.read(path) reads files and folders, "
                "and envterms.Document(name, text) makes one of a text"
            )


def as_lexicon(lexicon: AnyLexicon | None) -> Lexicon:
    """The built-in lexicon for None, with the user's own on top of it for a path. Raises InvalidArgument and InvalidLexicon."""
    if lexicon is None:
        return load_lexicon()
    if isinstance(lexicon, Lexicon):
        return lexicon
    if isinstance(lexicon, (str, os.PathLike)) and Path(lexicon).exists():
        return load_lexicon(lexicon)
    shown = f"{lexicon!s} is no file or folder" if isinstance(lexicon, (str, os.PathLike)) else _given(lexicon)
    raise InvalidArgument(
        f"{shown} where a lexicon is needed; give the path of one or what envterms.load_lexicon returns, "
        'and name terms with terms=["…"]'
    )


def as_names(value: Names) -> tuple[str, ...]:
    """One name or several."""
    return (value,) if isinstance(value, str) else tuple(value)


def _given(value: object) -> str:
    return f"an object of type {type(value).__name__} is given"
