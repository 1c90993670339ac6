"""The lexicon: CSV files -> Lexicon, and the checks that keep the files right."""

from envterms.lexicon.checking import check_lexicon, fix_lexicon
from envterms.lexicon.loading import builtin_folder, load_lexicon
from envterms.lexicon.model import Event, Family, Lexicon, Pattern, Retired, SenseRule, Source, Term
from envterms.lexicon.searching import search_terms

__all__ = [
    "Event",
    "Family",
    "Lexicon",
    "Pattern",
    "Retired",
    "SenseRule",
    "Source",
    "Term",
    "builtin_folder",
    "check_lexicon",
    "fix_lexicon",
    "load_lexicon",
    "search_terms",
]
