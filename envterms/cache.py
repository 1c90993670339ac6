"""Tables that are slow to make, kept between runs in the user's cache folder.

A file holds named sections of plain numbers and text, never anything that is run when it is read. Its name is a digest of all that the
tables depend on, envterms itself included, so a stale file is never read; a damaged one is made again. Nothing here ever fails: where there
is no folder to write to, the tables are made in each run.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from envterms.version import __version__

_MAGIC = b"envterms cache 1\n"
_KEPT = 8  # files of one kind; every lexicon of the user's own has one


def cache_folder() -> Path:
    """Where the files are: ENVTERMS_CACHE, or the place that the system has for such files."""
    asked = os.environ.get("ENVTERMS_CACHE")
    if asked:
        return Path(asked)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "envterms" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "envterms"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "envterms"


def load(kind: str, key: str) -> dict[str, memoryview] | None:
    """The sections stored under this key; None if there are none, or if they are damaged."""
    try:
        data = memoryview(_path(kind, key).read_bytes())
        checked = len(_MAGIC) + 4
        if (
            data[: len(_MAGIC)] != _MAGIC
            or zlib.crc32(data[checked:]).to_bytes(4, "big") != data[len(_MAGIC) : checked]
        ):
            return None
        start = checked + 4
        size = int.from_bytes(data[checked:start], "big")
        sections = json.loads(bytes(data[start : start + size]))
        body = data[start + size :]
        return {name: body[at : at + length] for name, (at, length) in sections.items()}
    except (OSError, RuntimeError, ValueError):  # RuntimeError: no home folder
        return None


def store(kind: str, key: str, sections: Mapping[str, bytes | memoryview]) -> None:
    """Stores the sections; of two processes that do it at once, one wins, and both have written the same."""
    places = {}
    body = b""
    for name, content in sections.items():
        body += bytes(-len(body) % 8)  # numbers begin where a processor likes them to
        places[name] = len(body), len(content)
        body += content
    header = json.dumps(places).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header)) % 8)
    body = len(header).to_bytes(4, "big") + header + body
    import tempfile

    with suppress(OSError, RuntimeError):
        path = _path(kind, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{kind}-", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink()
            raise
        others = sorted(path.parent.glob(f"{kind}-*"), key=lambda other: other.stat().st_mtime)
        for old in others[:-_KEPT]:
            old.unlink()


def _path(kind: str, key: str) -> Path:
    name = hashlib.sha256(f"{sys.byteorder} {_program()} {key}".encode()).hexdigest()[:32]
    return cache_folder() / f"{kind}-{name}"


@cache
def _program() -> str:
    """A digest of what tells one state of what makes the tables from another, which takes less time than to read it all."""
    files = []
    for folder in ("engine", "lexicon", "matching", "normalizing"):
        with os.scandir(Path(__file__).with_name(folder)) as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".tsv")):
                    state = entry.stat()
                    files.append(f"{folder}/{entry.name} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join([__version__, *sorted(files)]).encode()).hexdigest()
