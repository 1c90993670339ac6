import encodings
from contextlib import suppress
from functools import partial
from itertools import product
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms import engine
from envterms.errors import UnknownName, UnreadableDocument
from envterms.normalizing import fold
from envterms.reading import decode
from envterms.reading.encodings import CHUNK, Encoding, _is_utf8, decode_pieces, find_codec, plausibility

# Running text of some two hundred characters, written for this test, in both scripts.
SIMPLIFIED = (
    "会议指出，今年以来全市生态环境质量稳中向好，但水污染治理和农村环境整治仍有短板。各部门要按照时间节点，细化工作方案，"
    "把责任落到每个岗位，确保年底前完成十二项重点工程。要加强宣传教育，鼓励群众举报违法排污行为，形成人人参与的良好氛围。"
    "下一步将开展为期三个月的专项检查，对发现的问题建立台账、逐项销号，并向社会公开整改结果，接受监督。"
)
TRADITIONAL = (
    "會議指出，今年以來全市生態環境質量穩中向好，但水污染治理和農村環境整治仍有短板。各部門要按照時間節點，細化工作方案，"
    "把責任落到每個崗位，確保年底前完成十二項重點工程。要加強宣傳教育，鼓勵群眾舉報違法排污行為，形成人人參與的良好氛圍。"
    "下一步將開展為期三個月的專項檢查，對發現的問題建立臺帳、逐項銷號，並向社會公開整改結果，接受監督。"
)


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (SIMPLIFIED, "utf-8", "UTF-8"),
        (SIMPLIFIED, "utf-8-sig", "UTF-8"),
        (SIMPLIFIED, "utf-16", "UTF-16"),
        (SIMPLIFIED + "\n2019", "utf-16-le", "UTF-16LE"),
        (SIMPLIFIED + "\n2019", "utf-16-be", "UTF-16BE"),
        (SIMPLIFIED, "utf-32", "UTF-32"),
        (SIMPLIFIED, "gb2312", "GB18030"),
        (SIMPLIFIED, "gbk", "GB18030"),
        (SIMPLIFIED + "㐀𠮷", "gb18030", "GB18030"),
        (TRADITIONAL, "gb18030", "GB18030"),
        (TRADITIONAL, "big5", "Big5-HKSCS"),
        (TRADITIONAL + "啲嘢喺", "big5hkscs", "Big5-HKSCS"),
        (TRADITIONAL, "utf-8", "UTF-8"),
    ],
)
def test_encodings_are_told_apart(text: str, codec: str, name: str) -> None:
    decoded, found = decode(text.encode(codec))
    assert (decoded, found.name, found.warnings) == (text, name, ())


@pytest.mark.parametrize("length", [CHUNK - 1, CHUNK, 2 * CHUNK + 1])
@pytest.mark.parametrize(
    ("text", "codec"), [(TRADITIONAL, "big5hkscs"), (SIMPLIFIED, "gb18030"), (SIMPLIFIED, "utf-8")]
)
def test_much_ascii_in_front_tells_nothing(text: str, codec: str, length: int) -> None:
    data = b" " * length + text.encode(codec)
    for chunks in ([data], [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]):
        assert find_codec(lambda chunks=chunks: chunks)[:2] == (codec, "strict")  # type: ignore[misc]
    assert decode(data, codec)[1].warnings == ()
    wrong = "gb18030" if codec == "big5hkscs" else "big5hkscs"
    assert "look" in decode(data, f"{wrong}:replace")[1].warnings[-1]


