"""The lexicon itself as an object of study: what it holds, and what an edit of it does to counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from envterms.analysis.arguments import AnyLexicon, Documents, as_documents, as_lexicon
from envterms.analysis.counting import Settings, tally
from envterms.analysis.table import Table
from envterms.lexicon import Lexicon, Term
from envterms.lexicon.comparing import compare_lexicons
from envterms.matching import Matcher
from envterms.reading import Document

if TYPE_CHECKING:
    import pandas as pd

FACETS = ("all", "top", "category", "type", "scope", "level", "region", "status", "event", "has")
STATS_COLUMNS = ("facet", "value", "terms", "forms", "share")
DIFF_COLUMNS = ("table", "name", "change", "column", "old", "new")


def stats_table(lexicon: Lexicon) -> Table:
    """What a lexicon holds: a row per facet and value, with the number of terms and of forms and the share of all terms.

    Facets are `all`, `top` and `category`, `type`, `scope`, `level`, `region` (of the terms that have one), `status`, `event`, and `has`:
    what a term has beside its forms; a `dated source` has a date and a number or address, so that it can be checked. A term with several
    regions or events counts for each.
    """
    terms: Counter[tuple[str, str]] = Counter()
    forms: Counter[tuple[str, str]] = Counter()
    for term in lexicon.terms.values():
        for place in set(_places(term, lexicon)):
            terms[place] += 1
            forms[place] += len(term.forms)
    order = {category: number for number, category in enumerate(lexicon.categories)}
    places = sorted(terms, key=lambda place: (FACETS.index(place[0]), order.get(place[1], -1), -terms[place], place[1]))
    return Table(
        STATS_COLUMNS,
        [(*place, terms[place], forms[place], round(terms[place] / len(lexicon.terms), 4)) for place in places],
    )


def lexicon_stats(lexicon: AnyLexicon | None = None) -> pd.DataFrame:
    """`stats_table` as a DataFrame; of the built-in lexicon by default, with one's own on top of it for a path.

    Raises InvalidArgument and InvalidLexicon.
    """
    return stats_table(as_lexicon(lexicon)).frame()


def diff_table(
    old: Lexicon, new: Lexicon, documents: Iterable[Document] = (), settings: Settings = Settings()
) -> Table:
    """The differences between two lexicons, and of the terms that `documents` hold the counts and document frequencies that move.

    A count that moves is a row of the table `counts`; it may be of a term that the edit did not touch, as longer terms hide shorter ones.
    """
    rows: list[tuple[object, ...]] = [
        (one.table, one.name, one.change, one.column, one.old, one.new) for one in compare_lexicons(old, new)
    ]
    matchers = Matcher(old, settings.coordination), Matcher(new, settings.coordination)
    numbers: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
    for document in documents:
        for number, matcher in zip(numbers, matchers, strict=True):
            result = tally(document, matcher, settings)
            for (term, _), occurrences in result.forms.items():
                number[term, "count"] += occurrences
            number.update((term, "docfreq") for term in {term for term, _ in result.forms})
    before, after = numbers
    moved = [key for key in {**before, **after} if before[key] != after[key]]
    moved.sort(key=lambda key: (-abs(after[key[0], "count"] - before[key[0], "count"]), key))
    rows += [("counts", term, "moved", column, before[term, column], after[term, column]) for term, column in moved]
    return Table(DIFF_COLUMNS, rows)


def diff_lexicons(old: AnyLexicon, new: AnyLexicon, documents: Documents = ()) -> pd.DataFrame:
    """`diff_table` as a DataFrame with DIFF_COLUMNS; a lexicon given by its path is taken alone, without the built-in one.

    Raises InvalidArgument, InvalidLexicon and UnreadableDocument.
    """
    pair = as_lexicon(old, builtin=False), as_lexicon(new, builtin=False)
    return diff_table(*pair, as_documents(documents)).frame()


def _places(term: Term, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    yield "all", "all"
    if term.category:
        yield "top", term.category.split("/")[0]
    for facet in ("category", "type", "scope", "level", "status"):
        yield facet, getattr(term, facet) or "(none)"
    yield from (("region", region) for region in term.region)
    yield from (("event", event.kind) for event in term.events)
    for facet in ("english", "expansion", "definition"):
        if getattr(term, facet):
            yield "has", facet
    sources = [lexicon.sources[id] for id in term.sources if id in lexicon.sources]
    if any(source.date and (source.number or source.address) for source in sources):
        yield "has", "dated source"
