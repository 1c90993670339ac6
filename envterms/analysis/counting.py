"""Matches -> frequencies."""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeVar

from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon, as_names
from envterms.analysis.table import Table, with_metadata
from envterms.errors import EnvtermsError, OtherEncoding, UnknownName, UnreadableDocument
from envterms.lexicon import Lexicon, Term
from envterms.matching import FORMS, REPAIRS, Alike, Match, Matcher
from envterms.matching.segmentation import tokenizer
from envterms.matching.senses import Beyond, nowhere
from envterms.normalizing import (
    KINDS,
    REACH,
    Block,
    Edge,
    NormalizedText,
    count_han,
    normalize,
    page_blocks,
    place_to_cut,
)
from envterms.reading import Document, Found, Range, is_large, open_large, read_document, size_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    import pandas as pd

#: What a rate is relative to: the column it is named by, and the number of units. Han characters are those of the repaired text.
DENOMINATORS = {
    "han": ("per_10k_han", 10_000),
    "tokens": ("per_10k_tokens", 10_000),
    "sentences": ("per_100_sentences", 100),
    "documents": ("per_document", 1),
}
GROUPINGS = ("document", "term", "category", "document-category")
#: What a column of a document-term matrix may be.
MATRICES = ("term", "category")

#: What ends a sentence of normalized text, and a sentence.
SENTENCE_END = r"[。！!？?;\n]"
SENTENCE = r"(?<![^。！!？?;\n])[^。！!？?;\n]*\w[^。！!？?;\n]*"  # begun only behind an end, or text without words would take long


@dataclass(frozen=True, slots=True)
class Settings:
    """How to count: `nested` is `longest` or `all`, `per` a key of DENOMINATORS; furniture of web pages is left out or kept.

    Without `repair` the text is matched as it stands: noise inside a term hides it. `index` are the terms of an index of attention, whose
    denominators are counted too.
    """

    nested: str = "longest"
    coordination: bool = True
    per: str = "han"
    keep_furniture: bool = False
    repair: bool = True
    index: Selected | None = None

    @property
    def in_tokens(self) -> bool:
        """Whether tokens are counted, which takes most of the time."""
        return self.per == "tokens" or self.index is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which terms a table shows. It never changes how the text is matched, so what is left out still hides what lies in it."""

    categories: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @classmethod
    def of(cls, category: Names = (), exclude: Names = (), scope: Names = (), terms: Names = ()) -> Selection:
        """A selection of one name or several of each kind."""
        return cls(as_names(category), as_names(exclude), as_names(scope), as_names(terms))

    def on(self, lexicon: Lexicon) -> Selected:
        """The selection looked up in a lexicon. Raises UnknownName for a category, term or scope that is not there."""
        without: set[str] = set()
        for name in self.exclude:
            without |= lexicon.within(name) if name in lexicon.categories else {lexicon.find(name).term}
        scopes = {term.scope for term in lexicon.terms.values()} if self.scopes else set()
        for scope in self.scopes:
            if scope not in scopes:
                there = sorted(scopes - {""})
                advice = f"scopes are {', '.join(there)}" if there else "no term of this lexicon has one"
                raise UnknownName("scope", scope, there, advice)
        return Selected(
            lexicon,
            frozenset(id for name in self.categories for id in lexicon.within(name)),
            frozenset(self.scopes),
            frozenset(lexicon.find(name).term for name in self.terms),
            frozenset(without),
        )


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection on a lexicon: it says which terms are shown, and what is known of them."""

    lexicon: Lexicon
    categories: frozenset[str]
    scopes: frozenset[str]
    terms: frozenset[str]
    without: frozenset[str]

    @property
    def is_part(self) -> bool:
        """Whether anything was asked for, so that it may not be the whole lexicon."""
        return bool(self.categories or self.scopes or self.terms or self.without)

    def term(self, name: str, pattern: str = "") -> Term | None:
        """The term with that canonical form, or the name that a pattern found; None if it is not selected."""
        term = self.lexicon.terms.get(name) or self.lexicon.patterns[pattern].term(name)
        wanted = (
            (not self.categories or term.category in self.categories)
            and (not self.scopes or term.scope in self.scopes)
            and (not self.terms or name in self.terms)
            and not {term.category, name} & self.without
        )
        return term if wanted else None


