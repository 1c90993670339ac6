"""Where each form stands first in a dated corpus: an upper bound for its age, computed and never typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from envterms.analysis.arguments import AnyLexicon, Documents, as_documents, as_lexicon
from envterms.analysis.counting import Selection, is_occurrence
from envterms.analysis.table import Table
from envterms.errors import UnreadableDocument
from envterms.lexicon import Lexicon, Term
from envterms.lexicon.dates import is_date, is_later
from envterms.matching import Match, Matcher
from envterms.normalizing import normalize_page
from envterms.reading import Document, Lines, read_document
from envterms.reading.tables import csv_rows, separator_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "term", "form", "kind", "first", "document", "line", "column", "surface", "docfreq", "not_in_corpus", "claims", "later_claims",
    "category", "status", "corpus", "gaps", "lexicon",
)  # fmt: skip

_DATE = re.compile(
    r"""(?<!\d) (?P<year>(19|20)\d\d)
        (?: [-_.年]? (?P<month>0[1-9]|1[0-2]|[1-9](?=月)) (?: [-_.月]? (?P<day>0[1-9]|[12]\d|3[01]|[1-9](?=日)) )? )? (?!\d)""",
    re.VERBOSE | re.ASCII,
)
_CLAIMS_OF_FIRST_USE = (
    "coined",
    "launched",
)  # a law may codify, and a new name take the place of, what was said before


def date_in_name(name: str) -> str | None:
    """The date in the name of a file, or else of its folder, as YYYY, YYYY-MM or YYYY-MM-DD.

    >>> date_in_name("gwr/1954.txt"), date_in_name("2018-09-11_a.txt"), date_in_name("2019/a.txt"), date_in_name("20180911.txt")
    ('1954', '2018-09-11', '2019', '2018-09-11')
    """
    path = PurePosixPath(name)
    for part in (path.stem, *reversed(path.parts[:-1])):
        for found in _DATE.finditer(part):
            date = "-".join(number.zfill(2) for number in found.group("year", "month", "day") if number)
            if is_date(date):
                return date
    return None


def read_dates(path: str) -> dict[str, str]:
    """The dates of documents from a CSV file with the columns `document` and `date`. Raises UnreadableDocument.

    `document` is the path as it is given to envterms, or the name of the file.
    """
    text = read_document(path).text.removeprefix("\ufeff")
    rows = csv_rows(text, separator_of(text))
    _, header = next(rows, (1, []))
    for name in ("document", "date"):
        if name not in header:
            raise UnreadableDocument(
                f"{path}: has no column {name!r}; a table of dates has the columns document and date"
            )
    dates = {}
    for line, cells in rows:
        row = dict(zip(header, cells, strict=False))
        date = row.get("date", "")
        if not is_date(date):
            raise UnreadableDocument(f"{path}:{line}: date: {date!r} is not a date such as 2018, 2018-09 or 2018-09-11")
        dates[row.get("document", "")] = date
    return dates


def dated(
    documents: Iterable[Document], dates: Mapping[str, str] = {}, failures: list[UnreadableDocument] | None = None
) -> Iterator[Document]:
    """The documents with `metadata["date"]`, from `dates` by path or file name, or else from their name.

    One without a date is appended to `failures`, or raised where there is no such list.
    """
    for document in documents:
        name = Path(document.name).name
        date = dates.get(document.name) or dates.get(name) or date_in_name(document.name)
        if date:
            yield replace(document, metadata={**document.metadata, "date": date})
            continue
        error = UnreadableDocument(
            f"{document.name}: no date in its name (such as 1954.txt or 2018-09-11_x.txt); give a table of dates"
        )
        if failures is None:
            raise error
        failures.append(error)


def first_seen_table(
    documents: Iterable[Document],
    lexicon: Lexicon,
    selection: Selection = Selection(),
    nested: str = "longest",
    coordination: bool = True,
) -> Table:
    """One row of COLUMNS per form of a term that occurs in `documents`, which have `metadata["date"]`, by rising date.

    `first` is only an upper bound: `not_in_corpus` says which years just before it the corpus lacks, or that the corpus begins with it;
    `gaps` are all years that it lacks. `claims` are the events of the lexicon, kept apart; those of a first use that are later than what
    was seen stand in `later_claims`, to be read: the claim may be wrong, or the form have had another sense.
    """
    selected = selection.on(lexicon)
    matcher = Matcher(lexicon, coordination)
    seen: dict[tuple[str, str], tuple[object, ...]] = {}  # the columns from kind to surface
    first: dict[tuple[str, str], str] = {}
    docfreq: Counter[tuple[str, str]] = Counter()
    dates: list[str] = []
    for document in documents:
        date = document.metadata["date"]
        dates.append(date)
        found: dict[tuple[str, str], Match] = {}
        for match in matcher.match(document.text, normalize_page(document.text)):
            if not match.pattern and is_occurrence(match, nested) and selected.term(match.term):
                found.setdefault((match.term, match.written), match)
        docfreq.update(found.keys())
        lines = Lines(document.text)
        for key, match in found.items():
            if key not in first or date < first[key]:
                first[key] = date
                seen[key] = (match.form, date, document.name, *lines.place(match.start), match.surface)
    years = {int(date[:4]) for date in dates}
    span = f"{min(years)}-{max(years)}, {len(dates)} documents" if years else ""
    missing = sorted(set(range(min(years), max(years))) - years) if years else []
    rows: list[tuple[object, ...]] = []
    for key, date in sorted(first.items(), key=lambda item: (item[1], item[0])):
        term = lexicon.terms[key[0]]
        rows.append((
            *key, *seen[key], docfreq[key], _not_in_corpus(int(date[:4]), years), _claims(term), _claims(term, date),
            term.category, term.status, span, _ranges(missing), lexicon.digest,
        ))  # fmt: skip
    return Table(COLUMNS, rows)


def first_seen(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    dates: Mapping[str, str] = {},
    nested: str = "longest",
) -> pd.DataFrame:
    """`first_seen_table` as a DataFrame; the documents are dated by `dates` or by their names.

    Raises UnreadableDocument, InvalidArgument and InvalidLexicon.
    """
    return first_seen_table(dated(as_documents(documents), dates), as_lexicon(lexicon), nested=nested).frame()


def _not_in_corpus(year: int, years: set[int]) -> str:
    earlier = [one for one in years if one < year]
    return _ranges(range(max(earlier) + 1, year)) if earlier else f"before {year}"


def _claims(term: Term, seen: str = "") -> str:
    """The events of a term; of those of a first use only the ones that are later than the date `seen`, if there is one."""
    return "|".join(
        f"{event.kind} {event.date} {event.source}"
        for event in term.events
        if not seen or (event.kind in _CLAIMS_OF_FIRST_USE and is_later(event.date, seen))
    )


def _ranges(years: Iterable[int]) -> str:
    """
    >>> _ranges([1989, 1990, 1991, 1996])
    '1989-1991|1996'
    """
    runs = [[year for _, year in run] for _, run in groupby(enumerate(years), lambda pair: pair[1] - pair[0])]
    return "|".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
