"""Matches in their context (key word in context)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from envterms.analysis.counting import Selected, Selection, is_occurrence
from envterms.analysis.table import Table
from envterms.lexicon import Lexicon, load_lexicon
from envterms.matching import Matcher
from envterms.normalizing import normalize_page
from envterms.reading import Document, Lines

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "document", "line", "column", "start", "end", "parts", "surface", "term", "category", "form", "verb", "value", "pre", "post",
)  # fmt: skip


def concordance(
    document: Document,
    matcher: Matcher,
    selected: Selected,
    window: int = 30,
    nested: str = "longest",
    keep_furniture: bool = False,
    repair: bool = True,
    unresolved: Counter[str] | None = None,
) -> Iterator[tuple[object, ...]]:
    """One row of COLUMNS per occurrence, in reading order.

    `line` and `column` count from 1, `start` and `end` are offsets into the document, `parts` a list of such pairs; `pre` and `post` are
    up to `window` characters of the document on either side, `verb` is the verb in front of a campaign, slogan or goal, `value` the
    number behind an indicator.
    The places where no rule decides the sense are added to `unresolved`.
    """
    text = document.text
    lines = Lines(text)
    for match in matcher.match(text, normalize_page(text, keep_furniture, repair)):
        if unresolved is not None and match.status == "unresolved" and selected.term(match.term):
            unresolved[match.term] += 1
        term = selected.term(match.term, match.pattern) if is_occurrence(match, nested) else None
        if term is None:
            continue
        start, end = match.start, match.end
        line, column = lines.place(start)
        yield (
            document.name, line, column, start, end, [list(part) for part in match.parts], match.surface,
            match.term, term.category, match.form, match.verb, match.value, text[max(0, start - window) : start], text[end : end + window],
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
    keep_furniture: bool = False,
    repair: bool = True,
) -> pd.DataFrame:
    """Every occurrence in its context as a DataFrame with COLUMNS; `text[start:end]` of the document is always `surface`.

    `terms` and `category` restrict what is shown, `window` is in characters. Raises UnknownName.
    """
    lexicon = lexicon or load_lexicon()
    categories = (category,) if isinstance(category, str) else tuple(category)
    selected = Selection(categories=categories, terms=(terms,) if isinstance(terms, str) else tuple(terms)).on(lexicon)
    matcher = Matcher(lexicon, coordination)
    documents = [documents] if isinstance(documents, Document) else documents
    rows = [
        row
        for document in documents
        for row in concordance(document, matcher, selected, window, nested, keep_furniture, repair)
    ]
    return Table(COLUMNS, rows).frame()
