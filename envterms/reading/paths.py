"""From what the user names (files, folders, globs, `-`) to files, in a stable order."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from envterms.errors import UnreadableDocument

#: The endings that a search of a folder takes. A file that is named is read whatever its ending.
ENDINGS = (".txt", ".text")

STDIN = "-"


def find_files(arguments: Iterable[str]) -> Iterator[str | UnreadableDocument]:
    """The files that the arguments name, each once, sorted within a folder or glob; `-` stands for standard input.

    Folders are searched to any depth for ENDINGS, without hidden files and folders. An argument that names nothing
    comes out as an UnreadableDocument in its place, so that the caller can go on with the others.
    """
    seen: set[str] = set()
    for argument in arguments:
        for found in _expand(argument):
            if isinstance(found, UnreadableDocument):
                yield found
            elif found not in seen:
                seen.add(found)
                yield found


def _expand(argument: str) -> Iterable[str | UnreadableDocument]:
    path = Path(argument)
    try:
        if argument == STDIN or path.is_file():
            return [argument if argument == STDIN else path.as_posix()]
        if path.is_dir():
            return sorted(_documents_in(path)) or [
                UnreadableDocument(f"{argument}: no file that ends in {' or '.join(ENDINGS)} in this folder")
            ]
        if path.exists():
            return [path.as_posix()]  # a pipe or device
    except OSError as error:
        return [UnreadableDocument(f"{argument}: {error.strerror or error}")]
    if glob.has_magic(argument):
        matches = sorted(glob.glob(argument, recursive=True))
        files = [Path(match).as_posix() for match in matches if Path(match).is_file()]
        return files or [UnreadableDocument(f"{argument}: no file matches this pattern")]
    return [UnreadableDocument(f"{argument}: no such file or folder")]


def _documents_in(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in ENDINGS and not hidden and path.is_file():
            yield path.as_posix()
