"""Measures of how the frequency of terms differs between a target and a reference corpus.

All are functions of arrays: `a` and `b` are occurrences in target and reference, one element per term; `m` and `n` the sizes of the two
corpora in the unit of the rates (Han characters by default). Each gives an array as long as `a`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from scipy.sparse import csr_array

Floats: TypeAlias = NDArray[np.float64]

#: What stands for no occurrence in a ratio, as in Hardie (2014).
ZERO = 0.5


def log_likelihood(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """G2 over the four cells of the table (term or not, target or reference); at least 0, whatever the direction.

    Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Computational Linguistics 19(1). The often printed
    form with two cells (Rayson and Garside 2000) is smaller by a trifle where terms are rare.
    """
    observed = _table(a, b, m, n)
    expected = _expected(observed)
    cells = special.xlogy(observed, np.divide(observed, expected, out=np.ones_like(observed), where=expected > 0))
    return np.asarray(np.maximum(2 * cells.sum(axis=(0, 1)), 0))


def g2_p(g2: ArrayLike) -> Floats:
    """p of a G2 by the chi-square distribution with one degree of freedom."""
    return np.asarray(special.chdtrc(1, np.asarray(g2, float)))


def smallest_expected(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """The smallest of the four expected counts; below 5 the chi-square distribution is a poor guide (Cochran 1954)."""
    return np.asarray(_expected(_table(a, b, m, n)).min(axis=(0, 1)))


def fisher_p(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """Two-sided p of Fisher's exact test, for small counts.

    Fisher (1922), On the interpretation of chi-square from contingency tables, JRSS 85(1).
    """
    rows = np.stack([np.atleast_1d(a), np.atleast_1d(b)], axis=1).astype(int)
    known: dict[tuple[int, int], float] = {}  # rare terms share a few tables
    for x, y in map(tuple, np.unique(rows, axis=0)):
        known[x, y] = stats.fisher_exact([[x, y], [round(m) - x, round(n) - y]]).pvalue
    return np.array([known[x, y] for x, y in map(tuple, rows)], float)


def holm(p: ArrayLike) -> Floats:
    """p adjusted for the number of terms tested, so that the chance of any false alarm stays below alpha.

    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6(2).
    """
    p = np.asarray(p, float)
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def log_ratio(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """Binary logarithm of the ratio of the rates: 1 means twice as often in the target, -1 half as often.

    Hardie (2014), Log Ratio: an informal introduction. No occurrence is taken as 0.5.
    """
    a, b = _smoothed(a), _smoothed(b)
    return np.asarray(np.log2((a / m) / (b / n)))


def log_ratio_interval(
    a: ArrayLike, b: ArrayLike, m: float, n: float, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Lower and upper limit of the log ratio, occurrences taken as independent.

    Katz et al. (1978), Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34(3).
    """
    a, b = _smoothed(a), _smoothed(b)
    error = np.sqrt(1 / a - 1 / m + 1 / b - 1 / n) / np.log(2)
    reach = special.ndtri(0.5 + confidence / 2) * error
    middle = log_ratio(a, b, m, n)
    return middle - reach, middle + reach