@dataclass(slots=True)
class Tally:
    """The counts of one document. `forms` counts occurrences by term and form, `written` by term and the form of the lexicon that stands
    there, `verbs` by term and the campaign verb in front (深入打好); the others count by term what is not an occurrence.

    `patterns` says of a term that is a matched name which pattern it is of.
    `repairs` counts the noise that was left out, `mended` the occurrences that needed a repair, by kind and as `any`. `metadata` and
    `warnings` are those of the document. `tokens`, `sentences` and those with one of the terms, `sentences_hit`, are counted for an index.
    """

    document: str
    encoding: str
    han: int
    units: float
    forms: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    verbs: Counter[tuple[str, str]] = field(default_factory=Counter)
    nested: Counter[str] = field(default_factory=Counter)
    unresolved: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    patterns: dict[str, str] = field(default_factory=dict)
    mended: Counter[str] = field(default_factory=Counter)
    metadata: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    tokens: int = 0
    sentences: int = 0
    sentences_hit: int = 0


@dataclass(slots=True)
class _Sentences:
    """The sentences of some blocks of a document, and those in which an occurrence begins; a block may go on with the last one."""

    number: int = 0
    hit: int = 0
    _open: bool = False  # whether the last one has not ended yet
    _open_hit: bool = False

    def add(self, normalized: NormalizedText, joined: bool, places: Sequence[int] = ()) -> None:
        """Adds those of the next block, in which occurrences begin at `places`; `joined` says that it goes on with a sentence."""
        text = normalized.text
        spans = [found.span() for found in re.finditer(SENTENCE, text)]
        starts = [normalized.original(start) for start, _ in spans] if places else []
        hits = {bisect_right(starts, place) for place in places}
        again = joined and self._open and bool(spans) and spans[0][0] == 0
        self.number += len(spans) - again
        self.hit += len(hits) - (again and self._open_hit and 1 in hits)
        if spans:
            self._open = spans[-1][1] == len(text)
            self._open_hit = len(spans) in hits or (again and self._open_hit and len(spans) == 1)
        elif not joined or re.search(SENTENCE_END, text):
            self._open = False


@dataclass(slots=True)
class _Part:
    """What was counted in some blocks of a document; `counts` are those of `Matcher.count`. `torn` are the places where it was cut though
    something may be found across.
    """

    han: int = 0
    tokens: int = 0
    torn: int = 0
    sentences: _Sentences = field(default_factory=_Sentences)
    repairs: Counter[str] = field(default_factory=Counter)
    counts: Counter[int | Alike] = field(default_factory=Counter)

    def add(self, other: _Part) -> None:
        """Adds what was counted in other blocks."""
        self.han += other.han
        self.tokens += other.tokens
        self.torn += other.torn
        self.sentences.number += other.sentences.number
        self.sentences.hit += other.sentences.hit
        self.repairs.update(other.repairs)
        self.counts.update(other.counts)


def tally(document: Document, matcher: Matcher, settings: Settings = Settings()) -> Tally:
    """Counts one document."""
    whole = _Part()
    for block, normalized, beyond in parts_of(document.text, matcher, settings):
        _count_block(whole, block, normalized, matcher, settings, beyond)
    result = _tally(document.name, document.encoding, document.warnings, whole, matcher, settings)
    result.metadata = document.metadata
    return result


def parts_of(text: str, matcher: Matcher, settings: Settings) -> Iterator[tuple[Block, NormalizedText, Beyond]]:
    """The blocks of a document, each of them normalized and with what tells whether a cue stands in another."""
    blocks = page_blocks([text], settings.keep_furniture, apart=partial(_apart, matcher, settings))
    parts = [(block, block.normalized(settings.repair)) for block in blocks]
    holding: dict[str, set[int]] = {}  # the parts that hold a cue, for those that a rule asked for

    def beyond(place: int, cue: str) -> bool:
        if cue not in holding:
            holding[cue] = {number for number, (_, normalized) in enumerate(parts) if cue in normalized.text}
        return bool(holding[cue] - {place})

    for place, (block, normalized) in enumerate(parts):
        yield block, normalized, partial(beyond, place)


def _apart(matcher: Matcher, settings: Settings, text: str, place: int) -> bool:
    """Whether no match and, if they are counted, no token runs across a place."""
    if settings.in_tokens:
        parts = (text, text[:place], text[place:])
        whole, before, behind = (token_count(normalize(part, settings.repair)) for part in parts)
        if whole != before + behind:
            return False
    return matcher.apart(text, place, settings.repair)


