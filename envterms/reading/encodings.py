"""Bytes -> text: strict decoding, and a look at whether the result is Chinese.

GB18030 decodes nearly any pair of bytes, so success proves nothing: Big5 text read as GB18030 gives rare characters. What tells
them apart is that running Chinese, folded to simplified characters, consists almost wholly of the 3,755 characters of GB 2312
level 1.
"""

from __future__ import annotations

import codecs
from functools import cache

from envterms.errors import UnreadableDocument
from envterms.normalizing.folding import fold

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32", "gb18030": "GB18030", "big5hkscs": "Big5-HKSCS", "cp950": "Big5",
}  # fmt: skip
_SAMPLE = 1 << 20  # bytes that are enough to judge; the whole is decoded strictly all the same
_PLAUSIBLE = 0.6  # measured: right readings score above 0.9, wrong ones below 0.5 (tests/reading/test_encodings.py)


def decode(data: bytes, encoding: str | None = None, name: str = "input") -> tuple[str, str]:
    """The text of `data`, newlines untouched, and the name of the encoding that was found or asked for.

    `encoding` is a Python codec, or `codec:handler` such as `utf-8:replace` to accept broken bytes knowingly.
    Raises UnreadableDocument with the first bad byte where the data fit no encoding.
    """
    if encoding:
        return _decode_as(data, encoding, name)
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text, found = _decode_as(data, codec, name)
            return text.removeprefix("\ufeff"), found
    candidates = ("utf-16-le", "utf-16-be") if b"\0" in data[:_SAMPLE] else ("utf-8", "gb18030", "big5hkscs", "cp950")
    best, best_score = None, 0.0
    for codec in candidates:
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8":
            best, best_score = codec, 1.0
            break
        score = plausibility(data[:_SAMPLE].decode(codec, errors="ignore"))
        if score > best_score:
            best, best_score = codec, score
    if best is None or best_score < _PLAUSIBLE:
        raise UnreadableDocument(_why_not(data, name))
    return data.decode(best), _NAMES[best]


def plausibility(text: str) -> float:
    """How far `text` looks like running Chinese, from 0 to 1: among its characters other than plain ASCII text, the share of
    frequent Han characters (of either script) and Chinese punctuation; 1 for plain ASCII text.
    """
    telling = [character for character in fold(text) if not (" " <= character <= "~" or character in "\t\n\r\f")]
    common = _common_characters()
    return sum(character in common for character in telling) / len(telling) if telling else 1.0


@cache
def _common_characters() -> frozenset[str]:
    level_1 = b"".join(bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    return frozenset(fold(level_1.decode("gb2312", errors="ignore")) + "　、。·—…“”‘’《》〈〉【】〔〕「」『』")


def _decode_as(data: bytes, encoding: str, name: str) -> tuple[str, str]:
    codec, _, handler = encoding.partition(":")
    try:
        text = data.decode(codec, errors=handler or "strict")
    except LookupError:
        raise UnreadableDocument(
            f"{name}: unknown encoding {encoding!r}; use for example utf-8, gb18030, big5hkscs, utf-16 or utf-8:replace"
        ) from None
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{name}: byte {error.start} is not {codec}; name another encoding with -e, "
            f"or accept broken bytes with -e {codec}:replace"
        ) from None
    canonical = codecs.lookup(codec).name
    return text, _NAMES.get(canonical, canonical)


def _why_not(data: bytes, name: str) -> str:
    try:
        data.decode("utf-8")
        return f"{name}: a binary file, not text"
    except UnicodeDecodeError as error:
        if b"\0" in data[:_SAMPLE]:
            return f"{name}: a binary file, not text"
        return (
            f"{name}: the encoding cannot be told (byte {error.start} is not UTF-8, and as GB18030 or Big5 it is not Chinese); "
            f"name it with -e, or accept broken bytes with -e utf-8:replace"
        )