@pytest.mark.parametrize("length", [20, 40, 80])
@pytest.mark.parametrize(
    ("text", "codec"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs"), (TRADITIONAL, "gb18030")]
)
def test_short_texts_too(text: str, codec: str, length: int) -> None:
    for start in range(0, len(text) - length, 7):
        piece = text[start : start + length]
        assert decode(piece.encode(codec))[0] == piece


def test_right_and_wrong_readings_lie_far_apart() -> None:
    assert plausibility(SIMPLIFIED) > 0.9
    assert plausibility(TRADITIONAL) > 0.9
    assert plausibility(TRADITIONAL.encode("big5").decode("gb18030", errors="ignore")) < 0.5
    assert plausibility(SIMPLIFIED.encode("gb18030").decode("big5hkscs", errors="ignore")) < 0.5


def test_newlines_are_not_translated() -> None:
    assert decode("蓝天\r\n碧水\r净土\n".encode())[0] == "蓝天\r\n碧水\r净土\n"


@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_one_byte_order_mark_is_taken(encoding: str | None) -> None:
    """So that offsets are those of the codec that Python has for a file with one."""
    data = ("\ufeff\ufeff" + SIMPLIFIED).encode((encoding or "utf-8").removesuffix("-sig"))
    if encoding in ("utf-16", "utf-32"):
        data = data[len("\ufeff".encode(encoding)) // 2 :]  # the mark that Python adds
    text, found = decode(data, encoding)
    assert text == "\ufeff" + SIMPLIFIED
    pieces = [data[at : at + 5] for at in range(0, len(data), 5)]
    assert "".join(decode_pieces(pieces, found.codec)) == text


def test_plain_ascii_is_utf_8() -> None:
    assert decode(b"PM2.5 and CO2") == ("PM2.5 and CO2", Encoding("utf-8", "strict", "UTF-8"))


def test_the_named_encoding_wins() -> None:
    assert decode("环境".encode("gb18030"), "gbk") == ("环境", Encoding("gbk", "strict", "gbk"))
    assert decode(b"\xe8\x93\x9d\xff", "utf-8:replace")[0] == "蓝\ufffd"


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"\x00\x01\x02\x03" * 50, None, "f: a binary file, not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", None, "f: a binary file, not text"),
        (
            "蓝天".encode() + b"\xff\xfe\xfa\xfb" * 30,
            None,
            "f: the encoding cannot be told (byte 6 is not UTF-8, and as GB18030 or Big5 it is not Chinese); name it with -e",
        ),
        (b"abc\xff", "utf-8", "f: byte 3 is not UTF-8; name another encoding with -e"),
        ("环境保护".encode(), "gb2312", "f: byte 0 is not gb2312; it looks like UTF-8, so leave out -e"),
        ("环境保护㐀".encode("gb18030"), "gbk", "f: byte 8 is not gbk; it looks like GB18030, so leave out -e"),
        (
            "环境保护a".encode("utf-16-le"),
            "utf-16",
            "f: has no byte order mark of UTF-16; it looks like UTF-16LE, so leave out -e",
        ),
        (b"abc", "utf-32:replace", "f: has no byte order mark of UTF-32; it looks like UTF-8, so leave out -e"),
    ],
)
def test_what_cannot_be_decoded_is_said_in_one_sentence(data: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode(data, encoding, "f")
    assert str(caught.value) == message


ADVICE = "; accept broken bytes with -e {0}:replace, or -e auto:replace for files in different encodings"


@pytest.mark.parametrize(
    ("codec", "text", "name"),
    [
        ("utf-8", SIMPLIFIED, "UTF-8"),
        ("utf-8-sig", SIMPLIFIED, "UTF-8"),
        ("gb18030", SIMPLIFIED, "GB18030"),
        ("big5hkscs", TRADITIONAL, "Big5-HKSCS"),
        ("utf-16", SIMPLIFIED, "UTF-16"),
        ("utf-16-le", SIMPLIFIED + "2019", "UTF-16LE"),
        ("utf-16-be", SIMPLIFIED + "2019", "UTF-16BE"),
    ],
)
def test_broken_bytes_are_named_in_the_encoding_that_the_others_are_in(codec: str, text: str, name: str) -> None:
    half = len(text) // 2
    broken = {"utf-16-be": b"\xd8\x00", "utf-16": b"\x00\xd8", "utf-16-le": b"\x00\xd8"}.get(codec, b"\xff")
    number = len(broken)
    head = text[:half].encode(codec)
    rest = text[half:].encode(codec.replace("utf-16", "utf-16-le") if codec == "utf-16" else codec.removesuffix("-sig"))
    for data, what, more in (
        (head + broken + rest, "a broken byte, byte {}" if number == 1 else "2 broken bytes, the first is byte {}", 1),
        (head + broken + rest + broken, f"{2 * number} broken bytes, the first is byte {{}}", 2),
    ):
        said = f"f: {name} with {what.format(len(head))}"
        for encoding in (None, codec):
            with pytest.raises(UnreadableDocument) as caught:
                decode(data, encoding, "f")
            assert str(caught.value) == said + ADVICE.format(codec)
        for encoding in ("auto:replace", f"{codec}:replace"):
            decoded, found = decode(data, encoding, "f")
            assert decoded.replace("\ufffd", "") == text
            assert decoded.count("\ufffd") == more
            assert found == Encoding(codec, "replace", name, (f"{said}; replaced by U+FFFD",))


def test_bytes_of_one_file_are_broken_in_several_ways_that_are_counted_alike() -> None:
    data = b"\xff".join(piece.encode("gb18030") for piece in SIMPLIFIED.partition("，")) + b"\x81"
    assert [decode(data, f"gb18030:{handler}", "f")[1].warnings[0].rpartition("; ")[2] for handler in ("ignore", "backslashreplace")] == [
        "left out", "written as \\xNN",
    ]  # fmt: skip
    assert "GB18030 with 3 broken bytes" in decode(data, "auto:ignore", "f")[1].warnings[0]


DOUBTFUL = [
    ("UTF-8 as Latin-1", SIMPLIFIED.encode(), "latin-1", ["does not look like Chinese as iso8859-1; it looks like UTF-8, so leave out -e"]),
    ("GB18030 as UTF-8", SIMPLIFIED.encode("gb18030"), "utf-8:replace", [
        "UTF-8 with 217 broken bytes, the first is byte 0; replaced by U+FFFD",
        "does not look like Chinese as UTF-8; it looks like GB18030, so leave out -e",
    ]),
    ("Big5 as GB18030", TRADITIONAL.encode("big5"), "gb18030:replace", ["does not look like Chinese as GB18030; it looks like Big5-HKSCS, so leave out -e"]),
    ("French as Latin-1", "santé, forêt".encode("latin-1"), "latin-1", ["does not look like Chinese as iso8859-1; name another encoding with -e"]),
    ("a larger set than the one named", (SIMPLIFIED + "㐀").encode("gb18030"), "gbk:replace", [
        "gbk with 2 broken bytes, the first is byte 330; replaced by U+FFFD",
        "has broken bytes as gbk; it looks like GB18030, so leave out -e",
    ]),
    ("the right encoding", SIMPLIFIED.encode("gb18030"), "gbk", []),
    ("the right encoding with nothing broken", TRADITIONAL.encode("big5"), "big5:replace", []),
    ("UTF-8 that is not Chinese", "santé, forêt".encode(), "utf-8", []),
    ("nothing but ASCII", b"PM2.5", "latin-1", []),
    ("found, and nothing broken", SIMPLIFIED.encode("gb18030"), "auto:replace", []),
]  # fmt: skip


@pytest.mark.parametrize(("data", "encoding", "warnings"), [c[1:] for c in DOUBTFUL], ids=[c[0] for c in DOUBTFUL])
def test_what_an_encoding_that_was_named_makes_doubtful_is_said(
    data: bytes, encoding: str, warnings: list[str]
) -> None:
    assert [one.removeprefix("f: ") for one in decode(data, encoding, "f")[1].warnings] == warnings


@pytest.mark.parametrize(
    "encoding",
    [
        "klingon",
        "rot13",
        "base64",
        "hex",
        "zip",
        "bz2",
        "undefined",
        "idna",
        "unicode_escape",
        ":replace",
        "a\0",
        "环境",
        "zip:replace",
    ],
)
def test_what_decodes_no_text_is_no_encoding(encoding: str) -> None:
    with pytest.raises(UnknownName) as caught:
        decode(SIMPLIFIED.encode(), encoding)
    assert str(caught.value) == (
        f"unknown encoding {encoding!r}; use for example utf-8, gb18030, big5hkscs, utf-16, gb18030:replace or auto:replace"
    )


@pytest.mark.parametrize("handler", ["xmlcharrefreplace", "namereplace", "surrogateescape", "x"])
def test_what_does_not_decode_is_no_way_with_broken_bytes(handler: str) -> None:
    for codec in ("utf-8", "auto"):
        with pytest.raises(UnknownName, match=f"^unknown handler of broken bytes {handler!r}; .*replace"):
            decode(SIMPLIFIED.encode(), f"{codec}:{handler}")


def test_every_codec_of_python_reads_or_says_why_not() -> None:
    texts = [SIMPLIFIED.encode(codec) for codec in ("utf-8", "gb18030", "utf-16")]
    for codec in {module.name for module in iter_modules(encodings.__path__)}:
        for data, handler in product([*texts, bytes(range(256))], ["strict", "replace", "ignore", "backslashreplace"]):
            with suppress(UnreadableDocument, UnknownName):
                decode(data, f"{codec}:{handler}")


@given(st.text(alphabet=st.sampled_from(sorted(set(SIMPLIFIED))), min_size=30))
def test_any_simplified_text_comes_back_from_gb18030_and_utf_8(text: str) -> None:
    for codec in ("gb18030", "utf-8", "utf-16"):
        assert decode(text.encode(codec))[0] == text


@given(st.text(alphabet=st.sampled_from(sorted(set(TRADITIONAL))), min_size=30))
def test_any_traditional_text_comes_back_from_big5(text: str) -> None:
    assert fold(decode(text.encode("big5hkscs"))[0]) == fold(text)


@given(
    st.text(st.sampled_from("环境保護，。蓝天ab\n“”"), min_size=20),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16", "utf-32", "broken"]),
    st.integers(1, 50),
)
def test_a_file_in_chunks_is_decoded_as_the_whole(text: str, codec: str, size: int) -> None:
    data = (text.encode("utf-8") + b"\xff" if codec == "broken" else text.encode(codec, "ignore")) * 20
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    for encoding in (None, "utf-8", "utf-8:replace", "gb18030", "gb18030:replace", "auto:replace"):
        whole: object
        pieces: object
        try:
            whole = decode(data, encoding)
        except UnreadableDocument as error:
            whole = str(error)
        try:
            # What the encoding is told by is the first chunk, here the whole.
            judged = iter([[data]])
            found = find_codec(partial(next, judged, chunks), encoding)
            pieces = "".join(decode_pieces(chunks, found.codec, found.errors)), found
        except UnreadableDocument as error:
            pieces = str(error)
        assert pieces == whole


MANGLED = st.lists(
    st.one_of(
        st.text("环a\xe9\U0001f600\u0800\uffff\U0010ffff").map(str.encode),
        st.binary(max_size=4),
        st.sampled_from(
            [b"\xc0\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xe7\x8e"]
        ),
    )
).map(b"".join)


@pytest.mark.skipif(engine.utf8_end is None, reason="only the engine in C looks by itself")
@settings(max_examples=1000)
@given(MANGLED, st.integers(1, 9))
def test_what_is_utf8_is_what_the_codec_says(data: bytes, size: int) -> None:
    try:
        end = len(data.decode() and data)
    except UnicodeDecodeError as error:
        end = error.start
    assert engine.utf8_end is not None
    assert engine.utf8_end(data) == end
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert _is_utf8(chunks, engine.utf8_end) == (end == len(data))
