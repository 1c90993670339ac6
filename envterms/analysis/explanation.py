"""Every candidate with what became of it and why, so that a count can be defended line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon, as_names
from envterms.analysis.counting import Selected, Selection, Settings, parts_of
from envterms.analysis.table import with_metadata
from envterms.errors import UnknownName
from envterms.lexicon import Term
from envterms.matching import STATUSES, Match, Matcher
from envterms.normalizing import furniture, normalize
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
    lines = Lines(document.text)
    wanted = frozenset(statuses)
    for offset, match in _matches(document.text, matcher, keep_furniture, repair):
        term = selected.term(match.term, match.pattern) or _by_form(match, selected)
        if term is None or (wanted and match.status not in wanted):
            continue
        start, end = match.start + offset, match.end + offset
        first, column = lines.place(start)
        if line is not None and not first <= line <= lines.place(end - 1)[0]:
            continue
        parts = [[before + offset, behind + offset] for before, behind in match.parts]
        yield (
            document.name, first, column, start, end, parts, match.surface, match.term,
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


def _matches(text: str, matcher: Matcher, keep_furniture: bool, repair: bool) -> Iterator[tuple[int, Match]]:
    """The matches of a document in reading order, those in its furniture too, each with the place from which it counts its offsets."""
    left_out = [] if keep_furniture else furniture(text)
    for block, normalized, beyond in parts_of(text, matcher, Settings(keep_furniture=keep_furniture, repair=repair)):
        matches = [(block.start, match) for match in matcher.match(block.original, normalized, beyond)]
        lines = [span for span in left_out if block.start <= span[0] < block.start + len(block.text)]
        if found := [one for span in lines for one in _in_furniture(text, span, matcher, repair)]:
            matches = sorted([*matches, *found], key=lambda one: one[0] + one[1].start)
        yield from matches


def _in_furniture(text: str, span: tuple[int, int], matcher: Matcher, repair: bool) -> Iterator[tuple[int, Match]]:
    """What would count if it did not stand in a line of furniture."""
    line = text[slice(*span)]
    for match in matcher.match(line, normalize(line, repair)):
        if match.status == "counted":
            yield span[0], replace(match, status="furniture", reason="in a line that envterms clean shows")


def _by_form(match: Match, selected: Selected) -> Term | None:
    """The selected term whose form stands there, where a sense rule counts it for another one."""
    return None if match.pattern else selected.term(selected.lexicon.find(match.written).term)


def _plain_reason(match: Match) -> str:
    """Why a match is counted that no rule had to decide."""
    return f"pattern {match.pattern}" if match.pattern else "longest form here"