def _count_block(
    counted: _Part,
    block: Block,
    normalized: NormalizedText,
    matcher: Matcher,
    settings: Settings,
    beyond: Beyond = nowhere,
) -> None:
    """Adds the counts of a block of a document; `beyond` tells whether a cue stands in another block."""
    counted.han += count_han(normalized.text)
    counted.torn += block.edge == Edge.TORN
    counted.repairs.update(normalized.repairs)
    joined, selected = block.edge != Edge.BREAK, settings.index
    if settings.in_tokens:
        counted.tokens += token_count(normalized)
    if selected is None:
        matcher.count(block.text, normalized, beyond, counted.counts)
        if settings.per == "sentences":
            counted.sentences.add(normalized, joined)
    else:
        matches = matcher.match(block.text, normalized, beyond)
        counted.counts.update(map(_alike, matches))
        hits = (
            match.start
            for match in matches
            if is_occurrence(match, settings.nested) and selected.term(match.term, match.pattern)
        )
        counted.sentences.add(normalized, joined, list(hits))


def _alike(match: Match) -> Alike:
    return Alike(match.term, match.form, match.written, match.status, match.pattern, match.verb, match.repairs)


def _tally(
    name: str, encoding: str, warnings: tuple[str, ...], counted: _Part, matcher: Matcher, settings: Settings
) -> Tally:
    """The counts of a whole document by the names of its terms."""
    sentences, hit = counted.sentences.number, counted.sentences.hit
    units = {"han": counted.han, "tokens": counted.tokens, "sentences": sentences, "documents": 1}[settings.per]
    if counted.torn:
        warnings = (
            *warnings,
            f"{name}: too long without a break, so it was cut where a term may stand ({counted.torn:,} times), which is then not counted",
        )
    result = Tally(name, encoding, counted.han, units, repairs=counted.repairs, warnings=warnings)
    if settings.index is not None:
        result.tokens, result.sentences, result.sentences_hit = counted.tokens, sentences, hit
    for match, times in matcher.alike(counted.counts):
        if is_occurrence(match, settings.nested):
            result.forms[match.term, match.form] += times
            result.written[match.term, match.written] += times
            if match.repairs and (mended := set(match.repairs).intersection(REPAIRS)):
                result.mended.update(dict.fromkeys((*mended, "any"), times))
        if match.status in ("nested", "unresolved", "rejected"):
            getattr(result, match.status)[match.term] += times
        if match.pattern:  # two patterns may give one name
            result.patterns[match.term] = min(match.pattern, result.patterns.get(match.term, match.pattern))
        if match.verb:
            result.verbs[match.term, match.verb] += times
    return result


def is_occurrence(match: Match | Alike, nested: str) -> bool:
    """Whether a match is counted under the option `nested`."""
    return match.status == "counted" or (match.status == "nested" and nested == "all")


