"""Measures against SciPy's own implementations, published worked examples, and arithmetic that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.sparse import csr_array

from envterms.analysis import keyness

M, N = 50_000, 75_000
TABLES = [(52, 57), (1, 900), (400, 3), (7, 7), (12, 0), (0, 31)]
A, B = (np.array(side, float) for side in zip(*TABLES, strict=True))


def test_log_likelihood_is_the_g_test_of_scipy() -> None:
    expected = [
        stats.chi2_contingency([[a, b], [M - a, N - b]], lambda_="log-likelihood", correction=False) for a, b in TABLES
    ]
    g2 = keyness.log_likelihood(A, B, M, N)
    assert_allclose(g2, [one.statistic for one in expected], rtol=1e-9)
    assert_allclose(keyness.g2_p(g2), [one.pvalue for one in expected], rtol=1e-9)
    assert_allclose(keyness.smallest_expected(A, B, M, N), [one.expected_freq.min() for one in expected], rtol=1e-9)


def test_log_likelihood_of_the_worked_example_of_the_lancaster_calculator() -> None:
    """52 in 50,000 against 57 in 75,000 words: +2.65."""
    assert round(float(keyness.log_likelihood(52, 57, M, N)[0]), 2) == 2.65


def test_fisher_p_is_that_of_scipy_for_each_table() -> None:
    expected = [stats.fisher_exact([[a, b], [500 - a, 900 - b]]).pvalue for a, b in ((3, 10), (0, 4), (3, 10))]
    assert_allclose(keyness.fisher_p([3, 0, 3], [10, 4, 10], 500, 900), expected, rtol=1e-9)


def test_holm_in_the_example_of_the_textbooks() -> None:
    assert_allclose(keyness.holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], rtol=1e-12)
    assert_allclose(keyness.holm([0.9, 0.8]), [1, 1])


def test_log_ratio_and_its_interval_are_the_relative_risk_of_scipy() -> None:
    low, high = keyness.log_ratio_interval(A[:4], B[:4], M, N, 0.99)
    for place, (a, b) in enumerate(TABLES[:4]):
        risk = stats.contingency.relative_risk(a, M, b, N)
        interval = risk.confidence_interval(0.99)
        assert_allclose(keyness.log_ratio(a, b, M, N), np.log2(risk.relative_risk), rtol=1e-9)
        assert_allclose([low[place], high[place]], np.log2([interval.low, interval.high]), rtol=1e-9)


def test_no_occurrence_counts_as_a_half_in_the_log_ratio() -> None:
    assert_allclose(keyness.log_ratio(8, 0, 100, 100), 4)
    assert_allclose(keyness.log_ratio(0, 8, 100, 100), -4)


def test_the_conservative_log_ratio_is_the_clopper_pearson_interval_of_scipy() -> None:
    """As the R package corpora computes it: the limit of f1 / (f1 + f2) that is nearer to no difference, or 0."""
    tests = 250
    found = keyness.conservative_log_ratio(A, B, M, N, tests)
    for (a, b), lrc in zip(TABLES, found, strict=True):
        interval = stats.binomtest(a, a + b).proportion_ci(1 - 0.05 / tests, method="exact")
        with np.errstate(divide="ignore"):
            low, high = (np.log2(N / M * tau / (1 - tau)) if tau < 1 else np.inf for tau in interval)
        expected = max(low, 0) if a / M >= b / N else min(high, 0)
        assert_allclose(lrc, expected, rtol=1e-9, atol=1e-12)


def test_further_measures_by_hand() -> None:
    assert_allclose(keyness.percent_difference(30, 10, 1000, 1000), 200)
    assert_allclose(
        keyness.odds_ratio(30, 10, 1000, 1000),
        stats.contingency.odds_ratio([[30, 10], [970, 990]], kind="sample").statistic,
    )
    assert_allclose(keyness.bayes_factor(30, 10, 1000, 1000), keyness.log_likelihood(30, 10, 1000, 1000) - np.log(2000))
    assert_allclose(keyness.simple_maths(30, 10, 1_000_000, 1_000_000), 31 / 11)


def test_dispersion_by_hand() -> None:
    """Shares of the text 1/6, 2/6, 3/6: a term spread like the text, one in a single document, one absent."""
    counts = csr_array(np.array([[1.0, 0, 0], [2, 5, 0], [3, 0, 0]]))
    assert_allclose(
        keyness.dispersion(counts, [10, 20, 30]), [0, (1 / 6 + 4 / 6 + 3 / 6) / 2 / (5 / 6), np.nan], atol=1e-12
    )


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=20))
def test_directions_and_order_agree(tables: list[tuple[int, int]]) -> None:
    """Exchanging the sides exchanges the signs; the conservative ratio is never farther from zero than the interval allows."""
    a, b = (np.array(side, float) for side in zip(*tables, strict=True))
    assert_allclose(keyness.log_ratio(a, b, M, N), -keyness.log_ratio(b, a, N, M), atol=1e-12)
    assert_allclose(keyness.log_likelihood(a, b, M, N), keyness.log_likelihood(b, a, N, M), atol=1e-9)
    lrc = keyness.conservative_log_ratio(a, b, M, N, len(tables))
    assert_allclose(lrc, -keyness.conservative_log_ratio(b, a, N, M, len(tables)), atol=1e-9)
    both = (a > 0) & (b > 0)
    assert (np.abs(lrc[both]) <= np.abs(keyness.log_ratio(a, b, M, N)[both]) + 1e-9).all()


def corpora(random: np.random.Generator, documents: int, terms: int) -> tuple[csr_array, np.ndarray]:
    """Counts of bursty terms: most documents have none, a few have many."""
    sizes = random.integers(500, 5000, documents).astype(float)
    means = sizes[:, None] * random.uniform(1e-4, 3e-3, terms)
    return csr_array(random.negative_binomial(0.3, 0.3 / (0.3 + means)).astype(float)), sizes


def test_documents_p_keeps_its_level_where_counts_do_not() -> None:
    """200 times two samples of the same bursty source: a family-wise false alarm in about 5 % of runs, not in most of them."""
    random = np.random.default_rng(5)
    by_documents = by_counts = 0
    for _ in range(200):
        counts, sizes = corpora(random, 20, 100)
        target, reference, m, n = counts[:8], counts[8:], sizes[:8], sizes[8:]
        _, adjusted = keyness.documents_p(target, m, reference, n, permutations=199)
        by_documents += adjusted.min() < 0.05
        g2 = keyness.log_likelihood(target.sum(axis=0), reference.sum(axis=0), m.sum(), n.sum())
        by_counts += keyness.holm(keyness.g2_p(g2)).min() < 0.05
    assert by_documents <= 16  # 8 % of 200; the level is 5 %, two standard errors 3 %
    assert by_counts > 180


def test_documents_p_finds_what_every_document_shows_and_not_what_one_long_document_shows() -> None:
    counts = np.zeros((12, 3))
    counts[:6, 0] = [5, 6, 4, 5, 6, 5]  # in all documents of the target
    counts[2, 1] = 300  # in one document of the target
    counts[:, 2] = 2  # everywhere
    sizes = np.full(12, 1000.0)
    p, adjusted = keyness.documents_p(
        csr_array(counts[:6]), sizes[:6], csr_array(counts[6:]), sizes[6:], permutations=1999
    )
    assert adjusted[0] < 0.01
    assert p[1] > 0.4
    assert_allclose([p[2], adjusted[2]], 1)


def test_documents_p_agrees_with_the_permutation_test_of_scipy() -> None:
    counts, sizes = corpora(np.random.default_rng(2), 10, 4)
    ours, _ = keyness.documents_p(counts[:5], sizes[:5], counts[5:], sizes[5:], permutations=20_000)
    rates = counts.toarray() / sizes[:, None]
    for term in range(4):
        exact = stats.permutation_test(
            (rates[:5, term], rates[5:, term]), lambda x, y: abs(np.mean(x) - np.mean(y)), n_resamples=np.inf, alternative="greater"
        )  # fmt: skip
        assert ours[term] == pytest.approx(exact.pvalue, abs=0.015)


def test_documents_p_depends_on_the_seed_alone() -> None:
    counts, sizes = corpora(np.random.default_rng(3), 12, 30)
    first, again, other = (
        keyness.documents_p(counts[:6], sizes[:6], counts[6:], sizes[6:], 199, seed)[1] for seed in (1, 1, 2)
    )
    assert_allclose(first, again)
    assert (first != other).any()


def test_documents_interval_agrees_with_the_bootstrap() -> None:
    """The limits by linearisation lie near those of resampling documents 4,000 times, and are much wider than those by counts."""
    random = np.random.default_rng(9)
    counts, sizes = corpora(random, 80, 1)
    low, high = keyness.documents_interval(counts[:40], sizes[:40], counts[40:], sizes[40:])
    plain, rows = counts.toarray()[:, 0], np.arange(40)
    ratios = []
    for _ in range(4000):
        x, y = random.choice(rows, 40), random.choice(rows, 40) + 40
        ratios.append(np.log2(plain[x].sum() / sizes[x].sum()) - np.log2(plain[y].sum() / sizes[y].sum()))
    assert_allclose([low[0], high[0]], np.quantile(ratios, [0.025, 0.975]), atol=0.35)
    narrow = keyness.log_ratio_interval(plain[:40].sum(), plain[40:].sum(), sizes[:40].sum(), sizes[40:].sum())
    assert high[0] - low[0] > 2 * (narrow[1] - narrow[0])


def test_the_conservative_log_ratio_by_documents_is_the_end_of_the_corrected_interval() -> None:
    often, seldom = (
        csr_array(np.array([[40.0, 9, 5], [44, 0, 5], [36, 0, 6]])),
        csr_array(np.array([[4.0, 0, 6], [5, 0, 5], [6, 0, 5]])),
    )
    same = np.full(3, 1000)
    found = keyness.documents_conservative_log_ratio(often, same, seldom, same)
    low, _ = keyness.documents_interval(often, same, seldom, same, 1 - 0.05 / 3)
    assert low[0] > 0
    assert_allclose(found, [low[0], 0, 0])
    assert_allclose(keyness.documents_conservative_log_ratio(seldom, same, often, same), -found)
