"""How much of a document is about the environment: one row a document, ready for a panel."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING

from envterms.analysis.counting import SENTENCE, Selected, Selection, Settings, is_occurrence, token_count
from envterms.analysis.table import Table
from envterms.lexicon import Lexicon, load_lexicon
from envterms.matching import Matcher
from envterms.normalizing import NormalizedText, count_han, normalize_page, page_blocks
from envterms.reading import Document

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "document", "occurrences", "terms", "han", "per_10k_han", "tokens", "per_100_tokens", "sentences", "sentences_hit",
    "share_sentences",
)  # fmt: skip

#: Whose terms are environment words: general Party language is not.
SCOPES = ("core", "adjacent")


def attention_row(
    document: Document, matcher: Matcher, selected: Selected, settings: Settings = Settings()
) -> tuple[object, ...]:
    """One row of COLUMNS. Tokens are those of jieba that hold a letter, digit or character; a sentence is hit if a term begins in it."""
    whole = (document.text, normalize_page(document.text, settings.keep_furniture, settings.repair))
    return _row(document.name, [whole], matcher, selected, settings)


def attention_row_in_pieces(
    name: str, pieces: Iterable[str], matcher: Matcher, selected: Selected, settings: Settings = Settings()
) -> tuple[object, ...]:
    """The row of a document of any size, whose text the pieces make. Only some blocks of it are in memory, so a cue anywhere in the
    document is one anywhere in the block, as in counting.
    """
    blocks = page_blocks(pieces, settings.keep_furniture)
    return _row(
        name, ((block.text, block.normalized(settings.repair)) for block in blocks), matcher, selected, settings
    )


def _row(
    name: str,
    parts: Iterable[tuple[str, NormalizedText]],
    matcher: Matcher,
    selected: Selected,
    settings: Settings,
) -> tuple[object, ...]:
    """The row of a document in parts that no match and no sentence runs across."""
    names: set[str] = set()
    occurrences = han = tokens = sentences = sentences_hit = 0
    for text, normalized in parts:
        starts = [normalized.original(found.start()) for found in re.finditer(SENTENCE, normalized.text)]
        hit: set[int] = set()
        for match in matcher.match(text, normalized):
            if is_occurrence(match, settings.nested) and selected.term(match.term, match.pattern):
                occurrences += 1
                names.add(match.term)
                hit.add(bisect_right(starts, match.start))
        han += count_han(normalized.text)
        tokens += token_count(normalized.text)
        sentences += len(starts)
        sentences_hit += len(hit)
    return (
        name, occurrences, len(names), han, _share(occurrences, han, 10_000), tokens, _share(occurrences, tokens, 100), sentences,
        sentences_hit, _share(sentences_hit, sentences, 1),
    )  # fmt: skip


def attention(
    documents: Document | Iterable[Document],
    lexicon: Lexicon | None = None,
    *,
    category: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    scope: str | Iterable[str] = SCOPES,
    nested: str = "longest",
    coordination: bool = True,
    keep_furniture: bool = False,
    repair: bool = True,
) -> pd.DataFrame:
    """The index of attention to the environment, a row per document with COLUMNS.

    It is the number of occurrences of environment terms over three denominators: 10,000 Han characters, 100 tokens (by jieba), and the
    share of sentences that hold a term. The share of environment words in all words of a government work report is the usual measure of
    a government's attention (Chen and Chen 2018). Raises UnknownName.
    """
    lexicon = lexicon or load_lexicon()
    names = [(value,) if isinstance(value, str) else tuple(value) for value in (category, exclude, scope)]
    selected = Selection(*names).on(lexicon)
    matcher = Matcher(lexicon, coordination)
    settings = Settings(nested, coordination, keep_furniture=keep_furniture, repair=repair)
    documents = [documents] if isinstance(documents, Document) else documents
    return Table(COLUMNS, [attention_row(one, matcher, selected, settings) for one in documents]).frame()


def _share(number: int, whole: int, scale: int) -> float | None:
    return round(number / whole * scale, 6) if whole else None
