"""CSV files -> Lexicon. Every complaint names file, line and column."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import envterms
from envterms.errors import InvalidArgument, InvalidLexicon, UnreadableDocument, given
from envterms.lexicon.keeping import keep, restored
from envterms.lexicon.model import (
    Category,
    Event,
    Family,
    Lexicon,
    Pattern,
    Retired,
    SenseRule,
    Source,
    Term,
    form_key,
    form_keys,
)
from envterms.reading.tables import SEPARATORS, csv_rows, separator_of

AnyLexicon: TypeAlias = Lexicon | str | os.PathLike[str]

TERM_COLUMNS = Term._fields[:-1]  # without `place`
SENSE_COLUMNS = SenseRule._fields[:-1]  # without `place`
PATTERN_COLUMNS = Pattern._fields[:-1]  # without `place`
FAMILY_COLUMNS = Family._fields[:-1]  # without `place`
SOURCE_COLUMNS = Source._fields
CATEGORY_COLUMNS = Category._fields
VOCABULARY_COLUMNS = ("column", "value", "definition")
PLACE_COLUMNS = ("place", "region")
RETIRED_COLUMNS = Retired._fields[:-1]  # without `place`
EXCEPTION_COLUMNS = ("term", "check", "reason")

#: A column of exported CSV files that names the lexicon they were made from; passed over when one is read.
STAMP_COLUMN = "lexicon"
CONTEXT_COLUMNS = ("word", "role", "notes")

#: Columns that hold several values, with `|` between them.
LISTS = frozenset(
    {"aliases", "expansion", "region", "events", "sources", "members", "cues", "before", "after", "holds", "lacks"}
)

#: What may stand in a file and is no form: wild cards, and what a spreadsheet would run. Compiled when it is first asked for.
NO_FORM = r"[*?]|^[=@+-]"
_NOT_FOUND = "is not a form that can be looked for"
#: A line of a jieba dictionary: a word with its frequency, its tag or both.
_JIEBA_LINE = r".*[\u4e00-\u9fff]\S*( [0-9]+| [a-z]{1,4}| [0-9]+ [a-z]{1,4})"


def builtin_folder() -> Path:
    """The folder of the lexicon: inside the package in a wheel, beside it in a checkout."""
    package = Path(envterms.__file__).parent
    inside = package / "data" / "lexicon"
    return inside if inside.is_dir() else package.parent / "lexicon"


def load_lexicon(*extra: str | os.PathLike[str], builtin: bool = True) -> Lexicon:
    """The lexicon of the package, with the user's own on top of it, or with `builtin=False` the user's own alone.

    Each of `extra` is a folder laid out like `lexicon/`, a CSV file with at least the column `term`, or a text file with a term a line,
    in any encoding that is found in documents; a CSV file has commas, semicolons or tabs.
    A term or form of the user's takes the place of the built-in one. Raises InvalidLexicon with all faults.
    """
    own = [Path(path) for path in extra]
    folders = [builtin_folder()] if builtin else []
    fingerprint = _fingerprint(folders, own)
    lexicon = restored(fingerprint) if fingerprint else None
    if lexicon is None:
        reader = _Reader()
        for folder in folders:
            reader.read_folder(folder)
        for path in own:
            reader.read_own(path)
        lexicon = reader.lexicon()
        if fingerprint != _fingerprint(folders, own):
            fingerprint = ""  # a file was saved in between, so what was read may be neither state
        if fingerprint:
            keep(lexicon, fingerprint)
    object.__setattr__(lexicon, "fingerprint", fingerprint)
    return lexicon


def as_lexicon(lexicon: AnyLexicon | None, builtin: bool = True) -> Lexicon:
    """The built-in lexicon for None, for a path the user's own, on top of the built-in one or alone.

    Raises InvalidArgument and InvalidLexicon.
    """
    if lexicon is None:
        return load_lexicon()
    if isinstance(lexicon, Lexicon):
        return lexicon
    if isinstance(lexicon, (str, os.PathLike)) and os.path.exists(lexicon):
        return load_lexicon(lexicon, builtin=builtin)
    shown = f"{lexicon!s} is no file or folder" if isinstance(lexicon, (str, os.PathLike)) else given(lexicon)
    raise InvalidArgument(
        f"{shown} where a lexicon is needed; give the path of one or what envterms.load_lexicon returns, "
        'and name terms with terms=["…"]'
    )


def _fingerprint(folders: Sequence[Path], own: Sequence[Path]) -> str:
    """A digest of the files' names and content; empty where one cannot be read, which is then told when it is read as a lexicon."""
    digest = hashlib.sha256(repr((folders, own)).encode("utf-8", "surrogateescape"))
    try:
        for path in (*folders, *own):
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    content = file.read_bytes()
                    digest.update(f"\0{file.name} {len(content)}\0".encode("utf-8", "surrogateescape"))
                    digest.update(content)
    except OSError:
        return ""
    return digest.hexdigest()


