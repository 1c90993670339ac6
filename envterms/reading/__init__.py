"""First stage: paths -> Document."""

from envterms.reading.documents import (
    Document,
    Found,
    is_large,
    open_large,
    read,
    read_document,
    read_documents,
    read_found,
    same_content,
    size_of,
)
from envterms.reading.encodings import Encoding, codec_and_handler, decode
from envterms.reading.lines import Lines
from envterms.reading.paths import ENDINGS, STDIN, find_files, is_table, other_files
from envterms.reading.ranges import Range
from envterms.reading.tables import read_table

__all__ = [
    "ENDINGS",
    "STDIN",
    "Document",
    "Encoding",
    "Found",
    "Lines",
    "Range",
    "codec_and_handler",
    "decode",
    "find_files",
    "is_large",
    "is_table",
    "open_large",
    "other_files",
    "read",
    "read_document",
    "read_documents",
    "read_found",
    "read_table",
    "same_content",
    "size_of",
]
