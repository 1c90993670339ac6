"""Bytes -> text: strict decoding, and a look at whether the result is Chinese.

GB18030 decodes nearly any pair of bytes, so success proves nothing: Big5 text read as GB18030 gives rare characters. What tells
them apart is that running Chinese, folded to simplified characters, consists almost wholly of the 3,755 characters of GB 2312
level 1.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain

from envterms import engine
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
#: Bytes that are read at once (more would leave the cache of a processor) and enough to judge by; all are decoded strictly all the same.
CHUNK = 1 << 18

_PLAUSIBLE = 0.6  # measured: right readings score above 0.9, wrong ones below 0.5 (tests/reading/test_encodings.py)


def decode(data: bytes, encoding: str | None = None, name: str = "input") -> tuple[str, str]:
    """The text of `data`, newlines untouched, and the name of the encoding that was found or asked for.

    `encoding` is a Python codec, or `codec:handler` such as `utf-8:replace` to accept broken bytes knowingly.
    Raises UnreadableDocument with the first bad byte where the data fit no encoding.
    """
    codec, errors, found = find_codec(lambda: [data], encoding, name)
    return data.decode(codec, errors).removeprefix("\ufeff"), found


def decode_pieces(chunks: Iterable[bytes], codec: str, errors: str = "strict") -> Iterator[str]:
    """What `decode` gives, in pieces, one for each chunk of bytes. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        yield text.removeprefix("\ufeff") if first else text
        first = first and not text
    yield decoder.decode(b"", final=True)


def find_codec(
    chunks: Callable[[], Iterable[bytes]], encoding: str | None = None, name: str = "input", trusting: bool = False
) -> tuple[str, str, str]:
    """The codec and error handler with which all the bytes can be decoded, and the name of the encoding.

    `chunks` gives the bytes anew each time that it is called, in chunks of CHUNK bytes or more but for the last. If it is `trusting`, it
    looks no further where the first chunk is UTF-8 beyond ASCII; the rest may not be then. Raises UnreadableDocument.
    """
    if encoding:
        return _asked_for(chunks, encoding, name)
    head = next(iter(chunks()), b"")[:CHUNK]
    if trusting and not head.isascii() and _bad_byte([head], "utf-8", final=False) is None:
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", "strict", _NAMES["utf-8"]
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return _asked_for(chunks, codec, name)
    candidates = ("utf-16-le", "utf-16-be") if b"\0" in head else ("utf-8", "gb18030", "big5hkscs", "cp950")
    best, best_score = None, 0.0
    for codec in candidates:
        if codec == "utf-8" and engine.utf8_end is not None:
            fits = _is_utf8(chunks(), engine.utf8_end)
        else:
            fits = _bad_byte(chunks(), codec) is None
        if not fits:
            continue
        if codec == "utf-8":
            best, best_score = codec, 1.0
            break
        score = plausibility(head.decode(codec, errors="ignore"))
        if score > best_score:
            best, best_score = codec, score
    if best is None or best_score < _PLAUSIBLE:
        raise UnreadableDocument(_why_not(head, _bad_byte(chunks(), "utf-8"), name))
    return best, "strict", _NAMES[best]


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


def _asked_for(chunks: Callable[[], Iterable[bytes]], encoding: str, name: str) -> tuple[str, str, str]:
    codec, _, handler = encoding.partition(":")
    errors = handler or "strict"
    try:
        bad = _bad_byte(chunks(), codec, errors)
        canonical = codecs.lookup(codec).name
    except LookupError:
        raise UnreadableDocument(
            f"{name}: unknown encoding {encoding!r}; use for example utf-8, gb18030, big5hkscs, utf-16 or utf-8:replace"
        ) from None
    if bad is not None:
        raise UnreadableDocument(
            f"{name}: byte {bad} is not {codec}; name another encoding with -e, "
            f"or accept broken bytes with -e {codec}:replace"
        )
    return codec, errors, _NAMES.get(canonical, canonical)


def _bad_byte(chunks: Iterable[bytes], codec: str, errors: str = "strict", final: bool = True) -> int | None:
    """The offset of the first byte that cannot be decoded; None if there is none. Only if they are `final`, no character may be cut off."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    fed = 0
    for chunk in chain(chunks, [b""] * final):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return fed - waiting + error.start
        fed += len(chunk)
    return None


def _is_utf8(chunks: Iterable[bytes], end_of: Callable[[bytes], int]) -> bool:
    """Whether all the bytes are UTF-8; `end_of` gives the place up to which some are."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk if rest else chunk
        rest = data[end_of(data) :]
        if len(rest) > 3:  # more than a character that is cut off
            return False
    return not rest


def _why_not(head: bytes, bad: int | None, name: str) -> str:
    if bad is None or b"\0" in head:
        return f"{name}: a binary file, not text"
    return (
        f"{name}: the encoding cannot be told (byte {bad} is not UTF-8, and as GB18030 or Big5 it is not Chinese); "
        f"name it with -e, or accept broken bytes with -e utf-8:replace"
    )
