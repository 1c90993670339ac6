"""How much of a document is about the environment: one row a document, ready for a panel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from envterms.analysis.arguments import AnyLexicon, Documents, Names, as_documents, as_lexicon
from envterms.analysis.counting import (
    INDEX_COLUMNS,
    RESERVED,
    Selected,
    Selection,
    Settings,
    Tally,
    known_terms,
    tally,
)
from envterms.analysis.table import Table, with_metadata
from envterms.errors import InvalidArgument
from envterms.lexicon import Lexicon
from envterms.matching import Matcher

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = INDEX_COLUMNS

#: What each column is, for a manifest.
MEASURES = {
    "occurrences": "places of environment terms, the longest at each place (with nested = all also those inside it)",
    "terms": "different environment terms among them",
    "han": "Han characters of the repaired text, which is the text without noise and, unless kept, page furniture",
    "per_10k_han": "occurrences / han * 10,000",
    "tokens": "words of the repaired text by jieba, with its own dictionary and model of unknown words, that hold a letter, digit or "
    "character; Latin letters and digits in a row are one word, white space beside a letter separates them",
    "per_100_tokens": "occurrences / tokens * 100",
    "sentences": "stretches of the repaired text between 。 ！ ？ ； ! ? ; blank lines, indented paragraphs and table cells, if they hold "
    "a letter, digit or character; a mere line break ends none, since scraped text breaks anywhere (with no_repair each does), so a "
    "heading or list without marks and blank lines goes with the sentence behind it",
    "sentences_hit": "sentences in which an occurrence begins",
    "share_sentences": "sentences_hit / sentences",
}

#: General Party language, whose terms are no environment words.
PARTY = "party"


def environment(selection: Selection, lexicon: Lexicon) -> Selection:
    """The selection of the environment words for an index, unless the selection has scopes or terms of its own.

    They are all terms that are not general Party language, a user's own without a scope too; of a user's own lexicon alone, all terms.
    Raises InvalidArgument where that leaves nothing of the categories selected, and UnknownName.
    """
    if selection.scopes or selection.terms or not lexicon.version:
        return selection
    scopes = {term.scope for term in lexicon.terms.values()} - {PARTY}
    chosen = replace(selection, scopes=tuple(sorted(scopes)))
    if selection.categories and not _holds_any(chosen.on(lexicon)):
        raise InvalidArgument(
            f"no term of {', '.join(selection.categories)} is in the index, which leaves general Party language out unless its "
            f"scope, {PARTY}, or its terms are asked for"
        )
    return chosen


def definitions(selected: Selected) -> dict[str, str]:
    """What an environment term was in an index, and what each column is."""
    scopes = ", ".join(sorted(scope or "none (a user's own)" for scope in selected.scopes)) or "any"
    return {
        "environment terms": f"terms of the options category, exclude and term; of the scopes: {scopes}",
        **MEASURES,
    }


def _holds_any(selected: Selected) -> bool:
    lexicon = selected.lexicon
    return any(map(selected.term, lexicon.terms)) or any(selected.term("", pattern) for pattern in lexicon.patterns)


def index_table(tallies: Iterable[Tally], selected: Selected) -> Table:
    """The index of documents that were counted with `selected` as `Settings.index`, a row each with COLUMNS and their metadata."""
    return with_metadata(COLUMNS, ((one.metadata, [_row(one, selected)]) for one in tallies), RESERVED)


def _row(one: Tally, selected: Selected) -> tuple[object, ...]:
    names = known_terms([one], selected, {name for name, _ in one.forms})
    occurrences = sum(number for (name, _), number in one.forms.items() if name in names)
    return (
        one.document, occurrences, len(names), one.han, _share(occurrences, one.han, 10_000), one.tokens,
        _share(occurrences, one.tokens, 100), one.sentences, one.sentences_hit, _share(one.sentences_hit, one.sentences, 1),
    )  # fmt: skip


def attention(
    documents: Documents,
    lexicon: AnyLexicon | None = None,
    *,
    category: Names = (),
    exclude: Names = (),
    scope: Names = (),
    terms: Names = (),
    nested: str = "longest",
    coordination: bool = True,
    keep_furniture: bool = False,
    repair: bool = True,
) -> pd.DataFrame:
    """The index of attention to the environment, a row per document with COLUMNS, which `MEASURES` beside this function defines.

    It is the number of occurrences of environment terms over three denominators: 10,000 Han characters, 100 tokens (by jieba), and the
    share of sentences that hold a term. Environment terms are those of `scope`, or `terms`; by default all of the lexicon but general
    Party language (its scopes core and adjacent), a user's own without a scope too, and all of a user's own lexicon alone.

    The share of environment words in all words of a government work report is a usual measure of a government's attention; Chen and Chen
    (2018) take a short list of bare words (such as 污染) for it. The lexicon's terms are another list, so the figures are not comparable
    with theirs; a list of words as a lexicon alone (`load_lexicon("words.csv", builtin=False)`) gives an index of that kind.
    Raises UnknownName, and InvalidArgument, also where the default leaves nothing of the categories asked for.
    """
    lexicon = as_lexicon(lexicon)
    selected = environment(Selection.of(category, exclude, scope, terms), lexicon).on(lexicon)
    matcher = Matcher(lexicon, coordination)
    settings = Settings(nested, coordination, keep_furniture=keep_furniture, repair=repair, index=selected)
    return index_table((tally(one, matcher, settings) for one in as_documents(documents)), selected).frame()


def _share(number: int, whole: int, scale: int) -> float | None:
    return round(number / whole * scale, 6) if whole else None
