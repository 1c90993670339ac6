"""Tables as CSV, TSV, JSON, JSONL, Markdown and XLSX, to a file that is written whole or not at all, or to standard output."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from envterms.analysis.table import Table
from envterms.errors import UnknownName, UnwritableOutput
from envterms.output.safety import encodable, inert, printable

FORMATS = ("csv", "tsv", "json", "jsonl", "md", "xlsx")
#: Formats whose rows are written one behind the other, so that there may be any number of them.
STREAMED = ("csv", "tsv", "jsonl")
_BOM = b"\xef\xbb\xbf"
_XLSX_ROWS, _XLSX_COLUMNS = 1 << 20, 1 << 14  # of a sheet, with its header
_XLSX_CHARACTERS = (1 << 15) - 1  # of a cell
_XLSX_EXACT = 10**15  # below it a sheet holds all digits of a number
_PIECE = 1 << 16  # characters of a file that are written at once


def format_of(path: str) -> str:
    """The format that the ending of a file name asks for. Raises UnknownName."""
    ending = Path(path).suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise UnknownName(
            "ending of an output file", ending or path, FORMATS, f"endings are {', '.join(FORMATS)}", nearness=0.6
        )
    return ending


def render(table: Table, format: str, bom: bool = False) -> bytes:
    """The table as the bytes of a file in that format; `bom` is for CSV and TSV, which Excel reads as UTF-8 only with one."""
    match format:
        case "csv" | "tsv" | "jsonl":
            return b"".join(lines(table.columns, table.rows, format, bom))
        case "json":
            return as_json(list(table.records()), indent=1)
        case "md":
            return _markdown(table).encode()
        case "xlsx":
            return _xlsx(table)
    raise UnknownName("format", format, FORMATS, f"formats are {', '.join(FORMATS)}", nearness=0.6)


def lines(columns: Sequence[str], rows: Iterable[Sequence[object]], format: str, bom: bool = False) -> Iterator[bytes]:
    """What `render` gives for the formats in STREAMED, piece by piece, so that there may be any number of rows."""
    if format == "jsonl":
        for row in rows:
            yield as_json(dict(zip(columns, row, strict=True)))
        return
    yield _BOM if bom else b""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="," if format == "csv" else "\t", lineterminator="\n")
    writer.writerow(map(inert, columns))
    for row in rows:
        writer.writerow([_inert(cell) if isinstance(cell, str) else _plain(cell) for cell in row])
        if out.tell() > _PIECE:
            yield encodable(out.getvalue()).encode()
            out.seek(0)
            out.truncate()
    yield encodable(out.getvalue()).encode()


def as_json(value: object, indent: int | None = None) -> bytes:
    """The value as JSON, with a line break behind it."""
    return (encodable(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent), r"\\") + "\n").encode()


def write(content: bytes | Iterable[bytes], path: str | None) -> None:
    """Writes to the file, whole or not at all, or to standard output for None or `-`. Raises UnwritableOutput."""
    pieces = [content] if isinstance(content, bytes) else content
    if path in (None, "-"):
        sys.stdout.flush()
        sys.stdout.buffer.writelines(map(_in_its_encoding, pieces))
        sys.stdout.buffer.flush()
        return
    import tempfile

    target = Path(str(path))
    temporary = None
    try:
        if target.exists() and not target.is_file():  # a pipe or device cannot be replaced
            with target.open("wb") as file:
                file.writelines(pieces)
            return
        target = Path(os.path.realpath(target))  # a link stays one
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        descriptor, temporary = tempfile.mkstemp(prefix=".envterms-", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        raise UnwritableOutput(f"{path}: cannot be written ({error.strerror or error}); nothing was changed") from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def _in_its_encoding(piece: bytes) -> bytes:
    """Text in the encoding of standard output, which PYTHONIOENCODING may have chosen; a workbook stays what it is."""
    if codecs.lookup(sys.stdout.encoding).name == "utf-8" or piece.startswith(b"PK\3\4"):
        return piece
    return piece.decode("utf-8", "surrogatepass").encode(sys.stdout.encoding, sys.stdout.errors or "strict")


_inert = lru_cache(1 << 12)(inert)  # most texts of a table stand in many of its rows


def _plain(value: object) -> object:
    return json.dumps(value) if isinstance(value, list) else value


def _markdown(table: Table) -> str:
    def line(cells: Iterable[object]) -> str:
        texts = ("" if cell is None else printable(str(cell)) for cell in cells)
        return "| " + " | ".join(_markdown_text(text) for text in texts) + " |\n"

    numeric = [all(isinstance(value, (int, float)) for value in table.column(name)) for name in table.columns]
    return line(table.columns) + line("---:" if right else "---" for right in numeric) + "".join(map(line, table.rows))


def _markdown_text(text: str) -> str:
    return re.sub(r"[\\|<>*`\[\]#]", r"\\\g<0>", text)


def _xlsx(table: Table) -> bytes:
    import xlsxwriter

    if len(table.rows) >= _XLSX_ROWS or len(table.columns) > _XLSX_COLUMNS:
        size = f"{len(table.rows):,} rows and {len(table.columns):,} columns"
        room = f"{_XLSX_ROWS - 1:,} rows and {_XLSX_COLUMNS:,} columns"
        raise UnwritableOutput(f"XLSX has room for {room}, not for {size}; write CSV")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("envterms")
        sheet.write_row(0, 0, map(_xlsx_text, table.columns), book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        numeric = [_is_numeric(table.column(name)) for name in table.columns]
        for number, row in enumerate(table.rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str) and numeric[column]:
                    value = float(value) if value else None
                if isinstance(value, (int, float)) and abs(value) < _XLSX_EXACT:
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, _xlsx_text(value))
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return out.getvalue()


def _is_numeric(values: Iterable[object]) -> bool:
    """Whether a column, such as the years of a table of texts, holds nothing but numbers and empty cells; 007 and 5.10 are names."""
    texts = {value for value in values if isinstance(value, str)} - {""}
    number = r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?"
    return bool(texts) and all(len(text) < 16 and re.fullmatch(number, text, re.ASCII) for text in texts)


def _xlsx_text(value: object) -> str:
    text = json.dumps(value) if isinstance(value, list) else encodable(str(value))
    if len(text) > _XLSX_CHARACTERS:
        room = f"{_XLSX_CHARACTERS:,} characters"
        raise UnwritableOutput(f"a cell of XLSX has room for {room}, not for {len(text):,} ({text[:20]}…); write CSV")
    return text


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
