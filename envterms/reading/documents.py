"""One file -> one Document."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from envterms.errors import UnreadableDocument
from envterms.reading.encodings import Encoding, decode, find_codec
from envterms.reading.paths import STDIN, find_files, is_table
from envterms.reading.ranges import Range, chunks


@dataclass(frozen=True, slots=True)
class Document:
    """A text as decoded, newlines untranslated. Every offset of envterms counts Unicode code points in `text`.

    `warnings` are sentences on what is doubtful in the text: bytes that were replaced, an encoding that is hardly the right one.
    """

    name: str
    text: str
    _: KW_ONLY
    encoding: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """With the beginning of the text alone, so that a list of documents can be looked at."""
        shown = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "…"
        return f"Document({self.name!r}, {shown!r}, {len(self.text):,} characters, {self.encoding!r}, {dict(self.metadata)})"


_SHOWN = 30


#: What there is to count: a file, a document that was read already, or the error in place of one.
Found: TypeAlias = str | Document | UnreadableDocument


def read_document(path: str, encoding: str | None = None) -> Document:
    """Reads one file, or standard input for `-`. Raises UnreadableDocument."""
    name = named(path)
    try:
        data = read_bytes(path)
    except OSError as error:
        raise UnreadableDocument(f"{name}: cannot be read ({error.strerror or error})") from None
    if not data:
        raise UnreadableDocument(f"{name}: the file is empty")
    _refuse_formats(data, name)
    text, found = decode(data, encoding, name)
    if not text or text.isspace():
        raise UnreadableDocument(f"{name}: the file holds only white space")
    return Document(name, text, encoding=found.name, warnings=found.warnings)


def read_bytes(path: str) -> bytes:
    """What a file holds, or standard input for `-`. Raises OSError."""
    return sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()


def named(path: str) -> str:
    """The name of a document that is a file, or standard input."""
    return "<stdin>" if path == STDIN else path


def open_large(path: str, encoding: str | None = None, trusting: bool = False) -> tuple[Encoding, Range]:
    """The encoding of a file, and all of it as one range, so that one of any size can be read in pieces. Raises UnreadableDocument.

    All bytes are decoded once for that, so an encoding that does not fit is told at once, unless it is `trusting` as `find_codec`.
    """
    size = size_of(path)
    try:
        _refuse_formats(next(chunks(path, 0, size), b""), path)
        found = find_codec(lambda: chunks(path, 0, size), encoding, path, trusting)
    except OSError as error:
        raise UnreadableDocument(f"{path}: cannot be read ({error.strerror or error})") from None
    return found, Range(path, found.codec, found.errors, 0, size)


def size_of(one: Found) -> int:
    """The bytes of a file, and about those of a document that was read; 0 where that is not known beforehand."""
    if isinstance(one, Document):
        return len(one.text) * _OF_A_CHARACTER
    try:
        return os.stat(one).st_size if isinstance(one, str) and one != STDIN else 0  # noqa: PTH116 - of every file, several times
    except OSError:
        return 0


def same_content(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each file with the same bytes as an earlier one, and that one. Only files of one size are read, and digests of them kept."""
    of_size: dict[int, list[str]] = {}
    for path in paths:
        if size := size_of(path):
            of_size.setdefault(size, []).append(path)
    for alike in of_size.values():
        firsts: dict[bytes, str] = {}
        for path in alike if len(alike) > 1 else ():
            with suppress(OSError), Path(path).open("rb") as file:
                first = firsts.setdefault(hashlib.file_digest(file, "sha256").digest(), path)
                if first != path:
                    yield path, first


def is_large(path: str) -> bool:
    """Whether the file is one to be read in pieces."""
    return size_of(path) > _LARGE


def read_documents(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    encoding: str | None = None,
    failures: list[UnreadableDocument] | None = None,
) -> Iterator[Document]:
    """The documents that the paths name, one at a time. Files, folders, globs and `-` are taken.

    What cannot be read is appended to `failures` and the rest goes on; without `failures` the first one is raised.
    """
    one = isinstance(paths, (str, os.PathLike))
    yield from read_found(find_files(map(os.fspath, [paths] if one else paths)), encoding, failures)  # type: ignore[arg-type]


def read_found(
    files: Iterable[Found], encoding: str | None = None, failures: list[UnreadableDocument] | None = None
) -> Iterator[Document]:
    """The documents of what was found, one at a time; those that were read already as they are. `failures` is as in `read_documents`."""
    for found in files:
        try:
            if isinstance(found, UnreadableDocument):
                raise found
            yield found if isinstance(found, Document) else read_document(found, encoding)
        except UnreadableDocument as error:
            if failures is None:
                raise
            failures.append(error)


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    encoding: str | None = None,
    *,
    failures: list[UnreadableDocument] | None = None,
) -> list[Document]:
    """All documents that a path or several name: files, folders, globs, `-`; each file once, whatever names it is given by.

    A table is one document with a warning; `read_table` takes each row as a document. Raises UnreadableDocument at the first that gives
    none; with a list as `failures` the errors are appended to it and the rest is read, as the command line does.
    """
    return [
        replace(one, warnings=(*one.warnings, _ONE_TEXT.format(one.name))) if is_table(one.name) else one
        for one in read_documents(paths, encoding, failures)
    ]


_ONE_TEXT = "{} is a table taken as one text; envterms.read_table takes each row as a document"


def _refuse_formats(data: bytes, name: str) -> None:
    kind = next((kind for magic, kind in _FORMATS.items() if data.startswith(magic)), None)
    if kind:
        raise UnreadableDocument(f"{name}: {kind}, not plain text; save or export it as text first")


_OF_A_CHARACTER = 3  # bytes
_LARGE = 8 << 20  # bytes of a file that is read at once
_FORMATS = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a zipped file (such as .docx or .xlsx)",
    b"\xd0\xcf\x11\xe0": "an old Office file (such as .doc or .wps)",
    b"{\\rtf": "an RTF file",
    b"\x1f\x8b": "a gzip file",
}
