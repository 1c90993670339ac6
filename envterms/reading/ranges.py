"""One large file -> ranges of its bytes, each of which can be read by itself."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from envterms.errors import OtherEncoding, UnreadableDocument
from envterms.reading.encodings import CHUNK, decode_pieces

_RANGE = 4 << 20  # bytes of a range at least, for any number of processes, so that results are the same
_WINDOW = CHUNK  # bytes in which a place to cut is sought at once
_CHARACTER = 4  # bytes of a character at most

# Where the byte of a line break is no part of another character. A file in another encoding, such as UTF-16, is one range.
_CODECS = {"utf-8", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950"}
_HANDLERS = {"strict", "replace"}  # others may drop bytes, so that a number of bytes promises no number of characters


@dataclass(frozen=True, slots=True)
class Range:
    """The bytes of a file from `start` to `stop`, and how they are decoded; `is_last` says that the file ends there."""

    path: str
    codec: str
    errors: str
    start: int
    stop: int
    is_last: bool = True

    def pieces(self) -> Iterator[str]:
        """Its text in pieces, without the mark of the byte order. Raises UnreadableDocument, or more precisely OtherEncoding."""
        with _unchanged(self.path):
            yield from decode_pieces(chunks(self.path, self.start, self.stop), self.codec, self.errors)

    def cut(self, place_to_cut: Callable[[str], int], least: int) -> Iterator[Range]:
        """The ranges that make this one, of `least` characters or more. Raises UnreadableDocument.

        `place_to_cut` says where within a piece of the text it may be cut, 0 if nowhere.
        """
        start, least = self.start, least * _CHARACTER
        while start < self.stop:
            with _unchanged(self.path):
                stop = self._next_cut(place_to_cut, start + max(_RANGE, least), self.stop - least)
            yield replace(self, start=start, stop=stop, is_last=stop == self.stop)
            start = stop

    def _next_cut(self, place_to_cut: Callable[[str], int], first: int, last: int) -> int:
        """A place between `first` and `last` where a range may end; the end of this one if none is found."""
        codec = codecs.lookup(self.codec).name.removesuffix("-sig")
        step = _WINDOW // 2
        while codec in _CODECS and self.errors in _HANDLERS and first + _WINDOW <= last:
            window = b"".join(chunks(self.path, first, first + _WINDOW))
            _, _, data = window.partition(b"\n")  # what stands before may begin within a character
            text = codecs.getincrementaldecoder(codec)(self.errors).decode(data)
            place = place_to_cut(text)
            if place and text[place] != "\ufeff":  # which would be lost as the mark of a file
                length = _bytes_of(text[:place], data, codec)
                if data[:length].decode(codec, self.errors) == text[:place]:
                    return first + _WINDOW - len(data) + length
            first += step
            step *= 2  # where there is none for long, the text is not to be read twice for it
        return self.stop


def chunks(path: str, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a file from `start` to `stop`, in chunks of CHUNK bytes but for the last. Raises OSError."""
    with Path(path).open("rb") as file:
        file.seek(start)
        while start < stop:
            chunk = file.read(min(CHUNK, stop - start))
            if not chunk:
                raise OSError("it has become shorter")
            start += len(chunk)
            yield chunk


def _bytes_of(text: str, data: bytes, codec: str) -> int:
    """How many bytes of `data` are the text that they begin with; wrong if in its last line some are not as Python writes them."""
    behind = data.split(b"\n", text.count("\n"))[-1]
    return len(data) - len(behind) + len(text[text.rfind("\n") + 1 :].encode(codec, "replace"))


@contextmanager
def _unchanged(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        kind = OtherEncoding if isinstance(error, UnicodeDecodeError) else UnreadableDocument
        raise kind(f"{path}: changed or vanished while it was read ({error})") from None
