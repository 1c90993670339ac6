"""What the functions of the library are given: documents, lexicons, names; a sentence of advice for anything else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from envterms.errors import InvalidArgument, given
from envterms.lexicon.loading import AnyLexicon, as_lexicon
from envterms.reading import Document, read_documents

__all__ = ["AnyLexicon", "Documents", "Names", "as_documents", "as_lexicon", "as_names"]

Documents: TypeAlias = Document | os.PathLike[str] | Iterable[Document | os.PathLike[str]]
Names: TypeAlias = str | Iterable[str] | None


def as_documents(documents: Documents) -> Iterator[Document]:
    """The documents one by one; a Path is read. Raises InvalidArgument for what is neither, and UnreadableDocument."""
    several = isinstance(documents, Iterable) and not isinstance(documents, str)
    for one in documents if several else (documents,):  # type: ignore[union-attr]
        if isinstance(one, Document):
            if not isinstance(one.text, str):
                raise InvalidArgument(f"{given(one.text)} where the text of the document {one.name!r} is needed")
            yield one
        elif isinstance(one, os.PathLike):
            yield from read_documents(one)
        else:
            shown = f"{one[:20]!r} is a string" if isinstance(one, str) else given(one)
            raise InvalidArgument(
                f"{shown} where a Document is needed; envterms.read(path) reads files and folders, "
                "and envterms.Document(name, text) makes one of a text"
            )


def as_names(value: Names) -> tuple[str, ...]:
    """One name or several; for None there is none."""
    return (value,) if isinstance(value, str) else tuple(value or ())
