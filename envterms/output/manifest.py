"""The methods manifest: what another person needs to repeat a count or a comparison, as JSON."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from envterms.output.files import as_json
from envterms.version import __version__

if TYPE_CHECKING:
    from envterms.analysis import Tally
    from envterms.analysis.counting import Selected
    from envterms.lexicon import Lexicon

_LIBRARIES = ("numpy", "scipy", "pandas", "jieba", "opencc")


def manifest(
    command: str,
    options: Mapping[str, object],
    lexicon: Lexicon,
    documents: Mapping[str, Iterable[Tally]],
    own_lexicons: Iterable[str] = (),
    measures: Mapping[str, str] | None = None,
    warnings: Iterable[str] = (),
    selected: Selected | None = None,
) -> bytes:
    """The manifest of one run. `documents` are the tallies by the name of their side, `measures` says how each measure is defined.

    `occurrences` of a document are those of the terms `selected`, as in the table or index; all the other numbers are of all terms.
    The hash of a document is that of the bytes of its file, also of a table whose row it is; null for standard input. There is no date
    in it: the same run gives the same manifest.
    """
    hashes: dict[str, str | None] = {}
    content = {
        "envterms": __version__,
        "command": command,
        "options": dict(options),
        "lexicon": {
            "version": lexicon.version or None,
            "digest": lexicon.digest,
            "terms": len(lexicon.terms),
            "own": [{"path": path, "sha256": _sha256(path)} for path in own_lexicons],
        },
        "measures": dict(measures or {}),
        "documents": {
            side: [
                {
                    "document": one.document,
                    "sha256": _hash_of(one.document, hashes),
                    "encoding": one.encoding,
                    "han": one.han,
                    "occurrences": _occurrences(one, selected),
                    "occurrences_of_all_terms": one.forms.total(),
                    "nested": one.nested.total(),
                    "rejected": one.rejected.total(),
                    "unresolved": one.unresolved.total(),
                    "repairs": dict(one.repairs),
                }
                for one in tallies
            ]
            for side, tallies in documents.items()
        },
        "warnings": list(warnings),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }
    return as_json(content, indent=1)


def _occurrences(one: Tally, selected: Selected | None) -> int:
    from envterms.analysis.counting import known_terms

    if selected is None:
        return one.forms.total()
    shown = known_terms([one], selected, {name for name, _ in one.forms})
    return sum(number for (name, _), number in one.forms.items() if name in shown)


def _hash_of(document: str, hashes: dict[str, str | None]) -> str | None:
    """The hash of the file of a document, which may be a table of many (`path:row`); those known stand in `hashes`."""
    path = document if Path(document).is_file() else document.rpartition(":")[0]
    if path not in hashes:
        hashes[path] = _sha256(path)
    return hashes[path]


def _sha256(path: str) -> str | None:
    if not Path(path).is_file():
        return None
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
