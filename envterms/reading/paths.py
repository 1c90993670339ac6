"""From what the user names (files, folders, globs, `-`) to files, in a stable order."""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from envterms.errors import UnreadableDocument

#: The endings that a search of a folder takes. A file that is named is read whatever its ending.
ENDINGS = (".txt", ".text")

STDIN = "-"

_TABLES = (".csv", ".tsv", ".jsonl")

_LITTER = ("thumbs.db", "desktop.ini", "__macosx")  # names that systems leave in folders


def find_files(arguments: Iterable[str], again: list[str] | None = None) -> Iterator[str | UnreadableDocument]:
    """The files that the arguments name, each once, sorted within a folder or glob; `-` stands for standard input.

    Folders are searched to any depth for ENDINGS, without hidden files and folders; links to folders are followed. An argument
    that names nothing comes out as an UnreadableDocument in its place, so that the caller can go on with the others.

    A file is the same under another name too: a link, or another way to it. Such names are appended to `again`, with the first one.
    """
    seen: set[str] = set()
    names: dict[tuple[int, int], str] = {}
    for argument in arguments:
        for found in _expand(argument):
            if isinstance(found, UnreadableDocument):
                yield found
            elif found not in seen:
                seen.add(found)
                identity = _identity(found)
                first = names.setdefault(identity, found) if identity else found
                if first == found:
                    yield found
                elif again is not None:
                    again.append(f"{found} is {first}")


def _identity(path: str) -> tuple[int, int] | None:
    """What tells a file from others whatever its name; None for what is no file, and where the system does not say."""
    try:
        found = os.stat(path) if path != STDIN else None  # noqa: PTH116 - of every file
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found and found.st_ino and stat.S_ISREG(found.st_mode) else None


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
        files = [Path(match).as_posix() for match in sorted(_matches(argument)) if Path(match).is_file()]
        return files or [UnreadableDocument(f"{argument}: no file matches this pattern")]
    return [UnreadableDocument(f"{argument}: no such file or folder")]


def is_table(path: str) -> bool:
    """Whether the ending of a file says that it is a table."""
    return Path(path).suffix.lower() in _TABLES


def other_files(arguments: Iterable[str]) -> Counter[str]:
    """The files in the folders among the arguments that are not read for their ending, by it; hidden files and litter are not counted."""
    endings: Counter[str] = Counter()
    for argument in dict.fromkeys(arguments):
        for _, names in _walk(argument, _is_litter):
            endings.update(Path(name).suffix.lower() for name in names if not _is_litter(name))
    return Counter({ending: number for ending, number in endings.items() if ending not in ENDINGS})


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in _LITTER


def _matches(pattern: str) -> list[str]:
    """What a pattern matches; if nothing, then with its beginning taken as it stands as far as that is the name of a folder."""
    found = glob.glob(pattern, recursive=True)
    parts = Path(pattern).parts
    for number in range(len(parts) - 1, 0, -1) if not found else ():
        folder = Path(*parts[:number])
        if folder.is_dir():
            return glob.glob(str(Path(glob.escape(str(folder)), *parts[number:])), recursive=True)
    return found


def _documents_in(folder: Path) -> Iterator[str]:
    for within, names in _walk(str(folder), _is_hidden):
        for path in (Path(within, name) for name in names if not _is_hidden(name)):
            if path.suffix.lower() in ENDINGS and path.is_file():
                yield path.as_posix()


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _walk(folder: str, is_left_out: Callable[[str], bool]) -> Iterator[tuple[str, list[str]]]:
    """The folders in a folder to any depth, each once, with the names of their files: what links lead to comes last, if it is elsewhere."""
    seen: set[str] = set()
    waiting = [folder]
    for start in waiting:
        links: list[str] = []
        for within, folders, names in os.walk(start):
            place = os.path.realpath(within)
            folders[:] = [] if place in seen else [name for name in folders if not is_left_out(name)]
            if place not in seen:
                seen.add(place)
                links += (str(path) for path in (Path(within, name) for name in folders) if path.is_symlink())
                yield within, names
        waiting += sorted(links)