def conservative_log_ratio(
    a: ArrayLike, b: ArrayLike, m: float, n: float, tests: int, confidence: float = 0.95
) -> Floats:
    """LRC: the end nearer to zero of an exact interval of the log ratio, corrected for `tests` terms; 0 if zero lies within.

    Evert (2022), Measuring keyness; as in the R package corpora 0.6: the interval of Clopper and Pearson for a / (a + b), Bonferroni.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    tail = (1 - confidence) / 2 / max(tests, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(a > 0, special.betaincinv(a, b + 1, tail), 0)
        high = np.where(b > 0, special.betainccinv(a + 1, b, tail), 1)
        lower = np.log2(n / m * low / (1 - low))
        upper = np.log2(n / m * high / (1 - high))
    more = a / m >= b / n
    return np.asarray(np.where(more, np.maximum(lower, 0), np.minimum(upper, 0)))


def percent_difference(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """%DIFF: by how many percent of the reference's rate the target's differs; no occurrence in the reference is taken as 0.5.

    Gabrielatos and Marchi (2011), Keyness: matching metrics to definitions.
    """
    rate = _smoothed(b) / n
    return np.asarray((np.asarray(a, float) / m - rate) / rate * 100)


def odds_ratio(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """The sample odds ratio; no occurrence is taken as 0.5. Pojanapunya and Watson Todd (2018), CLLT 14(1).

    Infinite where the target is nothing but the term, nan where both sides are.
    """
    a, b = _smoothed(a), _smoothed(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((a / (m - a)) / (b / (n - b)))


def bayes_factor(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """BIC: G2 less the logarithm of the size of both corpora; above 2 there is evidence of a difference, above 10 very strong evidence.

    Wilson (2013), Embracing Bayes factors for key item analysis in corpus linguistics.
    """
    return np.asarray(log_likelihood(a, b, m, n) - np.log(m + n))


def simple_maths(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """Ratio of the rates per million, 1 added to each. Kilgarriff (2009), Simple maths for keywords."""
    return np.asarray((np.asarray(a, float) / m * 1e6 + 1) / (np.asarray(b, float) / n * 1e6 + 1))


def dispersion(counts: csr_array, sizes: ArrayLike) -> Floats:
    """DP of each term over the documents of one corpus: 0 spread as the text is, 1 all in the smallest document; nan without occurrence.

    `counts` is documents x terms, `sizes` one per document. Gries (2008), Dispersions and adjusted frequencies in corpora, IJCL 13(4),
    normalised by Lijffijt and Gries (2012), IJCL 17(1).
    """
    sizes = np.asarray(sizes, float)
    expected = sizes / sizes.sum()
    totals = np.asarray(counts.sum(axis=0), float)
    entries = counts.tocoo()
    documents, terms = entries.coords
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = entries.data / totals[terms]
        # A document without the term adds its expected share: all shares, less those of the documents that hold it.
        differences = np.abs(observed - expected[documents]) - expected[documents]
        raw = (np.bincount(terms, differences, len(totals)) + 1) / 2
        return np.asarray(np.where(totals > 0, raw / (1 - expected.min()), np.nan))


def documents_p(
    target: csr_array, m: ArrayLike, reference: csr_array, n: ArrayLike, permutations: int = 9_999, seed: int = 0
) -> tuple[Floats, Floats]:
    """p, and p adjusted over all terms, by permuting whole documents between the sides.

    `target` and `reference` are documents x terms, `m` and `n` the sizes of their documents. A document counts once whatever its
    length, so that one long document makes no term significant. The statistic is the correlation of a term's rate in a document with
    the side the document is on, and the adjustment the step-down maximum over all terms, which keeps the chance of any false alarm
    below alpha like Holm's, with the dependence between terms taken into account.

    Lijffijt et al. (2016), Significance testing of word frequencies in corpora, DSH 31(2); Westfall and Young (1993), Resampling-based
    multiple testing, algorithm 4.1.
    """
    from scipy.sparse import diags_array, vstack

    sizes = np.concatenate([np.asarray(m, float), np.asarray(n, float)])
    each = np.divide(1, sizes, out=np.zeros_like(sizes), where=sizes > 0)  # a document without text has no rate
    rates = csr_array(diags_array(each) @ vstack([target, reference]))
    documents, terms = rates.shape
    mean = np.asarray(rates.mean(axis=0))
    spread = np.sqrt(np.maximum(np.asarray(rates.power(2).mean(axis=0)) - mean**2, 0))
    scale = np.divide(1, spread, out=np.zeros(terms), where=spread > 1e-12 * np.maximum(mean, 1e-300))
    side = np.zeros(documents)
    side[: target.shape[0]] = 1
    side -= side.mean()
    observed = np.abs(side @ rates) * scale
    order = np.argsort(observed, kind="stable")  # the weakest first: a term competes with those that are no stronger
    tolerance = observed[order] * (1 - 1e-9)
    above = np.zeros(terms)
    above_max = np.zeros(terms)
    random = np.random.default_rng(seed)
    chunk = max(1, min(permutations, 4_000_000 // max(documents, terms)))
    for done in range(0, permutations, chunk):
        sides = random.permuted(np.tile(side, (min(chunk, permutations - done), 1)), axis=1)
        strength = (np.abs(sides @ rates) * scale)[:, order]
        above += (strength >= tolerance).sum(axis=0)
        above_max += (np.maximum.accumulate(strength, axis=1) >= tolerance).sum(axis=0)
    p, adjusted = np.empty(terms), np.empty(terms)
    p[order] = (above + 1) / (permutations + 1)
    steps = (above_max + 1) / (permutations + 1)
    adjusted[order] = np.maximum.accumulate(steps[::-1])[::-1]
    return p, adjusted


def documents_interval(
    target: csr_array, m: ArrayLike, reference: csr_array, n: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of the log ratio with documents, not occurrences, as what was sampled; nan where a side has no occurrence.

    The variance of a ratio of totals by linearisation (Cochran 1977, Sampling techniques, ch. 6), on the logarithm; t distribution with
    as many degrees of freedom as documents less two.
    """
    middle = np.zeros(target.shape[1])
    variance = np.zeros(target.shape[1])
    documents = 0
    for sign, counts, sizes in ((1, target, np.asarray(m, float)), (-1, reference, np.asarray(n, float))):
        number = counts.shape[0]
        totals = np.asarray(counts.sum(axis=0), float)
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = totals / sizes.sum()
            squares = np.asarray(counts.power(2).sum(axis=0)) - 2 * rate * (sizes @ counts) + rate**2 * (sizes**2).sum()
            variance += number / (number - 1) * np.maximum(squares, 0) / np.where(totals > 0, totals, np.nan) ** 2
            middle += sign * np.log(rate)
        documents += number
    reach = stats.t.ppf(0.5 + confidence / 2, documents - 2) * np.sqrt(variance)
    return (middle - reach) / np.log(2), (middle + reach) / np.log(2)


def documents_conservative_log_ratio(
    target: csr_array, m: ArrayLike, reference: csr_array, n: ArrayLike, confidence: float = 0.95
) -> Floats:
    """LRC by documents: the end nearer to zero of `documents_interval`, Bonferroni; 0 if zero lies within or there is no interval.

    After Evert (2022), Measuring keyness, with documents as what was sampled. The interval is too narrow for terms of very few documents,
    so a comparison sets it to 0 where the permutation test finds no difference.
    """
    each = 1 - (1 - confidence) / max(target.shape[1], 1)
    low, high = documents_interval(target, m, reference, n, each)
    return np.asarray(np.nan_to_num(np.maximum(low, 0) + np.minimum(high, 0)))


def _table(a: ArrayLike, b: ArrayLike, m: float, n: float) -> Floats:
    """The four cells, 2 x 2 x terms."""
    a, b = np.atleast_1d(np.asarray(a, float)), np.atleast_1d(np.asarray(b, float))
    return np.array([[a, b], [m - a, n - b]])


def _expected(observed: Floats) -> Floats:
    rows = observed.sum(axis=1, keepdims=True)
    columns = observed.sum(axis=0, keepdims=True)
    return np.asarray(rows * columns / observed.sum(axis=(0, 1)))


def _smoothed(counts: ArrayLike) -> Floats:
    counts = np.asarray(counts, float)
    return np.where(counts > 0, counts, ZERO)
