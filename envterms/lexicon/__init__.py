"""The lexicon: CSV files -> Lexicon. What keeps the files right is in `checking`, which a count has no need of."""

from envterms.lexicon.loading import builtin_folder, load_lexicon
from envterms.lexicon.model import Event, Family, Lexicon, Pattern, Retired, SenseRule, Source, Term

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
    "load_lexicon",
]
