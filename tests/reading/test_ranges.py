"""A large file in ranges of bytes: together they are the file, and each is decoded as it is in the whole."""

from __future__ import annotations

import random
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms.errors import UnreadableDocument
from envterms.reading import Range, decode
from envterms.reading.encodings import find_codec

PIECES = ["环境保护", "環境", "。", "\n", "\r\n", "\n\n", "　", "a", "\ufeff", "㐀𠮷", "。\ufeff", "。\n\ufeff"]
BROKEN = [b"\xff", b"\xe8\x93", b"\x81\x30", b"\x81", b"\n", b"\x81\x30\n"]
ENCODINGS = [
    "utf-8", "utf-8-sig", "UTF8", "gb18030", "big5hkscs", "utf-16", "utf-7", "utf-8:replace", "gb18030:replace", "utf-8:ignore",
    "utf-16-le:replace",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ranges") / "large.txt"


def in_the_middle(text: str) -> int:
    """A place behind a line break or a sentence, for texts that are no shorter than two margins of 10 characters."""
    return max(text.rfind("\n", 10, -10), text.rfind("。", 10, -10)) + 1


def ranges_of(path: Path, encoding: str, least: int = 0) -> list[Range]:
    size = path.stat().st_size
    found = find_codec(lambda: [path.read_bytes()], encoding)
    return list(Range(str(path), found.codec, found.errors, 0, size).cut(in_the_middle, least))


@settings(max_examples=500, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    pieces=st.lists(st.sampled_from(PIECES), min_size=1),
    broken=st.lists(st.sampled_from(BROKEN)),
    encoding=st.sampled_from(ENCODINGS),
    size=st.integers(1, 300),
    window=st.integers(80, 300),
    chunk=st.integers(1, 99),
    least=st.integers(0, 40),
)
def test_the_ranges_are_the_file(
    path: Path,
    seed: int,
    pieces: list[str],
    broken: list[bytes],
    encoding: str,
    size: int,
    window: int,
    chunk: int,
    least: int,
) -> None:
    rng = random.Random(seed)
    codec, _, handler = encoding.partition(":")
    data = "".join(rng.choices(pieces, k=rng.randrange(1, 500))).encode(codec, "ignore")
    for some in broken * rng.randrange(20) if handler else []:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + some + data[at:]
    path.write_bytes(data)
    with (
        patch("envterms.reading.ranges._RANGE", size),
        patch("envterms.reading.ranges._WINDOW", window),
        patch("envterms.reading.ranges.CHUNK", chunk),
    ):
        ranges = ranges_of(path, encoding, least)
        texts = ["".join(one.pieces()) for one in ranges]
    assert "".join(texts) == decode(data, encoding)[0]
    assert [one.start for one in ranges] + [len(data)] * bool(data) == [0] * bool(data) + [one.stop for one in ranges]
    assert [one.is_last for one in ranges] == [one.stop == len(data) for one in ranges]
    if len(ranges) > 1:
        assert min(map(len, texts)) >= least


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-8:replace"])
def test_a_file_is_cut_about_where_it_is_asked_for(path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envterms.reading.ranges._RANGE", 1000)
    monkeypatch.setattr("envterms.reading.ranges._WINDOW", 200)
    path.write_bytes(("環境保護。這是一段文字\n" * 1000).encode(encoding.partition(":")[0]))
    ranges = ranges_of(path, encoding)
    assert all(1000 < one.stop - one.start <= 1200 for one in ranges[:-1])
    assert ranges[-1].stop - ranges[-1].start < 1300


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("环境保护 " * 1000, "utf-8"), ("环境保护。\n" * 1000, "utf-16"), ("环境保护。\n" * 1000, "utf-8:ignore")],
)
def test_a_file_without_a_place_to_cut_is_one_range(
    path: Path, text: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("envterms.reading.ranges._RANGE", 1000)
    monkeypatch.setattr("envterms.reading.ranges._WINDOW", 200)
    path.write_bytes(text.encode(encoding.partition(":")[0]))
    (whole,) = ranges_of(path, encoding)
    assert (whole.start, whole.stop, whole.is_last) == (0, path.stat().st_size, True)


@pytest.mark.parametrize("data", [b"", b"\xff" * 100, b"a" * 99])
def test_a_file_that_changes_is_told_in_one_sentence(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument, match=r"large\.txt: changed or vanished while it was read \(.*\)$"):
        list(Range(str(path), "utf-8", "strict", 0, 100).pieces())
    path.unlink()
    with pytest.raises(UnreadableDocument, match=r"large\.txt: changed or vanished while it was read \(.*\)$"):
        list(Range(str(path), "utf-8", "strict", 0, 100).pieces())
