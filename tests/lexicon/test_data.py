"""The lexicon that is shipped: sound, and its sense rules do what their examples say."""

from __future__ import annotations

import pytest

from envterms.lexicon import Lexicon, Pattern, SenseRule, builtin_folder, load_lexicon
from envterms.lexicon.checking import check_lexicon
from envterms.matching import Matcher
from envterms.matching.senses import Senses
from envterms.normalizing import normalize

RULES = [rule for rules in load_lexicon().senses.values() for rule in rules]


def test_the_lexicon_has_no_fault() -> None:
    assert check_lexicon(builtin_folder()) == []


def test_it_is_large_enough_and_every_term_has_english_and_category(lexicon: Lexicon) -> None:
    assert len(lexicon.terms) >= 800
    assert all(term.english and term.category in lexicon.categories for term in lexicon.terms.values())


def test_nothing_is_verified_or_attested_without_a_source_that_is_there(lexicon: Lexicon) -> None:
    for term in lexicon.terms.values():
        assert all(source in lexicon.sources for source in term.sources), term.place
        assert term.status == "unknown" or term.sources, term.place


def test_every_form_is_found_alone(lexicon: Lexicon, matcher: Matcher) -> None:
    """Whatever a form's sense rules say without context, as a whole text it must be seen as its own longest candidate."""
    missing = []
    for term in lexicon.terms.values():
        for form in term.forms:
            spans = [match.parts[0] for match in matcher.match(form)]
            if (0, len(form)) not in spans:
                missing.append(form)
    assert missing == []


@pytest.mark.parametrize("pattern", load_lexicon().patterns.values(), ids=lambda pattern: pattern.pattern)
def test_a_pattern_fires_on_its_example_and_not_on_its_counterexample(pattern: Pattern, matcher: Matcher) -> None:
    assert pattern.pattern in {match.pattern for match in matcher.match(pattern.example)}
    assert pattern.pattern not in {match.pattern for match in matcher.match(pattern.counterexample)}


@pytest.fixture(scope="module")
def senses(lexicon: Lexicon) -> Senses:
    return Senses(lexicon.senses)


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.form} {rule.where} {rule.decision}" for rule in RULES])
def test_a_sense_rule_fires_on_its_example_and_not_on_its_counterexample(rule: SenseRule, senses: Senses) -> None:
    def decides(sentence: str) -> SenseRule | None:
        text, form = normalize(sentence).text, normalize(rule.form.removeprefix("*")).text
        start = text.index(form)
        assert form in senses
        decision = senses.decide(form, text, start, start + len(form))
        return decision.rule if decision else None

    assert not rule.example or decides(rule.example) == rule, rule.place
    assert not rule.counterexample or decides(rule.counterexample) != rule, rule.place