def tally_files(
    paths: Sequence[Found],
    lexicon: Lexicon,
    settings: Settings = Settings(),
    encoding: str | None = None,
    jobs: int | None = None,
    progress: Callable[[int], object] = int,
) -> Iterator[Tally | UnreadableDocument]:
    """Counts files, and documents that were read already, in the order given. A file that cannot be read comes out as its error.

    `jobs` is the number of processes, by default one for each processor; little work is done without any. `progress` is called with the
    number of bytes that were done since it was last called.
    """
    matcher = Matcher(lexicon, settings.coordination)
    worth = _WORTH_A_WORKER // (_SLOWER if settings.in_tokens else 1)
    workers = min(jobs or os.cpu_count() or 1, sum(map(_work_of, paths)) // max(worth, 1))
    if sys.platform == "win32":
        workers = min(workers, _ON_WINDOWS)
    work = (_do(task, matcher, settings, encoding) for task in _tasks(paths, settings, encoding))
    results = work if workers <= 1 else _in_processes(workers, paths, matcher, settings, encoding)
    for path, whole in _put_together(chain.from_iterable(results), matcher, settings, progress):
        if isinstance(whole, OtherEncoding):
            tasks = _ranges(path, settings, encoding, trusting=False)
            again = chain.from_iterable(_do(task, matcher, settings, encoding) for task in tasks)
            yield from (one for _, one in _put_together(again, matcher, settings, int))
        else:
            yield whole


def _put_together(
    results: Iterable[_Result], matcher: Matcher, settings: Settings, progress: Callable[[int], object]
) -> Iterator[tuple[str, Tally | UnreadableDocument]]:
    """The files that the results are of, with their paths if they could be opened."""
    path, parts = "", None
    head: Tally | UnreadableDocument | None = None
    for result, size, is_part in results:
        progress(size)
        if isinstance(result, _Part):
            parts = parts or _Part()
            parts.add(result)
        elif is_part:
            head = result  # it could not be read to its end
        else:
            if head is not None:
                yield path, _whole(head, parts, matcher, settings)
            path = result.document if isinstance(result, Tally) else ""
            head, parts = result, None
    if head is not None:
        yield path, _whole(head, parts, matcher, settings)


def _whole(
    head: Tally | UnreadableDocument, parts: _Part | None, matcher: Matcher, settings: Settings
) -> Tally | UnreadableDocument:
    """The tally of a file; that of a large one has only its name before its parts are added."""
    if isinstance(head, UnreadableDocument) or parts is None:
        return head
    return _tally(head.document, head.encoding, head.warnings, parts, matcher, settings)


def count_table(
    tallies: Sequence[Tally],
    lexicon: Lexicon,
    by: str = "document",
    selection: Selection = Selection(),
    per: str = "han",
) -> Table:
    """Frequencies from tallies, with every column there is.

    `by` is `document` (one row per document and term, the tidy form), `term` (totals over the documents), `category`, or
    `document-category`. Rows come in the order of the documents, then by falling count, those with equal counts by falling nested places
    and then by the code points of the term (or of the category). A term that is only nested or unresolved has a
    row with count 0. Where a row is of one document, the document's metadata stand in further columns, with
    `metadata_` before a name in RESERVED.
    """
    if by not in GROUPINGS:
        raise UnknownName("grouping", by, GROUPINGS, f"groupings are {', '.join(GROUPINGS)}")
    selected = selection.on(lexicon)
    rows_of = _categories if by.endswith("category") else _terms
    rate = DENOMINATORS[per][0]
    columns = tuple(name.format(rate=rate) for name in (_CATEGORY_COLUMNS if rows_of is _categories else _TERM_COLUMNS))
    if not by.startswith("document"):
        return Table(columns, rows_of(tallies, selected, per))
    return with_metadata(
        ("document", *columns),
        ((one.metadata, [(one.document, *row) for row in rows_of([one], selected, per)]) for one in tallies),
        RESERVED,
    )


def document_term_matrix(tallies: Sequence[Tally], selected: Selected, by: str = "term") -> Table:
    """Documents by terms: the name, the Han characters and the metadata of each document, then a column of counts per term
    that occurs or was selected by its name.

    With `by="category"` a column is a category.
    """
    terms = known_terms(tallies, selected, selected.terms.union(name for one in tallies for name, _ in one.forms))
    column_of = {name: term.category if by == "category" else name for name, term in terms.items()}
    names = sorted(set(column_of.values()))
    rows = []
    for one in tallies:
        counts: Counter[str] = Counter()
        for (name, _), number in one.forms.items():
            if name in column_of:
                counts[column_of[name]] += number
        rows.append((one.metadata, [(one.document, one.han, *(counts[name] for name in names))]))
    table = with_metadata(("document", "han", *names), rows, RESERVED)
    end = 2 + len(names)
    columns = table.columns[:2] + table.columns[end:] + table.columns[2:end]
    return Table(columns, [row[:2] + row[end:] + row[2:end] for row in table.rows])


def terms_by_documents(table: Table) -> Table:
    """Terms by documents: the counts of a table made with `by="document"`, most frequent terms first and equal ones by their code points;
    0 where a term does not occur.
    """
    place = {name: table.columns.index(name) for name in ("document", "term", "count")}
    documents = list(dict.fromkeys(table.column("document")))
    cells: dict[object, Counter[object]] = {}
    for row in table.rows:
        number = row[place["count"]]
        if isinstance(number, int) and number:
            cells.setdefault(row[place["term"]], Counter())[row[place["document"]]] += number
    terms = sorted(cells, key=lambda term: (-cells[term].total(), str(term)))
    rows = [(term, cells[term].total(), *(cells[term][document] for document in documents)) for term in terms]
    return Table(("term", "count", *map(str, documents)), rows)


def count(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    by: str = "document",
    nested: str = "longest",
    coordination: bool = True,
    per: str = "han",
    keep_furniture: bool = False,
    repair: bool = True,
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    terms: Names = (),
) -> pd.DataFrame:
    """Frequencies of the lexicon's terms in `documents` as a DataFrame.

    With `by="document"` a row is a document and a term. `count` is the number of occurrences; `literal` of them stand in one piece
    (`alias` of those in another form than the canonical one), `coordinated` share a part with a neighbour; `nested` stand inside a
    longer term and are counted only with `nested="all"`. Navigation bars and notices of web pages are left out of counts and
    denominators unless `keep_furniture`. `repair=False` matches the text as it stands, so that noise inside a term hides it. The rate
    column names its denominator, by default `per_10k_han`: occurrences per 10,000 Han characters of the document.

    `documents` is one Document or several, or a Path to read. `lexicon` is a Lexicon, or the path of one of your own on top of the
    built-in one. `category`, `exclude` (categories or terms), `scope` and `terms` restrict what is shown, never how the text is matched.
    Raises UnknownName for an unknown name, and InvalidArgument.
    """
    lexicon = as_lexicon(lexicon)
    known("nested", nested, ("longest", "all"))
    known("denominator", per, tuple(DENOMINATORS))
    settings = Settings(nested, coordination, per, keep_furniture, repair)
    matcher = Matcher(lexicon, coordination)
    tallies = [tally(one, matcher, settings) for one in as_documents(documents)]
    return count_table(tallies, lexicon, by, Selection.of(category, exclude, scope, terms), per).frame()


def matrix(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    by: str = "term",
    nested: str = "longest",
    coordination: bool = True,
    keep_furniture: bool = False,
    repair: bool = True,
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    terms: Names = (),
) -> pd.DataFrame:
    """A document-term matrix as a DataFrame: a row per document, also one without any term, and a column of counts per
    term that occurs. One named with `terms` has its column also where it does not occur, so that matrices of several samples fit.

    In front stand the columns `document`, `han` (its Han characters) and those of its metadata. With `by="category"` a column is a
    category. The rest is as in `count`. Raises UnknownName and InvalidArgument.
    """
    known("column", by, MATRICES)
    known("nested", nested, ("longest", "all"))
    lexicon = as_lexicon(lexicon)
    settings = Settings(nested, coordination, keep_furniture=keep_furniture, repair=repair)
    matcher = Matcher(lexicon, coordination)
    tallies = [tally(one, matcher, settings) for one in as_documents(documents)]
    return document_term_matrix(tallies, Selection.of(category, exclude, scope, terms).on(lexicon), by).frame()


_TERM_COLUMNS = (
    "category", "term", "english", "count", "docfreq", "literal", "alias", "pattern", "coordinated", "nested", "unresolved",
    "{rate}", "share", "rank", "type", "level", "scope", "status", "han", "lexicon",
)  # fmt: skip
_CATEGORY_COLUMNS = ("category", "chinese", "english", "count", "terms", "docfreq", "unresolved", "{rate}", "share")

#: The columns of the index of attention.
INDEX_COLUMNS = (
    "document", "occurrences", "terms", "han", "per_10k_han", "tokens", "per_100_tokens", "sentences", "sentences_hit",
    "share_sentences",
)  # fmt: skip
#: Names that metadata never have beside counts, so that a column of them is called the same in every table of counts and in the index.
RESERVED = frozenset(
    (*_TERM_COLUMNS, *_CATEGORY_COLUMNS, *INDEX_COLUMNS, *(column for column, _ in DENOMINATORS.values()))
)


def _terms(tallies: Sequence[Tally], selected: Selected, per: str) -> list[tuple[object, ...]]:
    _, scale = DENOMINATORS[per]
    forms = _summed([one.forms for one in tallies])
    nested, unresolved = _summed([one.nested for one in tallies]), _summed([one.unresolved for one in tallies])
    docfreq = _summed([Counter({term for term, _ in one.forms}) for one in tallies])
    units = sum(one.units for one in tallies)
    han = sum(one.han for one in tallies)
    by_form: dict[str, list[int]] = {name: [0] * len(FORMS) for name in (*nested, *unresolved)}
    for (name, form), number in forms.items():
        by_form.setdefault(name, [0] * len(FORMS))[FORMS.index(form)] += number
    terms = known_terms(tallies, selected, by_form)
    totals = {name: sum(by_form[name]) for name in terms}
    shown = sorted(terms, key=lambda name: (-totals[name], -nested[name], name))
    whole = sum(totals.values())
    ranks = _ranks([totals[name] for name in shown])
    rows: list[tuple[object, ...]] = []
    for name, rank in zip(shown, ranks, strict=True):
        term, number, (literal, *others) = terms[name], totals[name], by_form[name]
        rows.append((
            term.category, name, term.english, number, docfreq[name], literal + others[0], *others, nested[name],
            unresolved[name], _rate(number, units, scale), _rate(number, whole, 1), rank, term.type, term.level, term.scope,
            term.status, han, selected.lexicon.digest,
        ))  # fmt: skip
    return rows


_Name = TypeVar("_Name")


def _summed(counts: Sequence[Counter[_Name]]) -> Counter[_Name]:
    if len(counts) == 1:
        return counts[0]
    total: Counter[_Name] = Counter()
    for one in counts:
        total.update(one)
    return total


def _categories(tallies: Sequence[Tally], selected: Selected, per: str) -> list[tuple[object, ...]]:
    _, scale = DENOMINATORS[per]
    counts: Counter[str] = Counter()
    docfreq: Counter[str] = Counter()
    terms: dict[str, set[str]] = {}
    unresolved: Counter[str] = Counter()
    names = {name for one in tallies for name, _ in one.forms} | {name for one in tallies for name in one.unresolved}
    known = known_terms(tallies, selected, names)
    for one in tallies:
        present = set()
        for (name, _), number in one.forms.items():
            if name in known:
                id = known[name].category
                counts[id] += number
                terms.setdefault(id, set()).add(name)
                present.add(id)
        docfreq.update(present)
        for name, number in one.unresolved.items():
            if name in known:
                unresolved[known[name].category] += number
    units = sum(one.units for one in tallies)
    whole = sum(counts.values())
    rows: list[tuple[object, ...]] = []
    for id in sorted(counts | unresolved, key=lambda id: (-counts[id], id)):
        category = selected.lexicon.categories.get(id)
        labels = (category.chinese, category.english) if category else ("", "")
        rows.append(
            (
                id,
                *labels,
                counts[id],
                len(terms.get(id, ())),
                docfreq[id],
                unresolved[id],
                _rate(counts[id], units, scale),
                _rate(counts[id], whole, 1),
            )
        )
    return rows


def known_terms(tallies: Sequence[Tally], selected: Selected, names: Iterable[str]) -> dict[str, Term]:
    """The selected ones of the names, with what is known of them."""
    patterns: dict[str, str] = {}
    for one in tallies:
        patterns.update(one.patterns)
    found = {name: selected.term(name, patterns.get(name, "")) for name in names}
    return {name: term for name, term in found.items() if term is not None}


def _rate(number: float, units: float, scale: int) -> float | None:
    """With six significant digits: a rare term among many has more than zeros, and shares add up."""
    return float(f"{number / units * scale:.6g}") if units else None


def _ranks(falling: Sequence[int]) -> list[int]:
    """Rank of each number of a falling series; equal numbers share the best rank."""
    first: dict[int, int] = {}
    return [first.setdefault(number, place) for place, number in enumerate(falling, 1)]


def token_count(normalized: NormalizedText) -> int:
    """How many tokens of jieba hold a letter, digit or character. White space that was left out separates them beside a Latin letter."""
    text = normalized.text
    gaps = zip(normalized.gap_starts, normalized.gap_kinds, strict=True)
    words = [at for at, kind in gaps if kind == _SPACE and re.fullmatch(_LATIN, text[at - 1 : at + 1])]
    text = " ".join(text[start:end] for start, end in pairwise((0, *words, len(text))))
    return sum(1 for token in tokenizer().cut(text) if any(map(str.isalnum, token)))


_SPACE = KINDS.index("space")
_LATIN = "(?![0-9]{2})[0-9A-Za-z]{2}"  # not two digits: 2 0 1 9 is one number


def known(kind: str, name: str, names: Collection[str]) -> None:
    """Raises UnknownName for a name that is not one of `names`."""
    if name not in names:
        raise UnknownName(kind, name, names, f"known are {', '.join(names)}")


_WORTH_A_WORKER = 16 << 20  # bytes that take longer to count than to start a process
_SLOWER = 8  # so many times at least counting takes with tokens
_ON_WINDOWS = 62  # processes: this one and as many others as it can wait for there
_OF_EACH_FILE = 1 << 15  # bytes that take as long to count as to open a file and begin and end with it
_BATCH = 1 << 20  # bytes of small files that a worker is given at once, with these

# with the bytes that were done, and whether it belongs to the file before
_Result = tuple[Tally | _Part | UnreadableDocument, int, bool]
_Task = list[Found] | Range | _Result


def _tasks(paths: Iterable[Found], settings: Settings, encoding: str | None) -> Iterator[_Task]:
    """Small files in batches, large ones in ranges, behind an empty tally with their name."""
    batch: list[Found] = []
    size = 0
    for path in paths:
        large = isinstance(path, str) and is_large(path)
        if batch and (large or size >= _BATCH):
            yield batch
            batch, size = [], 0
        if isinstance(path, str) and large:
            yield from _ranges(path, settings, encoding)
        else:
            batch.append(path)
            size += _work_of(path)
    yield batch


def _work_of(path: Found) -> int:
    return size_of(path) + _OF_EACH_FILE


def _ranges(path: str, settings: Settings, encoding: str | None, trusting: bool = True) -> Iterator[_Task]:
    left, opened = size_of(path), False
    try:
        found, whole = open_large(path, encoding, trusting)
        yield Tally(path, found.name, 0, int(settings.per == "documents"), warnings=found.warnings), 0, False
        opened = True
        for one in whole.cut(place_to_cut, 2 * REACH):
            yield one
            left -= one.stop - one.start
    except UnreadableDocument as error:
        yield error, left, opened


def _do(task: _Task, matcher: Matcher, settings: Settings, encoding: str | None) -> list[_Result]:
    match task:
        case tuple():
            return [task]
        case Range():
            return [(_count_range(task, matcher, settings), task.stop - task.start, True)]
        case _:
            return [(_tally_file(path, matcher, settings, encoding), size_of(path), False) for path in task]


def _count_range(part: Range, matcher: Matcher, settings: Settings) -> _Part | UnreadableDocument:
    counted = _Part()
    head, tail = part.start == 0, part.is_last
    try:
        apart = partial(_apart, matcher, settings)
        for block in page_blocks(part.pieces(), settings.keep_furniture, head=head, tail=tail, apart=apart):
            _count_block(counted, block, block.normalized(settings.repair), matcher, settings)
    except UnreadableDocument as error:
        return error
    return counted


def _tally_file(path: Found, matcher: Matcher, settings: Settings, encoding: str | None) -> Tally | UnreadableDocument:
    if isinstance(path, UnreadableDocument):
        return path
    try:
        document = path if isinstance(path, Document) else read_document(path, encoding)
        return tally(document, matcher, settings)
    except UnreadableDocument as error:
        return error


def _in_processes(
    workers: int,
    paths: Sequence[Found],
    matcher: Matcher,
    settings: Settings,
    encoding: str | None,
) -> Iterator[list[_Result]]:
    """What `_do` gives, in the order of the tasks.

    This process makes no more tasks than keep the others busy, and does some itself in the meantime. Raises EnvtermsError where another
    one is ended.
    """
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    waiting: deque[Future[list[_Result]] | list[_Result]] = deque()
    given: list[Future[list[_Result]]] = []
    about = (matcher.lexicon, settings, encoding)
    with ProcessPoolExecutor(workers - 1, initializer=_start_worker, initargs=about) as pool:
        try:
            for task in _tasks(paths, settings, encoding):
                given = [future for future in given if not future.done()]
                endless = isinstance(task, Range) and task.start == 0 and task.is_last  # Ctrl-C is not to wait for it
                if len(given) < 2 * (workers - 1) and not isinstance(task, tuple) and not endless:
                    given.append(pool.submit(_work, task))
                    waiting.append(given[-1])
                else:
                    waiting.append(_do(task, matcher, settings, encoding))
                while waiting and (isinstance(waiting[0], list) or waiting[0].done()):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except BrokenProcessPool:
            raise EnvtermsError(
                "a process that helped to count was ended from outside, perhaps for lack of memory; try -j 1"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _result(done: Future[list[_Result]] | list[_Result]) -> list[_Result]:
    return done if isinstance(done, list) else done.result()


_worker: tuple[Matcher, Settings, str | None]


def _start_worker(lexicon: Lexicon, settings: Settings, encoding: str | None) -> None:
    import signal

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then waits for the last ranges only
    _worker = (Matcher(lexicon, settings.coordination), settings, encoding)


def _work(task: _Task) -> list[_Result]:
    return _do(task, *_worker)
