from pathlib import Path

import pytest

from envterms.errors import UnreadableDocument
from envterms.reading import Document, read, read_document, read_documents


def test_the_document_is_the_text_as_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeff蓝天\r\n".encode())
    document = read_document(str(path))
    assert (document.text, document.encoding, document.name) == ("蓝天\r\n", "UTF-8", str(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "the file holds only white space"),
        (b"%PDF-1.7 ...", "a PDF file, not plain text; save or export it as text first"),
        (b"PK\x03\x04...", "a zipped file (such as .docx or .xlsx), not plain text; save or export it as text first"),
    ],
)
def test_a_file_without_text_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument) as caught:
        read_document(str(path))
    assert str(caught.value) == f"{path}: {message}"


def test_a_document_is_shown_with_the_beginning_of_its_text() -> None:
    document = Document("a.txt", "打好蓝天保卫战。" * 1000, encoding="UTF-8", metadata={"year": "2019"})
    assert repr(document) == (
        "Document('a.txt', '打好蓝天保卫战。打好蓝天保卫战。打好蓝天保卫战。打好蓝天保卫…', 8,000 characters, 'UTF-8', {'year': '2019'})"
    )
    assert repr(Document("b.txt", "短")) == "Document('b.txt', '短', 1 characters, '', {})"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.txt"
    path.write_text("蓝天", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableDocument, match=r"a\.txt: cannot be read \(Permission denied\)"):
        read_document(str(path))


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text("碧水", encoding="utf-8")
    failures: list[UnreadableDocument] = []
    assert [document.text for document in read_documents(str(tmp_path), failures=failures)] == ["碧水"]
    assert len(failures) == 1
    with pytest.raises(UnreadableDocument):
        read(str(tmp_path))
