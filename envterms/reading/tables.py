"""A table of documents, one a row -> Documents, the other columns as their metadata."""

from __future__ import annotations

import io
import json
import math
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from envterms.errors import UnknownName, UnreadableDocument
from envterms.reading.documents import Document, named, read_bytes
from envterms.reading.encodings import Encoding, decode
from envterms.reading.paths import STDIN

#: What may separate the cells of a CSV file.
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}

_LONGEST_CELL = (1 << 31) - 1  # the largest number that the module csv takes on every system


def separator_of(text: str) -> str:
    """The one of SEPARATORS that stands most often outside quotes in the header of a CSV file; a comma if none does."""
    header = re.sub('"[^"]*"', "", text.lstrip("\r\n ").partition("\n")[0])
    return max(SEPARATORS, key=header.count)


def csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells, stripped, of each row of a CSV file that is not blank, the header too; a cell may be of any length."""
    import csv

    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield reader.line_num, cells


def read_table(
    path: str | os.PathLike[str], text: str = "text", encoding: str | None = None, *, left_out: list[str] | None = None
) -> list[Document]:
    """The documents of a CSV, TSV or JSONL file, whose texts stand in the column `text`; rows without text are left out.

    A CSV file has commas, semicolons or tabs; standard input, `-`, is JSONL if it begins with an object. A document is named `path:row`,
    counted from 1, and its metadata are the other columns: strings, of JSONL numbers too, and what is neither as JSON. With a list as
    `left_out` the names of the rows without text are appended to it. Raises UnreadableDocument, and UnknownName for a column that is not
    there.
    """
    path = os.fspath(path)
    rows, found = _rows(path, encoding)
    path = named(path)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if rows and text not in columns:
        raise UnknownName("column", text, columns, f"columns of {path} are {', '.join(columns)}")
    documents = []
    for number, row in enumerate(rows, 1):
        name, content = f"{path}:{number}", str(row.pop(text, ""))
        if content.strip():
            metadata = {column: row.get(column, "") for column in columns if column != text}
            documents.append(Document(name, content, encoding=found.name, metadata=metadata, warnings=found.warnings))
        elif left_out is not None:
            left_out.append(name)
    if not documents:
        raise UnreadableDocument(f"{path}: no row holds a text in the column {text!r}")
    return documents


_Row: TypeAlias = dict[str, str | int | float]


def _rows(path: str, encoding: str | None) -> tuple[list[_Row], Encoding]:
    """The rows and the encoding."""
    import pandas as pd

    name = named(path)
    try:
        content, found = decode(read_bytes(path), encoding, name)
        content = content.removeprefix("\ufeff")  # some programs write two
        if Path(path).suffix.lower() == ".jsonl" or (path == STDIN and content.lstrip().startswith("{")):
            rows = enumerate(content.split("\n"), 1)
            return [_object(line, f"{name}: line {number}") for number, line in rows if line.strip()], found
        separator = "\t" if Path(path).suffix.lower() == ".tsv" else separator_of(content)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # of cells that are left out
            frame = pd.read_csv(
                io.StringIO(content, newline=""), sep=separator, dtype=object, keep_default_na=False, index_col=False
            )
        frame.columns = frame.columns.str.strip()
        if not frame.columns.is_unique:
            raise UnreadableDocument(f"{name}: two columns have the same name")
        return [{str(column): str(cell) for column, cell in row.items()} for row in frame.to_dict("records")], found
    except OSError as error:
        raise UnreadableDocument(f"{name}: cannot be read ({error.strerror or error})") from None
    except pd.errors.ParserWarning:
        advice = f"quote a cell that holds a {SEPARATORS[separator]}"
        raise UnreadableDocument(f"{name}: a row has more cells than the header; {advice}") from None
    except ValueError as error:  # the errors of pandas are ValueErrors too
        raise UnreadableDocument(f"{name}: is no table that can be read ({str(error).splitlines()[0]})") from None


def _object(line: str, place: str) -> _Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise UnreadableDocument(f"{place} is no JSON object; a JSONL file holds one on each line")
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: object) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf:  # NaN is no number
        return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
