"""The version of the package; the lexicon has one of its own."""

__version__ = "0.1.0"
