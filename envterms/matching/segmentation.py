"""Word boundaries by jieba, for the few sense rules that ask for them and for rates per token; loaded only then."""

from __future__ import annotations

from functools import cache

_AROUND = 12  # characters on either side of a form that a segmenter sees


def straddled(text: str, start: int, end: int) -> str | None:
    """The word that runs over an edge of `text[start:end]`, if the dictionary finds one: 考察 over the end of 城考 in 省城考察."""
    first = max(0, start - _AROUND)
    at = first
    for word in tokenizer().cut(text[first : end + _AROUND], HMM=False):
        if at < start < at + len(word) or at < end < at + len(word):
            return str(word)
        at += len(word)
    return None


@cache
def tokenizer():  # type: ignore[no-untyped-def]  # jieba has no types
    """A segmenter of our own, so that the user's jieba is not touched."""
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()
