"""Matches in their context (key word in context)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from envterms.analysis.counting import Selection, is_occurrence
from envterms.analysis.table import Table
from envterms.lexicon import Lexicon, Term, load_lexicon
from envterms.matching import Matcher
from envterms.reading import Document

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("document", "line", "column", "start", "end", "parts", "surface", "term", "category", "form", "pre", "post")

_NEWLINE = re.compile("\r\n|[\n\r]")


def concordance(
    document: Document, matcher: Matcher, selected: dict[str, Term], window: int = 30, nested: str = "longest"
) -> Iterator[tuple[object, ...]]:
    """One row of COLUMNS per occurrence, in reading order.

    `line` and `column` count from 1, `start` and `end` are offsets into the document, `parts` a list of such pairs; `pre` and `post` are
    up to `window` characters of the document on either side.
    """
    text = document.text
    line_starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]
    for match in matcher.match(text):
        term = selected.get(match.term)
        if term is None or not is_occurrence(match, nested):
            continue
        start, end = match.start, match.end
        line = bisect_right(line_starts, start)
        yield (
            document.name, line, start - line_starts[line - 1] + 1, start, end, [list(part) for part in match.parts], match.surface,
            match.term, term.category, match.form, text[max(0, start - window) : start], text[end : end + window],
        )  # fmt: skip


def kwic(
    documents: Document | Iterable[Document],
    lexicon: Lexicon | None = None,
    *,
    terms: Iterable[str] = (),
    category: str | Iterable[str] = (),
    window: int = 30,
    nested: str = "longest",
    coordination: bool = True,
) -> pd.DataFrame:
    """Every occurrence in its context as a DataFrame with COLUMNS; `text[start:end]` of the document is always `surface`.

    `terms` and `category` restrict what is shown, `window` is in characters. Raises UnknownName.
    """
    lexicon = lexicon or load_lexicon()
    categories = (category,) if isinstance(category, str) else tuple(category)
    selected = Selection(categories=categories, terms=(terms,) if isinstance(terms, str) else tuple(terms)).of(lexicon)
    matcher = Matcher(lexicon, coordination)
    documents = [documents] if isinstance(documents, Document) else documents
    rows = [row for document in documents for row in concordance(document, matcher, selected, window, nested)]
    return Table(COLUMNS, rows).frame()
