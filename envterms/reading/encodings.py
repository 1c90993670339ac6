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
from typing import NamedTuple

from envterms import engine
from envterms.errors import UnknownName, UnreadableDocument
from envterms.normalizing.folding import fold

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_TAKING_MARKS = {"utf-8-sig", "utf-16", "utf-32"}
_NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32", "gb18030": "GB18030", "big5hkscs": "Big5-HKSCS", "cp950": "Big5",
}  # fmt: skip
#: Codecs of Python for names and program text, not for files.
_NO_FILES = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
#: What stands for a codec if each file's own is to be found.
AUTO = "auto"
#: What the error handlers do with broken bytes.
_DONE_BY = {
    "strict": "refused",
    "replace": "replaced by U+FFFD",
    "ignore": "left out",
    "backslashreplace": "written as \\xNN",
}
#: Bytes that are read at once (more would leave the cache of a processor) and enough to judge by; all are decoded strictly all the same.
CHUNK = 1 << 18

_ASCII = bytes(range(128))
_PLAUSIBLE = 0.6  # measured: right readings score above 0.9, wrong ones below 0.5 (tests/reading/test_encodings.py)


class Encoding(NamedTuple):
    """How bytes are decoded: the codec and error handler of Python, the name that is reported, and one sentence for each thing that is
    doubtful in what they give.
    """

    codec: str
    errors: str
    name: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, encoding: str | None = None, name: str = "input") -> tuple[str, Encoding]:
    """The text of `data`, newlines untouched, and the encoding that was found or asked for.

    `encoding` is a Python codec or `auto`, or `codec:handler` such as `gb18030:replace` to accept broken bytes knowingly.
    Raises UnreadableDocument with the first bad byte where the data fit no encoding, and UnknownName for what is none.
    """
    found = find_codec(lambda: [data], encoding, name)
    return _without_mark(data.decode(found.codec, found.errors), found.codec), found


