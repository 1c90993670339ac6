"""`envterms lexicon search`."""

from __future__ import annotations

from envterms.lexicon.model import Lexicon, Term
from envterms.normalizing import fold


def search_terms(lexicon: Lexicon, query: str) -> list[Term]:
    """The terms whose forms, English, expansion, definition or notes hold `query`, those with the query as a form first."""
    wanted = fold(query)

    def rank(term: Term) -> int | None:
        forms = [fold(form) for form in term.forms]
        if wanted in forms:
            return 0
        if any(wanted in form for form in forms):
            return 1
        return (
            2
            if any(wanted in fold(text) for text in (term.english, *term.expansion, term.definition, term.notes))
            else None
        )

    ranked = [(place, term) for term in lexicon.terms.values() if (place := rank(term)) is not None]
    return [term for _, term in sorted(ranked, key=lambda pair: (pair[0], len(pair[1].term)))]
