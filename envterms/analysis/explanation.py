"""Every candidate with what became of it and why, so that a count can be defended line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon, as_names
from envterms.analysis.counting import Selected, Selection
from envterms.analysis.table import with_metadata
from envterms.errors import UnknownName
from envterms.lexicon import Term
from envterms.matching import STATUSES, Match, Matcher
from envterms.normalizing import furniture, normalize, normalize_page
from envterms.reading import Document, Lines

if TYPE_CHECKING:
    import pandas as pd

#: What may become of a candidate: the statuses of a Match, or it stands in furniture, which counts leave out.
EXPLAINED = (*STATUSES, "furniture")

EXPLANATION_COLUMNS = (
    "document", "line", "column", "start", "end", "parts", "surface", "term", "category", "form", "written", "status", "reason",
    "repairs", "verb", "value",
)  # fmt: skip


def explanation(
    document: Document,
    matcher: Matcher,
    selected: Selected,
    line: int | None = None,
    statuses: Iterable[str] = (),
    keep_furniture: bool = False,
    repair: bool = True,
) -> Iterator[tuple[object, ...]]:
    """One row of EXPLANATION_COLUMNS per candidate, counted or not, in reading order.

    `written` is the form of the lexicon, `reason` the rule that decided or the longer match that won, `repairs` the noise inside the match,
    with commas between. `line` restricts the rows to the candidates that touch that line, from 1; `statuses` to those of these
    statuses. A term is selected by what it counts for and by the form that stands there.
    """
    text = document.text
    lines = Lines(text)
    wanted = frozenset(statuses)
    matches = matcher.match(text, normalize_page(text, keep_furniture, repair))
    if not keep_furniture and (left_out := list(_in_furniture(text, matcher, repair))):
        matches = sorted([*matches, *left_out], key=lambda match: match.start)
    for match in matches:
        term = selected.term(match.term, match.pattern) or _by_form(match, selected)
        if term is None or (wanted and match.status not in wanted):
            continue
        first, column = lines.place(match.start)
        if line is not None and not first <= line <= lines.place(match.end - 1)[0]:
            continue
        yield (
            document.name, first, column, match.start, match.end, [list(part) for part in match.parts], match.surface, match.term,
            term.category, match.form, match.written, match.status, match.reason or _plain_reason(match),
            ", ".join(match.repairs), match.verb, match.value,
        )  # fmt: skip


def explain(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    terms: Names = (),
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    line: int | None = None,
    status: Names = (),
    coordination: bool = True,
    keep_furniture: bool = False,
    repair: bool = True,
) -> pd.DataFrame:
    """Every candidate, counted or not, with the rule that decided and the repairs, as a DataFrame with EXPLANATION_COLUMNS.

    `terms`, `category`, `exclude`, `scope`, `line` and `status` (one or more of EXPLAINED) restrict what is shown, never how the text is
    matched. Raises UnknownName.
    """
    lexicon = as_lexicon(lexicon)
    statuses = as_names(status)
    for name in statuses:
        if name not in EXPLAINED:
            raise UnknownName("status", name, EXPLAINED, f"statuses are {', '.join(EXPLAINED)}")
    selected = Selection.of(category, exclude, scope, terms).on(lexicon)
    matcher = Matcher(lexicon, coordination)
    how = (matcher, selected, line, statuses, keep_furniture, repair)
    rows = ((one.metadata, explanation(one, *how)) for one in as_documents(documents))
    return with_metadata(EXPLANATION_COLUMNS, rows).frame()


def _in_furniture(text: str, matcher: Matcher, repair: bool) -> Iterator[Match]:
    """What would count if it did not stand in a line of furniture."""
    for first, last in furniture(text):
        line = text[first:last]
        for match in matcher.match(line, normalize(line, repair)):
            if match.status == "counted":
                parts = tuple((start + first, end + first) for start, end in match.parts)
                yield replace(match, parts=parts, status="furniture", reason="in a line that envterms clean shows")


def _by_form(match: Match, selected: Selected) -> Term | None:
    """The selected term whose form stands there, where a sense rule counts it for another one."""
    return None if match.pattern else selected.term(selected.lexicon.find(match.written).term)


def _plain_reason(match: Match) -> str:
    """Why a match is counted that no rule had to decide."""
    return f"pattern {match.pattern}" if match.pattern else "longest form here"