def decode_pieces(chunks: Iterable[bytes], codec: str, errors: str = "strict") -> Iterator[str]:
    """What `decode` gives, in pieces, one for each chunk of bytes. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        yield _without_mark(text, codec) if first else text
        first = first and not text
    yield decoder.decode(b"", final=True)


def _without_mark(text: str, codec: str) -> str:
    """The text without a byte order mark in front; what stands there behind a codec that takes the mark itself is a character."""
    return text if codecs.lookup(codec).name in _TAKING_MARKS else text.removeprefix("\ufeff")


def codec_and_handler(encoding: str) -> tuple[str, str]:
    """The two parts of `codec:handler`, `strict` where none is named. Raises UnknownName for what cannot decode a text."""
    codec, _, handler = encoding.partition(":")
    errors = handler or "strict"
    try:
        usable = codec == AUTO or (codecs.lookup(codec).name not in _NO_FILES and bool(b"a".decode(codec, "replace")))
    except (LookupError, ValueError):  # unknown, or from bytes to bytes, such as zip; ValueError for a NUL in the name
        usable = False
    if not usable:
        advice = "use for example utf-8, gb18030, big5hkscs, utf-16, gb18030:replace or auto:replace"
        raise UnknownName("encoding", encoding, (), advice)
    if errors not in _DONE_BY:
        raise UnknownName("handler of broken bytes", errors, _DONE_BY, f"handlers are {', '.join(_DONE_BY)}")
    return codec, errors


def find_codec(
    chunks: Callable[[], Iterable[bytes]], encoding: str | None = None, name: str = "input", trusting: bool = False
) -> Encoding:
    """The encoding with which all the bytes can be decoded.

    `chunks` gives the bytes anew each time that it is called, in chunks of CHUNK bytes or more but for the last. If it is `trusting`, it
    looks no further where the first chunk is UTF-8 beyond ASCII; the rest may not be then. Raises UnreadableDocument and UnknownName.
    """
    codec, errors = codec_and_handler(encoding or AUTO)
    head = next(iter(chunks()), b"")[:CHUNK]
    if codec != AUTO:
        return _as_asked(chunks, head, codec, errors, name)
    if trusting and not head.isascii() and _bad_byte([head], "utf-8", final=False) is None:
        return Encoding("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", "strict", _NAMES["utf-8"])
    codec, fits = _detected(chunks, head)
    if not codec:
        raise UnreadableDocument(_why_not(head, _bad_byte(chunks(), "utf-8"), name))
    return Encoding(codec, "strict", _NAMES[codec]) if fits else _with_broken_bytes(chunks, codec, errors, name)


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


def _detected(chunks: Callable[[], Iterable[bytes]], head: bytes) -> tuple[str, bool]:
    """The codec that the bytes are written in, empty if that cannot be told, and whether all of them can be decoded with it."""
    marked = _marked(head)[:1]
    candidates = marked or (["utf-16-le", "utf-16-be"] if b"\0" in head else ["utf-8", "gb18030", "big5hkscs", "cp950"])
    fitting = []
    for codec in candidates:
        if _fits(chunks(), codec):
            if marked or codec == "utf-8":  # which nothing else looks like
                return codec, True
            fitting.append(codec)
    telling = _telling(chunks, head)
    likeliest = _likeliest(telling, fitting)
    return (likeliest, True) if likeliest else (_likeliest(telling, candidates), False)


def _marked(head: bytes) -> list[str]:
    """The codecs whose byte order mark stands in front."""
    return [codec for mark, codec in _BOMS if head.startswith(mark)]


def _telling(chunks: Callable[[], Iterable[bytes]], head: bytes) -> bytes:
    """What encodings are told by: the `head`, or if it begins with much plain ASCII, what stands from the first other byte on."""
    if not head[: CHUNK // 2].isascii() or b"\0" in head:
        return head
    rest = iter(chunks())
    for chunk in rest:
        if telling := chunk.lstrip(_ASCII):
            return (telling + next(rest, b""))[:CHUNK]
    return head


def _likeliest(head: bytes, candidates: Iterable[str]) -> str:
    """The codec that makes the best Chinese of the bytes; empty if none makes any."""
    scores = {codec: plausibility(head.decode(codec, "replace")) for codec in candidates}
    best = max(scores, key=lambda codec: scores[codec], default="")
    return best if best and scores[best] >= _PLAUSIBLE else ""


def _as_asked(chunks: Callable[[], Iterable[bytes]], head: bytes, codec: str, errors: str, name: str) -> Encoding:
    """The encoding that the user named, with a warning where it is hardly the right one."""
    canonical = codecs.lookup(codec).name
    asked = Encoding(codec, errors, _name_of(codec))
    unmarked = canonical in ("utf-16", "utf-32") and canonical not in _marked(head)
    bad = 0 if unmarked else _bad_byte(chunks(), codec)
    if bad is None and canonical in ("utf-8", "utf-8-sig"):
        return asked
    chinese = not unmarked and bool(_likeliest(_telling(chunks, head), [codec]))
    if bad is None and chinese:
        return asked
    found, fits = _detected(chunks, head)
    advice = f"it looks like {_NAMES[found]}, so leave out -e" if found else "name another encoding with -e"
    if unmarked:
        raise UnreadableDocument(f"{name}: has no byte order mark of {asked.name}; {advice}")
    if bad is not None and errors == "strict" and (fits or not chinese):
        raise UnreadableDocument(f"{name}: byte {bad} is not {asked.name}; {advice}")
    warnings = () if bad is None else _with_broken_bytes(chunks, codec, errors, name).warnings
    if fits or not chinese:
        doubt = "has broken bytes" if chinese else "does not look like Chinese"
        warnings += (f"{name}: {doubt} as {asked.name}; {advice}",)
    return asked._replace(warnings=warnings)


def _with_broken_bytes(chunks: Callable[[], Iterable[bytes]], codec: str, errors: str, name: str) -> Encoding:
    """The encoding of bytes of which some are broken. Raises UnreadableDocument if the error handler does not accept them."""
    encoding, number, first = _name_of(codec), _number_of_broken(chunks(), codec), _bad_byte(chunks(), codec)
    broken = f"a broken byte, byte {first}" if number == 1 else f"{number:,} broken bytes, the first is byte {first}"
    if errors == "strict":
        advice = f"accept broken bytes with -e {codec}:replace, or -e {AUTO}:replace for files in different encodings"
        raise UnreadableDocument(f"{name}: {encoding} with {broken}; {advice}")
    return Encoding(codec, errors, encoding, (f"{name}: {encoding} with {broken}; {_DONE_BY[errors]}",))


def _name_of(codec: str) -> str:
    canonical = codecs.lookup(codec).name
    return _NAMES.get(canonical, canonical)


def _number_of_broken(chunks: Iterable[bytes], codec: str) -> int:
    """How many bytes cannot be decoded: one error handler writes each as some characters, another drops it."""
    if codecs.lookup(codec).name.startswith("utf-8"):
        handler, characters = "surrogateescape", 1  # forty times as fast, but not for every codec
    else:
        handler, characters = "backslashreplace", 4
    written, dropped = (codecs.getincrementaldecoder(codec)(errors) for errors in (handler, "ignore"))
    more = sum(
        len(written.decode(chunk, final=not chunk)) - len(dropped.decode(chunk, final=not chunk))
        for chunk in chain(chunks, [b""])
    )
    return more // characters


def _fits(chunks: Iterable[bytes], codec: str) -> bool:
    if codec == "utf-8" and engine.utf8_end is not None:
        return _is_utf8(chunks, engine.utf8_end)
    return _bad_byte(chunks, codec) is None


def _bad_byte(chunks: Iterable[bytes], codec: str, final: bool = True) -> int | None:
    """The offset of the first byte that cannot be decoded; None if there is none. Only if they are `final`, no character may be cut off."""
    decoder = codecs.getincrementaldecoder(codec)()
    fed = 0
    for chunk in chain(chunks, [b""] * final):
        fed += len(chunk)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # its object is the chunk behind what was kept of the one before, or without a mark
            return fed - len(error.object) + error.start
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
    if b"\0" in head:
        return f"{name}: a binary file, not text"
    return (
        f"{name}: the encoding cannot be told (byte {bad} is not UTF-8, and as GB18030 or Big5 it is not Chinese); "
        "name it with -e"
    )
