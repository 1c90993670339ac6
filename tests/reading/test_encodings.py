import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envterms import engine
from envterms.errors import UnreadableDocument
from envterms.normalizing import fold
from envterms.reading import decode
from envterms.reading.encodings import _is_utf8, decode_pieces, find_codec, plausibility

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
    assert decode(text.encode(codec)) == (text, name)


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


def test_plain_ascii_is_utf_8() -> None:
    assert decode(b"PM2.5 and CO2") == ("PM2.5 and CO2", "UTF-8")


def test_the_named_encoding_wins() -> None:
    assert decode("环境".encode("gb18030"), "gbk") == ("环境", "gbk")
    assert decode(b"\xe8\x93\x9d\xff", "utf-8:replace") == ("蓝\ufffd", "UTF-8")


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"\x00\x01\x02\x03" * 50, None, "f: a binary file, not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", None, "f: a binary file, not text"),
        ("蓝天".encode() + b"\xff\xfe\xfa\xfb" * 30, None, "f: the encoding cannot be told (byte 6 is not UTF-8"),
        ("蓝天".encode(), "gb2312", "f: byte"),
        (
            b"abc\xff",
            "utf-8",
            "f: byte 3 is not utf-8; name another encoding with -e, or accept broken bytes with -e utf-8:replace",
        ),
        (b"abc", "klingon", "f: unknown encoding 'klingon'"),
    ],
)
def test_what_cannot_be_decoded_is_said_in_one_sentence(data: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode(data, encoding, "f")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


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
    for encoding in (None, "utf-8", "utf-8:replace", "gb18030"):
        whole, pieces = "", ""
        try:
            whole = "; ".join(decode(data, encoding))
        except UnreadableDocument as error:
            whole = str(error)
        try:
            # What the encoding is told by is a chunk of a megabyte, here the whole.
            judged = [data] if encoding is None else chunks
            found, errors, name = find_codec(judged.copy, encoding)
            pieces = "; ".join(("".join(decode_pieces(chunks, found, errors)), name))
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
