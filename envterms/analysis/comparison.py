"""Two sides of tallies -> which terms differ, by how much, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import numpy as np
from scipy.sparse import csr_array

from envterms.analysis import keyness
from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon, as_names
from envterms.analysis.counting import DENOMINATORS, Selection, Settings, Tally, known, known_terms, tally
from envterms.analysis.keyness import Floats
from envterms.analysis.table import Table
from envterms.errors import EnvtermsError, InvalidArgument
from envterms.lexicon import Lexicon, Term
from envterms.matching import Matcher

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("term", "category")
SIDES = ("target", "reference")

#: Tests of a difference. `auto` takes `documents` where both sides have FEW_DOCUMENTS or more, else Fisher's test for terms with an
#: expected count below FEW_EXPECTED, else G2.
TESTS = ("auto", "documents", "counts")
FEW_DOCUMENTS = 5
FEW_EXPECTED = 5
DISPERSION_DOCUMENTS = 3
LITTLE_TEXT = 2_000
FEW_MATCHES = 30

#: What may be sampled as if at random: a rate per sentence or document is no share of a whole that G2 could split.
SIZES = ("han", "tokens")

Measure: TypeAlias = Callable[[Floats, Floats, float, float], Floats]

#: Further columns, by the name that asks for them.
MEASURES: dict[str, Measure] = {
    "pct_diff": keyness.percent_difference,
    "odds_ratio": keyness.odds_ratio,
    "fisher_p": keyness.fisher_p,
    "bic": keyness.bayes_factor,
    "simple_maths": keyness.simple_maths,
}

_COLUMNS = (
    "part", "term", "english", "category", "n_target", "n_reference", "{rate}_target", "{rate}_reference", "docfreq_target",
    "docfreq_reference", "g2", "p", "p_adj", "test", "log_ratio", "ci_low", "ci_high", "lrc", "dp_target", "dp_reference",
)  # fmt: skip
_SHIFT_COLUMNS = ("term", "reference", "n_reference", "of_reference", "target", "n_target", "of_target")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `units` is its size in the unit of the rates, `han` in Han characters."""

    name: str
    documents: int
    han: int
    units: float
    occurrences: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result. `table` has a row per term that occurs on either side, most typical of the target first.

    `forms` and `verbs` list the terms whose leading form, or campaign verb, is another one in the target. `by_documents` says
    whether documents were the unit of the test; p is adjusted for all rows of `table`.
    """

    table: Table
    target: Side
    reference: Side
    forms: Table
    verbs: Table
    level: str
    by_documents: bool
    alpha: float
    warnings: tuple[str, ...]

    @property
    def independent(self) -> bool:
        """Whether p values say anything: within two single documents no two occurrences are independent."""
        return self.target.documents > 1 or self.reference.documents > 1

    @property
    def methods(self) -> dict[str, str]:
        """What each measure is and where it comes from, for a manifest."""
        measures = {
            "g2": keyness.log_likelihood, "fisher": keyness.fisher_p, "log_ratio": keyness.log_ratio,
            "interval by counts": keyness.log_ratio_interval, "interval by documents": keyness.documents_interval,
            "lrc by counts": keyness.conservative_log_ratio, "lrc by documents": keyness.documents_conservative_log_ratio,
            "p by documents": keyness.documents_p, "p_adj by counts": keyness.holm,
            "dp": keyness.dispersion, **MEASURES,
        }  # fmt: skip
        return {name: " ".join((measure.__doc__ or "").split()) for name, measure in measures.items()}

    def significant(self, row: Mapping[str, Any]) -> bool:
        """Whether the difference of a row of `table` may be called significant."""
        return self.independent and bool(row["p_adj"] < self.alpha)

    def summary(self) -> str:
        """The main finding in a few sentences."""
        rows: list[dict[str, Any]] = list(self.table.records())
        marked = [row for row in rows if self.significant(row)]
        if not rows:
            return "No term occurs on either side."
        differ = any(map(_direction, rows))
        finding = "Nothing is tested between two single documents"
        finding += "; the clearest differences are these." if differ else ", and no rate differs."
        if self.independent:
            more = sum(_direction(row) > 0 for row in marked)
            unit = "documents permuted" if self.by_documents else "occurrences taken as independent"
            what = "categories" if self.level == "category" else "terms"
            finding = (
                f"Of {len(rows):,} {what} {more:,} stand out in the target and {len(marked) - more:,} in the reference "
                f"(alpha {self.alpha:g} after correction for {len(rows):,} tests, {unit})."
            )
            if not differ:
                finding += " No rate differs."
            elif not marked:
                finding += " The largest differences, none of them certain, are these."
        rate = next(name for name in self.table.columns if name.startswith("per_")).removesuffix("_target")
        clearest = sorted(marked or rows, key=lambda row: (-abs(row["lrc"]), row["p_adj"], row["p"], -row["g2"]))
        parts = [finding]
        for title, sign in (("More in the target", 1), ("More in the reference", -1)):
            first = [row for row in clearest if _direction(row) == sign][:3]
            if first:
                shown = (
                    f"{row['term']} {row[rate + '_target']:.2f} against {row[rate + '_reference']:.2f}" for row in first
                )
                parts.append(
                    f"{title}: {', '.join(shown)} (per 10,000 {'tokens' if 'tokens' in rate else 'Han characters'})."
                )
        return " ".join(parts)


def compare_tallies(
    target: Sequence[Tally],
    reference: Sequence[Tally],
    lexicon: Lexicon,
    *,
    names: tuple[str, str] = SIDES,
    level: str = "term",
    selection: Selection = Selection(),
    per: str = "han",
    measures: Sequence[str] = (),
    test: str = "auto",
    alpha: float = 0.05,
    permutations: int = 9_999,
    seed: int = 0,
) -> Comparison:
    """Compares two lists of tallies that were made with the same settings.

    Every term of the selection that occurs on either side is tested, and p adjusted for all of them. Raises UnknownName for a level,
    test, measure or denominator that does not exist, EnvtermsError for a side without text.
    """
    known("level", level, LEVELS)
    known("test", test, TESTS)
    known("denominator", per, SIZES)
    measures = measures_named(measures)
    both = (target, reference)
    found = {name for tallies in both for one in tallies for name, _ in one.forms}
    terms = known_terms([*target, *reference], selection.on(lexicon), found)
    sides = [_side(name, tallies, terms) for name, tallies in zip(names, both, strict=True)]
    items = {name: term.category if level == "category" else name for name, term in terms.items()}
    order = sorted(set(items.values()))
    matrices = [_matrix(tallies, items, order) for tallies in both]
    sizes = [np.array([one.units for one in tallies], float) for tallies in both]
    by_documents = test == "documents" or (test == "auto" and min(len(target), len(reference)) >= FEW_DOCUMENTS)
    if by_documents and min(len(target), len(reference)) < 2:
        raise EnvtermsError("a test by documents needs at least two documents on each side")
    numbers = _statistics(matrices, sizes, by_documents, alpha, permutations, seed)
    rate, scale = DENOMINATORS[per]
    rate = rate.removesuffix("_han")
    for name, side in zip(SIDES, sides, strict=True):
        numbers[f"{rate}_{name}"] = numbers[f"n_{name}"] / side.units * scale
    for name in measures:
        a, b = numbers["n_target"], numbers["n_reference"]
        numbers[name] = MEASURES[name](a, b, sides[0].units, sides[1].units)
    columns = {name: _plain(name, values) for name, values in numbers.items()}
    described = [_described(name, level, terms, lexicon) for name in order]
    columns |= {name: [one[place] for one in described] for place, name in enumerate(("term", "english", "category"))}
    shown = tuple(dict.fromkeys([*(name.format(rate=rate) for name in _COLUMNS), *measures]))
    table = Table(shown, list(zip(*(columns[name] for name in shown), strict=True)))
    return Comparison(
        sorted_by(table, "lrc"),
        sides[0],
        sides[1],
        forms=_shifts(*(_by_term((one.written for one in tallies), terms) for tallies in both)),
        verbs=_shifts(*(_by_term((one.verbs for one in tallies), terms) for tallies in both)),
        level=level,
        by_documents=by_documents,
        alpha=alpha,
        warnings=_warnings(sides, target, reference, by_documents),
    )


def measures_named(names: Sequence[str]) -> tuple[str, ...]:
    """The measures of these names, every one for `all`. Raises UnknownName."""
    for name in names:
        known("measure", name, [*MEASURES, "all"])
    return tuple(MEASURES) if "all" in names else tuple(names)


def sorted_by(table: Table, column: str, min_count: int = 0) -> Table:
    """The rows of a comparison sorted by one column, names and p values rising, all else falling.

    Equal ones go by direction and p_adj, p and G2: more in the target first, the least certain in the middle. Rows with
    fewer than `min_count` occurrences on both sides together are left out. Raises UnknownName.
    """
    table.select([column])
    rising = column in ("p", "p_adj", "fisher_p", "term", "english", "category", "part", "test")

    def key(row: Mapping[str, Any]) -> tuple[Any, ...]:
        value = row[column]
        sure = (1 - row["p_adj"], 1 - row["p"], row["g2"])
        return (
            value is None,
            (value or 0) if rising else -(value or 0),
            *(-_direction(row) * one for one in sure),
            row["term"],
        )

    records: list[dict[str, Any]] = list(table.records())
    rows = [row for row in records if row["n_target"] + row["n_reference"] >= min_count]
    return Table(table.columns, [tuple(row.values()) for row in sorted(rows, key=key)])


def compare(
    target: Documents | Mapping[str, int],
    reference: Documents | Mapping[str, int],
    lexicon: AnyLexicon | None = None,
    *,
    sizes: tuple[float, float] | None = None,
    level: str = "term",
    nested: str = "longest",
    coordination: bool = True,
    per: str = "han",
    keep_furniture: bool = False,
    repair: bool = True,
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    terms: Names = (),
    measures: Names = (),
    test: str = "auto",
    alpha: float = 0.05,
    permutations: int = 9_999,
    seed: int = 0,
) -> pd.DataFrame:
    """How the frequencies of terms differ between target and reference, as a DataFrame with a row per term.

    The sides are documents, or counts of your own as {term: occurrences} together with `sizes`, how large the two corpora are (in any
    unit; the rates are then per 10,000 of it). Rows are sorted by `lrc`, what is most typical of the target first. `g2` is evidence,
    `log_ratio` with `ci_low` and `ci_high` the size of the difference, `p_adj` is adjusted for all terms tested and `test` says by
    what: whole documents where both sides have five or more, otherwise counts. `measures` adds columns of MEASURES,
    or `all`. Counts of your own have no document frequencies (nan). What to mind in reading stands in `attrs["warnings"]`.
    Raises UnknownName, and EnvtermsError for a side without text.
    """
    if isinstance(target, Mapping) or isinstance(reference, Mapping):
        if not (isinstance(target, Mapping) and isinstance(reference, Mapping) and _two(sizes)):
            raise InvalidArgument(
                "counts of your own are needed for both sides, as {term: occurrences}, and two numbers sizes=(target, reference) with them"
            )
        lexicon = Lexicon({name: Term(name) for name in {*target, *reference}}, {}, {}, (), {}, "", "")
        sides = [[_own(*side)] for side in zip(SIDES, (target, reference), sizes, strict=True)]
    else:
        lexicon = as_lexicon(lexicon)
        settings = Settings(nested, coordination, per, keep_furniture, repair)
        matcher = Matcher(lexicon, coordination)
        sides = [[tally(one, matcher, settings) for one in as_documents(side)] for side in (target, reference)]
    result = compare_tallies(
        sides[0],
        sides[1],
        lexicon,
        level=level,
        selection=Selection.of(category, exclude, scope, terms),
        per=per,
        measures=as_names(measures),
        test=test,
        alpha=alpha,
        permutations=permutations,
        seed=seed,
    )
    frame = result.table.frame().astype(dict.fromkeys(("ci_low", "ci_high", "dp_target", "dp_reference"), float))
    if isinstance(target, Mapping):
        frame[["docfreq_target", "docfreq_reference"]] = np.nan
    frame.attrs["warnings"] = list(result.warnings)
    return frame


def _side(name: str, tallies: Sequence[Tally], terms: Mapping[str, Term]) -> Side:
    units = sum(one.units for one in tallies)
    if not units:
        raise EnvtermsError(
            f"{name}: there is no text on this side of the comparison, so there is nothing to compare with"
        )
    found = sum(number for one in tallies for (term, _), number in one.forms.items() if term in terms)
    return Side(name, len(tallies), sum(one.han for one in tallies), units, found)


def _matrix(tallies: Sequence[Tally], items: Mapping[str, str], order: Sequence[str]) -> csr_array:
    """Occurrences, documents x items in that order; `items` says of a term what it belongs to."""
    place = {name: number for number, name in enumerate(order)}
    cells: Counter[tuple[int, int]] = Counter()
    for number, one in enumerate(tallies):
        for (term, _), count in one.forms.items():
            if term in items:
                cells[number, place[items[term]]] += count
    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    return csr_array((list(map(float, cells.values())), (rows, columns)), shape=(len(tallies), len(order)))


def _statistics(
    matrices: Sequence[csr_array],
    sizes: Sequence[Floats],
    by_documents: bool,
    alpha: float,
    permutations: int,
    seed: int,
) -> dict[str, Floats]:
    """The columns that are numbers, and `part` and `test`."""
    a, b = (np.asarray(matrix.sum(axis=0), float) for matrix in matrices)
    m, n = (size.sum() for size in sizes)
    if (a > m).any() or (b > n).any():
        raise EnvtermsError("a term occurs more often than its side is large; the sizes must be in a smaller unit")
    g2 = keyness.log_likelihood(a, b, m, n)
    if by_documents:
        sampled = (matrices[0], sizes[0], matrices[1], sizes[1])
        p, adjusted = keyness.documents_p(*sampled, permutations, seed)
        test = np.full(len(a), "documents")
        low, high = keyness.documents_interval(*sampled, 1 - alpha)
        lrc = np.where(adjusted < alpha, keyness.documents_conservative_log_ratio(*sampled, 1 - alpha), 0)
    else:
        low, high = keyness.log_ratio_interval(a, b, m, n, 1 - alpha)
        lrc = keyness.conservative_log_ratio(a, b, m, n, len(a), 1 - alpha)
        few = keyness.smallest_expected(a, b, m, n) < FEW_EXPECTED
        p = keyness.g2_p(g2)
        p[few] = keyness.fisher_p(a[few], b[few], m, n)
        adjusted, test = keyness.holm(p), np.where(few, "fisher", "g2")
    part = np.select([b == 0, a == 0, low > 0, high < 0], ["came", "went", "target", "reference"], "shared")
    columns = {
        "part": part, "n_target": a, "n_reference": b, "g2": g2, "p": p, "p_adj": adjusted, "test": test,
        "log_ratio": keyness.log_ratio(a, b, m, n), "ci_low": low, "ci_high": high, "lrc": lrc,
    }  # fmt: skip
    for name, matrix, size in zip(SIDES, matrices, sizes, strict=True):
        columns[f"docfreq_{name}"] = np.bincount(matrix.indices, minlength=len(a))
        enough = matrix.shape[0] >= DISPERSION_DOCUMENTS
        columns[f"dp_{name}"] = keyness.dispersion(matrix, size) if enough else np.full(len(a), np.nan)
    return columns


def _described(name: str, level: str, terms: Mapping[str, Term], lexicon: Lexicon) -> tuple[str, str, str]:
    """What stands in the columns term, english and category."""
    if level == "term":
        return name, terms[name].english, terms[name].category
    category = lexicon.categories.get(name)
    return (category.chinese or name, category.english, name) if category else (name, "", name)


def _plain(name: str, values: Floats) -> list[object]:
    """Python's own numbers: counts as whole ones, rates and dispersions rounded, None for what could not be computed or is infinite."""
    if name.startswith(("n_", "docfreq_")):
        return [int(value) for value in values]
    if name.startswith(("per_", "dp_")):
        values = np.round(values, 4)
    return [None if isinstance(value, float) and not isfinite(value) else value for value in values.tolist()]


