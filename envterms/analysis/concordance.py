"""Matches in their context (key word in context)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon
from envterms.analysis.counting import Selected, Selection, Settings, is_occurrence, parts_of
from envterms.analysis.table import with_metadata
from envterms.matching import Matcher
from envterms.matching.senses import Beyond, nowhere
from envterms.normalizing import Block, NormalizedText, page_blocks
from envterms.reading import Document, Lines

if TYPE_CHECKING:
    import pandas as pd

#: A block of a document, normalized, and what tells whether a cue stands in another block.
_Part: TypeAlias = tuple[Block, NormalizedText, Beyond]

COLUMNS = (
    "document", "line", "column", "start", "end", "parts", "surface", "term", "category", "form", "verb", "value", "pre", "post",
)  # fmt: skip


def concordance(
    document: Document,
    matcher: Matcher,
    selected: Selected,
    window: int = 20,
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
    parts = parts_of(document.text, matcher, Settings(keep_furniture=keep_furniture, repair=repair))
    return _rows(document.name, parts, matcher, selected, window, nested, unresolved)


def concordance_in_pieces(
    name: str,
    pieces: Iterable[str],
    matcher: Matcher,
    selected: Selected,
    window: int = 20,
    nested: str = "longest",
    keep_furniture: bool = False,
    repair: bool = True,
    unresolved: Counter[str] | None = None,
) -> Iterator[tuple[object, ...]]:
    """The rows of `concordance` for a document of any size, whose text the pieces make. Only some blocks of it are in memory, so a cue
    anywhere in the document is one anywhere in the block, as in counting.
    """
    blocks = page_blocks(pieces, keep_furniture, apart=partial(matcher.apart, repair=repair))
    parts = ((block, block.normalized(repair), nowhere) for block in blocks)
    return _rows(name, parts, matcher, selected, window, nested, unresolved)


def _rows(
    name: str,
    parts: Iterable[_Part],
    matcher: Matcher,
    selected: Selected,
    window: int,
    nested: str,
    unresolved: Counter[str] | None,
) -> Iterator[tuple[object, ...]]:
    """The rows of parts of a document that no match runs across. What is not asked for is not matched, but for the rest of a part."""
    before, begins = "", (1, 1)  # the end of what was read, and the line and column behind it
    returned = False  # whether a carriage return ends it
    for (block, normalized, beyond), behind in _with_what_follows(parts, window):
        offset, part = block.start, block.original
        if returned and part.startswith("\n"):
            begins = begins[0] - 1, begins[1]  # the line was ended twice
        lines = Lines(part, *begins)
        text, base = before + part + behind, len(before)
        for match in matcher.match(part, normalized, beyond):
            if unresolved is not None and match.status == "unresolved" and selected.term(match.term):
                unresolved[match.term] += 1
            term = selected.term(match.term, match.pattern) if is_occurrence(match, nested) else None
            if term is None:
                continue
            start, end = match.start, match.end
            spans = [[first + offset, last + offset] for first, last in match.parts]
            pre, post = text[max(0, base + start - window) : base + start], text[base + end : base + end + window]
            yield (
                name, *lines.place(start), start + offset, end + offset, spans, match.surface,
                match.term, term.category, match.form, match.verb, match.value, pre, post,
            )  # fmt: skip
        begins, returned = lines.end, part.endswith("\r")
        before = (before + part)[-window:] if window else ""


def _with_what_follows(parts: Iterable[_Part], window: int) -> Iterator[tuple[_Part, str]]:
    """Each part with the first `window` characters behind it, or as many as there are."""
    waiting: deque[_Part] = deque()

    def behind() -> str:
        return "".join(block.original[:window] for block, _, _ in waiting)[:window]

    for part in parts:
        waiting.append(part)
        while len(waiting) > 1 and sum(len(block.text) for block, _, _ in waiting) - len(waiting[0][0].text) >= window:
            yield waiting.popleft(), behind()
    while waiting:
        yield waiting.popleft(), behind()


def kwic(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    terms: Names = (),
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    window: int = 20,
    nested: str = "longest",
    coordination: bool = True,
    keep_furniture: bool = False,
    repair: bool = True,
) -> pd.DataFrame:
    """Every occurrence in its context as a DataFrame with COLUMNS; `text[start:end]` of the document is always `surface`.

    `terms`, `category`, `exclude` and `scope` restrict what is shown, `window` is in characters. Raises UnknownName.
    """
    lexicon = as_lexicon(lexicon)
    selected = Selection.of(category, exclude, scope, terms).on(lexicon)
    matcher = Matcher(lexicon, coordination)
    how = (matcher, selected, window, nested, keep_furniture, repair)
    return with_metadata(COLUMNS, ((one.metadata, concordance(one, *how)) for one in as_documents(documents))).frame()
