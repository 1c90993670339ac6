"""Term lists of other programs -> terms of one's own lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from envterms.errors import InvalidLexicon, MissingPackage, UnknownName
from envterms.lexicon.loading import NO_FORM, STAMP_COLUMN, TERM_COLUMNS, as_term, wrong_separator
from envterms.lexicon.model import Term, form_key
from envterms.reading import read_document
from envterms.reading.tables import SEPARATORS, csv_rows, separator_of

IMPORT_FORMATS = ("csv", "jieba", "quanteda")
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "jieba", ".dict": "jieba", ".yml": "quanteda", ".yaml": "quanteda"}
_JIEBA_LINE = re.compile(r"(?P<word>.+?)( [0-9]+)?( [a-z]+)?", re.ASCII)


class Imported(NamedTuple):
    """Terms, and one sentence for each thing that was left out."""

    terms: list[Term]
    left_out: list[str]


def import_terms(path: str, format: str | None = None, columns: Mapping[str, str] = {}) -> Imported:
    """The terms of a file in a format of IMPORT_FORMATS, by default the one that its ending says; the encoding is found.

    - `csv` has a header; `columns` says which of its columns is which of TERM_COLUMNS: `{"term": "关键词"}`.
    - `jieba` is a user dictionary, `word`, `word 3` or `word 3 nz` a line.
    - `quanteda` is a YAML dictionary. A key that is one of its own values is a term and the others its aliases, as in what envterms
      exports; otherwise each value is a term. The keys above are its category.

    Left out is what is no form: wild cards, one character, white space inside, what a spreadsheet would run, a form that stands twice.
    Raises UnreadableDocument, InvalidLexicon, UnknownName or MissingPackage.
    """
    format = format or _ENDINGS.get(Path(path).suffix.lower(), Path(path).suffix)
    if format not in IMPORT_FORMATS:
        raise UnknownName("format", format, IMPORT_FORMATS, f"formats are {', '.join(IMPORT_FORMATS)}", nearness=0.6)
    text = read_document(path).text.removeprefix("\ufeff")
    left_out: list[str] = []
    match format:
        case "csv":
            found = _from_csv(path, text, columns, left_out)
        case "jieba":
            found = _from_jieba(path, text)
        case _:
            found = _from_quanteda(path, text)
    terms = list(_sound(found, left_out))
    if not terms:
        raise InvalidLexicon([f"{path}: holds no term"])
    return Imported(terms, left_out)


def _sound(terms: Iterable[Term], left_out: list[str]) -> Iterator[Term]:
    seen: dict[str, str] = {}

    def stands(form: str, place: str) -> bool:
        key = form_key(form)
        if not key or len(form) < 2 or re.search(NO_FORM, form) or re.search(r"\s", form):
            left_out.append(f"{place}: {form!r} is not a form that can be looked for; left out")
        elif key in seen:
            left_out.append(f"{place}: {form} stands already at {seen[key]}; left out")
        else:
            seen[key] = place
            return True
        return False

    def is_one(alias: str, place: str) -> bool:
        fault = wrong_separator("aliases", alias)
        if fault:
            left_out.append(f"{place}: {fault}; left out")
        return not fault

    for term in terms:
        if stands(term.term, term.place):
            place = term.place
            kept = tuple(alias for alias in term.aliases if is_one(alias, place) and stands(alias, place))
            yield term._replace(aliases=kept)


def _from_csv(path: str, text: str, columns: Mapping[str, str], left_out: list[str]) -> Iterator[Term]:
    separator = separator_of(text)
    rows = csv_rows(text, separator)
    first, header = next(rows, (1, []))
    from_column = {name: columns.get(name, name) for name in TERM_COLUMNS}
    for name, column in columns.items():
        if name not in TERM_COLUMNS:
            raise UnknownName("column", name, TERM_COLUMNS, f"columns are {', '.join(TERM_COLUMNS)}")
        if column not in header:
            raise InvalidLexicon([f"{path}:{first}: {column}: there is no such column; there are {', '.join(header)}"])
    if header and from_column["term"] not in header:
        advice = f"say which one it is, such as term={next(filter(None, header))}"
        raise InvalidLexicon([f"{path}:{first}: term: this column is missing; {advice}"])
    unused = [name for name in header if name not in from_column.values() and name != STAMP_COLUMN]
    left_out += [f"{path}:{first}: {name}: no column of a lexicon; left out" for name in unused]
    for line, row in rows:
        if len(row) > len(header):
            advice = f"quote a cell that holds a {SEPARATORS[separator]}"
            raise InvalidLexicon([f"{path}:{line}: more cells than the header has; {advice}"])
        found = dict(zip(header, row, strict=False))
        cells = {name: found.get(column, "") for name, column in from_column.items()}
        if cells["term"]:
            yield as_term(cells, f"{path}:{line}")


def _from_jieba(path: str, text: str) -> Iterator[Term]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _JIEBA_LINE.fullmatch(line.strip())
        if found and not line.startswith("#"):
            yield Term(found["word"], place=f"{path}:{number}")


def _from_quanteda(path: str, text: str) -> Iterator[Term]:
    try:
        import yaml
    except ImportError:
        raise MissingPackage("reading YAML", "pyyaml", "yaml") from None

    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.BaseLoader)):
            raise InvalidLexicon([f"{path}: holds YAML aliases (*name); write the values out"])
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # every scalar is a string, nothing is constructed
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidLexicon([f"{path}:{line}: not YAML ({error.problem})"]) from None
    except (yaml.YAMLError, RecursionError):
        raise InvalidLexicon([f"{path}: not YAML that can be read"]) from None
    if not isinstance(tree, dict):
        raise InvalidLexicon([f"{path}: not a dictionary of quanteda: no key with values"])
    yield from _branches(tree, (), path)


def _branches(tree: Any, keys: tuple[str, ...], path: str) -> Iterator[Term]:
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield from _branches(below, (*keys, str(key)), path)
        return
    values = [tree] if isinstance(tree, str) else tree
    words = [value for value in values if isinstance(value, str) and value]
    place = f"{path}: {' > '.join(keys)}"
    if keys[-1] in words:
        aliases = tuple(word for word in words if word != keys[-1])
        yield Term(keys[-1], aliases, category="/".join(keys[:-1]), place=place)
    else:
        yield from (Term(word, category="/".join(keys), place=place) for word in words)
    for value in values:
        if not isinstance(value, str):
            yield from _branches(value, keys, path)