def _by_term(counters: Iterable[Counter[tuple[str, str]]], terms: Mapping[str, Term]) -> dict[str, Counter[str]]:
    """The forms in which each term stands, or the verbs before it, with their numbers."""
    found: dict[str, Counter[str]] = {}
    for counter in counters:
        for (term, form), number in counter.items():
            if term in terms:
                found.setdefault(term, Counter())[form] += number
    return found


def _shifts(target: Mapping[str, Counter[str]], reference: Mapping[str, Counter[str]]) -> Table:
    """The terms that stand on both sides, mostly in another form on each; those with most evidence first."""
    rows = []
    for term in target.keys() & reference.keys():
        new, old = target[term], reference[term]
        (form, number), (former, before) = (
            max(side.items(), key=lambda pair: (pair[1], pair[0])) for side in (new, old)
        )
        if number > new[former] and before > old[form]:
            rows.append((term, former, before, old.total(), form, number, new.total()))
    rows.sort(key=lambda row: (-min(row[2], row[5]), -row[2] - row[5], row[0]))
    return Table(_SHIFT_COLUMNS, [*rows])


def _warnings(
    sides: Sequence[Side], target: Sequence[Tally], reference: Sequence[Tally], by_documents: bool
) -> tuple[str, ...]:
    found = []
    shared = {one.document for one in target} & {one.document for one in reference}
    if shared:
        found.append(
            f"{len(shared):,} document{'s stand' if len(shared) > 1 else ' stands'} on both sides: {min(shared)}"
        )
    elif len(target) == len(reference) and all(
        a.han == b.han and a.forms == b.forms for a, b in zip(target, reference, strict=True)
    ):
        found.append("both sides hold the same counts")
    for side in sides:
        if side.han < LITTLE_TEXT:
            found.append(f"{side.name} holds only {side.han:,} Han characters; a rate rests on very little text")
        if side.occurrences < FEW_MATCHES:
            found.append(f"{side.name} holds only {side.occurrences:,} occurrence{'s' * (side.occurrences != 1)}")
    if max(side.documents for side in sides) == 1:
        found.append(
            "two single documents: occurrences inside one text are not independent, so nothing is marked as significant; "
            "p describes, it does not prove"
        )
    elif not by_documents:
        few = min(side.documents for side in sides) < FEW_DOCUMENTS
        why = f"fewer than {FEW_DOCUMENTS} documents on a side" if few else "a test by counts was asked for"
        found.append(
            f"{why}: p takes occurrences as independent, which inside a document they are not; "
            "read it together with the document frequencies"
        )
    return tuple(found)


def _direction(row: Mapping[str, Any]) -> int:
    """1 for a higher rate in the target, -1 for a lower one; a smoothed log ratio may err between very unequal sides."""
    if row["part"] in ("came", "went"):
        return 1 if row["part"] == "came" else -1
    return int(row["log_ratio"] > 0) - int(row["log_ratio"] < 0)


def _two(sizes: object) -> TypeGuard[tuple[float, float]]:
    return isinstance(sizes, Sequence) and len(sizes) == len(SIDES)


def _own(side: str, counts: Mapping[str, int], size: float) -> Tally:
    if not (isinstance(size, Real) and 0 < size < float("inf")):
        raise InvalidArgument(f"the size of the {side} is {size!r}; it must be a number above 0")
    for term, number in counts.items():
        if not (isinstance(number, Real) and number >= 0 and number % 1 == 0):
            raise InvalidArgument(
                f"{term} occurs {number!r} times in the {side}; give whole numbers from 0, no rates, and the sizes of the sides with them"
            )
    forms = Counter({(term, "literal"): int(number) for term, number in counts.items() if number})
    return Tally("counts", "", round(size), size, forms)