def read_rows(
    path: Path, columns: Sequence[str], faults: list[str], required: Iterable[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a CSV file, stripped; faults of shape are appended to `faults`.

    The encoding and the separator are found. Columns of `columns` that the file does not have are empty in every row.
    """
    text = _text_of(path, faults)
    if text is None:
        return []
    separator = separator_of(text)
    lines = csv_rows(text, separator)
    rows: list[tuple[int, dict[str, str]]] = []
    first, header = next(lines, (1, []))
    for name in required:
        if name not in header:
            of_terms = columns is TERM_COLUMNS and header
            advice = _how_to_import(path, header, next(lines, (0, []))[1]) if of_terms else ""
            faults.append(f"{path}:{first}: {name}: this column is missing{advice}")
            return []
    for name in header:
        if name not in (*columns, STAMP_COLUMN):
            faults.append(f"{path}:{first}: {name or '(no name)'}: no such column; columns are {', '.join(columns)}")
    for line, cells in lines:
        if len(cells) != len(header):
            faults.append(
                f"{path}:{line}: {len(cells)} cells where the header has {len(header)}; "
                f"quote a cell that holds a {SEPARATORS[separator]}"
            )
            continue
        found = dict(zip(header, cells, strict=True))
        rows.append((line, {name: found.get(name, "") for name in columns}))
    return rows


def _text_of(path: Path, faults: list[str]) -> str | None:
    """The text of a file in the encoding that is found, as that of a document; None with a fault if there is none."""
    from envterms.reading import decode

    try:
        return decode(path.read_bytes(), name=str(path))[0].removeprefix("\ufeff")  # some programs write two
    except OSError as error:
        faults.append(f"{path}: cannot be read ({error.strerror or error})")
    except UnreadableDocument as error:
        problem, _, _ = str(error).partition("; ")  # what follows is advice for documents
        faults.append(f"{problem}; save the file as UTF-8 (in Excel “CSV UTF-8”)")
    return None


def _how_to_import(path: Path, header: Sequence[str], first: Sequence[str]) -> str:
    """Advice for a file in which no column is called `term`; the `first` row shows which one may hold the terms."""
    chinese = (name for name, cell in zip(header, first, strict=False) if name and not cell.isascii())
    column = next(chinese, "") or next(filter(None, header))
    return (
        f" among {', '.join(header)}; rename the column of the terms, or run "
        f"`envterms lexicon import --column term={column} -o mine.csv {path}`"
    )


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell with `|` between them."""
    if "|" not in cell:
        return (cell,) if cell else ()
    return tuple(value.strip() for value in cell.split("|") if value.strip())


def with_parents(category: str) -> list[str]:
    """The ids of a category and of those above it, from the top."""
    parts = category.split("/") if category else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def wrong_separator(column: str, cell: str) -> str:
    """A sentence on a mark that parts the values of a cell in place of `|`; empty for a sound cell.

    Only aliases hold no comma or semicolon; the parts of a slogan are joined by 、 or ，.
    """
    found = re.search("[,;｜；]" if column == "aliases" else "[｜；]", cell)
    return f"{column}: {cell} holds “{found[0]}”; values are parted by |" if found else ""


def faults_of_forms(term: Term) -> Iterator[str]:
    """A sentence for each form that could never be found."""
    yield from (f"{form!r} {_NOT_FOUND}" for form in term.forms if re.search(NO_FORM, form))


def as_term(row: Mapping[str, str], place: str) -> Term:
    """The term of a line with TERM_COLUMNS."""
    values: dict[str, Any] = {name: split(cell) if name in LISTS else cell for name, cell in row.items()}
    values["events"] = tuple(Event(*([*event.split(" ", 2), "", ""])[:3]) for event in values["events"])
    values["status"] = values["status"] or "unknown"
    return Term(**values, place=place)


_RECORDS: dict[str, tuple[type[Any], Sequence[str]]] = {
    "categories": (Category, CATEGORY_COLUMNS),
    "sources": (Source, SOURCE_COLUMNS),
    "families": (Family, FAMILY_COLUMNS),
    "patterns": (Pattern, PATTERN_COLUMNS),
    "senses": (SenseRule, SENSE_COLUMNS),
    "retired": (Retired, RETIRED_COLUMNS),
}


class _Reader:
    """Collects the tables of one or more lexicons, and the faults that make them unusable."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.terms: dict[str, Term] = {}
        self.owner: dict[str, str] = {}  # form key -> canonical form
        self.categories: dict[str, Category] = {}
        self.sources: dict[str, Source] = {}
        self.families: list[Family] = []
        self.senses: dict[str, list[SenseRule]] = {}
        self.patterns: dict[str, Pattern] = {}
        self.places: list[str] = []
        self.retired: dict[str, Retired] = {}
        self.context: dict[str, list[str]] = {}
        self.version = ""
        self.hash = hashlib.sha256()

    def read_folder(self, folder: Path) -> None:
        version = folder / "VERSION"
        if version.is_file():
            self.version = version.read_text(encoding="utf-8").strip()
        files = sorted((folder / "terms").glob("*.csv"))
        if not files:
            self.faults.append(f"{folder}: no terms/*.csv in this folder")
        tables = [folder / f"{name}.csv" for name in (*_RECORDS, "places", "context")]
        for path in [*filter(Path.is_file, tables), *files]:
            self.hash.update(
                path.name.encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes().replace(b"\r\n", b"\n")
            )
        for name, (kind, columns) in _RECORDS.items():
            path = folder / f"{name}.csv"
            for record in self.records(path, columns, kind, columns[:1]) if path.is_file() else ():
                self.add_record(record)
        places = folder / "places.csv"
        if places.is_file():
            self.places += (row["place"] for _, row in read_rows(places, PLACE_COLUMNS, self.faults, ("place",)))
        context = folder / "context.csv"
        for _, row in read_rows(context, CONTEXT_COLUMNS, self.faults, ("word", "role")) if context.is_file() else ():
            self.context.setdefault(row["role"], []).append(row["word"])
        self.add_terms([term for path in files for term in self.records(path, TERM_COLUMNS, Term, ("term",))])

    def read_own(self, path: Path) -> None:
        if os.path.isdir(path):
            return self.read_folder(path)
        if path.suffix.lower() == ".txt":
            lines = (_text_of(path, self.faults) or "").splitlines()
            terms = [Term(line.strip(), place=f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
            for term in terms:
                self.faults += (f"{term.place}: {fault}" for fault in faults_of_forms(term))
                if re.fullmatch(_JIEBA_LINE, term.term, re.ASCII):
                    advice = f"looks like jieba's; run `envterms lexicon import -o mine.csv {path}`"
                    self.faults.append(f"{term.place}: {term.term!r} {advice}")
        else:
            terms = list(self.records(path, TERM_COLUMNS, Term, ("term",)))
        own: dict[str, str] = {}
        for term in terms:
            self.hash.update(repr((term.forms, term.category)).encode())
            for form in term.forms:
                key = form_key(form)
                if key and own.setdefault(key, term.place) != term.place:
                    self.faults.append(f"{term.place}: {form}: stands already at {own[key]}")
                self.release(key)
        self.senses = {form: rules for form, rules in self.senses.items() if form_key(form) not in own}
        self.add_terms(terms)
        return None

    def records(self, path: Path, columns: Sequence[str], kind: type[Any], required: Sequence[str]) -> Iterable[Any]:
        for line, row in read_rows(path, columns, self.faults, required):
            if kind is Term:
                if row["term"]:
                    term = as_term(row, f"{path}:{line}")
                    faults = (*faults_of_forms(term), wrong_separator("aliases", row["aliases"]))
                    self.faults += (f"{term.place}: {fault}" for fault in faults if fault)
                    yield term
                else:
                    self.faults.append(f"{path}:{line}: term: empty")
                continue
            values: dict[str, Any] = {name: split(cell) if name in LISTS else cell for name, cell in row.items()}
            if "place" in kind._fields:
                values["place"] = f"{path}:{line}"
            yield kind(**values)

    def add_record(self, record: Category | Source | Family | Pattern | SenseRule | Retired) -> None:
        match record:
            case Category():
                self.categories[record.id] = record
            case Source():
                self.sources[record.id] = record
            case Family():
                self.families.append(record)
            case Pattern():
                self.patterns[record.pattern] = record
            case SenseRule():
                self.senses.setdefault(record.form, []).append(record)
            case Retired():
                self.retired[record.term] = record

    def add_terms(self, terms: Sequence[Term]) -> None:
        forms = [(form, term) for term in terms for form in term.forms]
        for (form, term), key in zip(forms, form_keys([form for form, _ in forms]), strict=True):
            if not key:  # quotes or marks, of which nothing is left
                self.faults.append(f"{term.place}: {form!r} {_NOT_FOUND}")
            elif form is term.term and self.terms.setdefault(form, term) is not term:
                self.faults.append(f"{term.place}: {form}: is already a term ({self.terms[form].place})")
            elif self.owner.setdefault(key, term.term) != term.term:
                owner = self.terms[self.owner[key]]
                self.faults.append(f"{term.place}: {form}: is already a form of {owner.term} ({owner.place})")

    def release(self, key: str) -> None:
        """Takes a form from the term that has it, or drops the term whose canonical form it is."""
        owner = self.terms.get(self.owner.pop(key, ""))
        if owner is None:
            return
        if form_key(owner.term) == key:
            del self.terms[owner.term]
            for form in owner.forms:
                self.owner.pop(form_key(form), None)
        else:
            kept = tuple(alias for alias in owner.aliases if form_key(alias) != key)
            self.terms[owner.term] = owner._replace(aliases=kept)

    def lexicon(self) -> Lexicon:
        if not self.terms and not self.faults:
            self.faults.append("the lexicon holds no term")
        if self.faults:
            raise InvalidLexicon(self.faults)
        for term in self.terms.values():
            for category in with_parents(term.category):
                if category not in self.categories:  # one of the user's own
                    self.categories[category] = Category(category, "", "")
        return Lexicon(
            terms=self.terms,
            categories=self.categories,
            sources=self.sources,
            families=tuple(self.families),
            senses={
                form: tuple(rule for rule in rules if rule.decision != "count" or rule.sense in self.terms)
                for form, rules in self.senses.items()
            },
            version=self.version,
            digest=self.hash.hexdigest()[:12],
            patterns=self.patterns,
            places=tuple(self.places),
            retired=self.retired,
            context={role: tuple(words) for role, words in self.context.items()},
        )
