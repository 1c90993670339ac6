"""envterms: counts and compares the policy terms and slogans of Chinese environmental policy.

    import envterms
    documents = envterms.read("samples/")
    envterms.count(documents)                       # DataFrame, one row per document and term
    envterms.kwic(documents, terms=["蓝天保卫战"])     # DataFrame, one row per match, with its place in the original

Names are resolved on first use, so that `import envterms` costs nothing; pandas is imported when a DataFrame is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envterms.version import __version__

if TYPE_CHECKING:
    from envterms.analysis import count, explain, kwic, matrix
    from envterms.analysis.attention import attention
    from envterms.analysis.comparison import compare
    from envterms.analysis.firstseen import first_seen
    from envterms.analysis.lexicons import diff_lexicons, lexicon_stats
    from envterms.errors import (
        EnvtermsError,
        InvalidArgument,
        InvalidLexicon,
        MissingPackage,
        RetiredTerm,
        UnknownName,
        UnreadableDocument,
        UnwritableOutput,
    )
    from envterms.lexicon import Lexicon, Term, load_lexicon
    from envterms.lexicon.exporting import export_lexicon
    from envterms.lexicon.importing import import_terms
    from envterms.matching import Match, Matcher
    from envterms.normalizing import NormalizedText, normalize
    from envterms.reading import Document, read, read_table

_HOME = {
    "count": "analysis", "explain": "analysis", "kwic": "analysis", "matrix": "analysis", "attention": "analysis.attention",
    "compare": "analysis.comparison", "first_seen": "analysis.firstseen", "diff_lexicons": "analysis.lexicons",
    "lexicon_stats": "analysis.lexicons", "EnvtermsError": "errors", "InvalidArgument": "errors", "InvalidLexicon": "errors",
    "MissingPackage": "errors", "RetiredTerm": "errors", "UnknownName": "errors", "UnreadableDocument": "errors",
    "UnwritableOutput": "errors", "Lexicon": "lexicon", "Term": "lexicon", "load_lexicon": "lexicon",
    "export_lexicon": "lexicon.exporting", "import_terms": "lexicon.importing", "Match": "matching",
    "Matcher": "matching", "NormalizedText": "normalizing", "normalize": "normalizing", "Document": "reading",
    "read": "reading", "read_table": "reading",
}  # fmt: skip

__all__ = [
    "Document",
    "EnvtermsError",
    "InvalidArgument",
    "InvalidLexicon",
    "Lexicon",
    "Match",
    "Matcher",
    "MissingPackage",
    "NormalizedText",
    "RetiredTerm",
    "Term",
    "UnknownName",
    "UnreadableDocument",
    "UnwritableOutput",
    "__version__",
    "attention",
    "compare",
    "count",
    "diff_lexicons",
    "explain",
    "export_lexicon",
    "first_seen",
    "import_terms",
    "kwic",
    "lexicon_stats",
    "load_lexicon",
    "matrix",
    "normalize",
    "read",
    "read_table",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(f"envterms.{_HOME[name]}"), name)
    raise AttributeError(f"module 'envterms' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
