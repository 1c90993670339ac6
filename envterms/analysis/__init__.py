"""Fourth stage: matches -> tables."""

from envterms.analysis.concordance import concordance, concordance_in_pieces, kwic
from envterms.analysis.counting import (
    Selection,
    Settings,
    Tally,
    count,
    count_table,
    matrix,
    tally,
    tally_files,
    terms_by_documents,
)
from envterms.analysis.explanation import EXPLANATION_COLUMNS, explain, explanation
from envterms.analysis.table import Table

__all__ = [
    "EXPLANATION_COLUMNS",
    "Selection",
    "Settings",
    "Table",
    "Tally",
    "concordance",
    "concordance_in_pieces",
    "count",
    "count_table",
    "explain",
    "explanation",
    "kwic",
    "matrix",
    "tally",
    "tally_files",
    "terms_by_documents",
]
