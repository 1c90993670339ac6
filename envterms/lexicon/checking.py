"""`envterms lexicon check`: every fault of a lexicon, and the canonical form of the files of a folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from envterms.errors import InvalidLexicon
from envterms.lexicon.dates import is_date, is_later
from envterms.lexicon.loading import (
    CATEGORY_COLUMNS,
    CONTEXT_COLUMNS,
    EXCEPTION_COLUMNS,
    FAMILY_COLUMNS,
    LISTS,
    NO_FORM,
    PATTERN_COLUMNS,
    PLACE_COLUMNS,
    RETIRED_COLUMNS,
    SENSE_COLUMNS,
    SOURCE_COLUMNS,
    TERM_COLUMNS,
    VOCABULARY_COLUMNS,
    builtin_folder,
    load_lexicon,
    read_rows,
    split,
    wrong_separator,
)
from envterms.lexicon.model import CONJUNCTION, form_key
from envterms.lexicon.plausibility import (
    malformed_number,
    members_announced,
    spreadsheet_damage,
    traditional_characters,
)

_Row = tuple[int, dict[str, str]]
_TABLES = {
    "categories.csv": CATEGORY_COLUMNS,
    "vocabularies.csv": VOCABULARY_COLUMNS,
    "sources.csv": SOURCE_COLUMNS,
    "families.csv": FAMILY_COLUMNS,
    "senses.csv": SENSE_COLUMNS,
    "patterns.csv": PATTERN_COLUMNS,
    "places.csv": PLACE_COLUMNS,
    "retired.csv": RETIRED_COLUMNS,
    "exceptions.csv": EXCEPTION_COLUMNS,
    "context.csv": CONTEXT_COLUMNS,
}
_SORTED_BY = {  # the order of the others means something
    "sources.csv": ("id",),
    "families.csv": ("shared", "position"),
    "retired.csv": ("term",),
    "exceptions.csv": ("term", "check"),
}
#: The checks that a line of exceptions.csv can switch off for a term.
_EXCUSABLE = ("expansion", "script", "events")
_REGION = re.compile("HK|MO|TW|CN-[A-Z]{2}")
_NUMBER = re.compile(
    r".*〔\d{4}〕\d+号|.*\d{4}年第\d+号|.*第[\d一二三四五六七八九十百零〇]+号|[A-Z]+[/ ]?[A-Z]* ?[\d.—-]+"
)
_YEAR = re.compile(r"〔(\d{4})〕")
_HAN = re.compile("[\u4e00-\u9fff]")
_BOM = b"\xef\xbb\xbf"
_WHERE = ("before", "after", "clause", "sentence", "document", "words", "otherwise")
_SLOTS = ("title", "term", "place", "numeral", "numbered", "number")
_ROLES = (
    "verb", "adverb", "filler", "negation", "negation-link", "verb-type", "verb-ending", "value-type", "value-link", "value-bound",
    "value-change", "value-behind", "unit",
)  # fmt: skip
_DECISIONS = ("count", "reject", "unresolved")


def check_lexicon(folder: Path) -> list[str]:
    """All faults of the lexicon in `folder`, as `file:line: column: problem`; an empty list is a sound lexicon."""
    faults: list[str] = []
    files = _files(folder)
    tables = {path: read_rows(path, columns, faults, columns[:1]) for path, columns in files}
    if not faults:
        faults += [fault for path, columns in files for fault in _check_file(path, columns, tables[path])]
    return faults + list(_check(folder, tables))


def check_own(path: Path) -> list[str]:
    """All faults of a file of one's own terms: for what `load_lexicon` refuses it, what a spreadsheet did to its cells, and scopes
    that are not in the built-in vocabulary: they may be meant, but a `core` that is misspelt is missed by `--scope core`.
    """
    faults: list[str] = []
    try:
        load_lexicon(path, builtin=False)
    except InvalidLexicon as error:
        faults += error.faults
    if path.suffix.lower() != ".txt":
        vocabulary = read_rows(builtin_folder() / "vocabularies.csv", VOCABULARY_COLUMNS, [])
        scopes = [row["value"] for _, row in vocabulary if row["column"] == "scope"]
        for line, row in read_rows(path, TERM_COLUMNS, [], ("term",)):
            faults += _check_cells(f"{path}:{line}", row)
            if row["scope"] and row["scope"] not in scopes:
                faults.append(f"{path}:{line}: scope: {row['scope']!r} is not one of {', '.join(scopes)}")
    return list(dict.fromkeys(faults))  # loading and the cells tell of the same wrong separators


def fix_lexicon(folder: Path) -> list[Path]:
    """Rewrites each file that is not in canonical form; returns those. What a command cannot decide stays as it is."""
    changed = []
    for path, columns in _files(folder):
        faults: list[str] = []
        rows = read_rows(path, columns, faults, columns[:1])
        if not faults and (canonical := _canonical(path, columns, rows)) != path.read_bytes():
            path.write_bytes(canonical)
            changed.append(path)
    return changed


def _files(folder: Path) -> list[tuple[Path, Sequence[str]]]:
    tables: list[tuple[Path, Sequence[str]]] = [
        (folder / name, columns) for name, columns in _TABLES.items() if (folder / name).is_file()
    ]
    return tables + [(path, TERM_COLUMNS) for path in sorted((folder / "terms").glob("*.csv"))]


def _check_file(path: Path, columns: Sequence[str], rows: list[_Row]) -> Iterator[str]:
    """What an editor or a spreadsheet does to a file, whatever the file holds."""
    faults = []
    data = path.read_bytes()
    if not data.startswith(_BOM):
        faults.append(f"{path}:1: {columns[0]}: the byte order mark in front of it is lost; --fix writes it")
    keys = _sort_keys(path)
    previous: list[str] = []
    for line, row in rows:
        key = [row[name] for name in keys]
        if key < previous:
            faults.append(f"{path}:{line}: {keys[0]}: {key[0]} belongs before {previous[0]}; --fix sorts")
        previous = key
        faults += _check_cells(f"{path}:{line}", row)
    yield from faults
    if not faults and data != _canonical(path, columns, rows):
        yield f"{path}: not in canonical form (columns, blanks, quotes or line ends); run envterms lexicon check --fix"


def _check_cells(place: str, row: dict[str, str]) -> Iterator[str]:
    for column, cell in row.items():
        if column in LISTS and (fault := wrong_separator(column, cell)):
            yield f"{place}: {fault}"
        for value in split(cell) if column in LISTS else (cell,):
            if spreadsheet_damage(value) and column != "date":
                yield f"{place}: {column}: {value} looks like what a spreadsheet made of another value"
        if number := malformed_number(cell):
            yield f"{place}: {column}: {number} is not of the form 〔2018〕22号"


def _sort_keys(path: Path) -> Sequence[str]:
    return _SORTED_BY.get(path.name, ("term",) if path.parent.name == "terms" else ())


def _canonical(path: Path, columns: Sequence[str], rows: list[_Row]) -> bytes:
    """UTF-8 with BOM, LF, the columns in order, blanks and full-width ｜ mended, sorted where order has no meaning."""
    keys = _sort_keys(path)
    cells = [
        {name: "|".join(split(cell.replace("｜", "|"))) if name in LISTS else cell for name, cell in row.items()}
        for _, row in rows
    ]
    if keys:
        cells.sort(key=lambda row: [row[key] for key in keys])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in cells)
    return _BOM + out.getvalue().encode("utf-8")


def _check(folder: Path, tables: dict[Path, list[_Row]]) -> Iterator[str]:
    def table(name: str) -> list[_Row]:
        return tables.get(folder / name, [])

    vocabulary: dict[str, set[str]] = {}
    for _, row in table("vocabularies.csv"):
        vocabulary.setdefault(row["column"], set()).add(row["value"])
    categories = {row["id"] for _, row in table("categories.csv")}
    sources = {row["id"]: row for _, row in table("sources.csv")}
    excused = {(row["term"], row["check"]) for _, row in table("exceptions.csv")}
    needed = set()
    yield from _check_sources(folder / "sources.csv", table("sources.csv"))
    owners: dict[str, tuple[str, str]] = {}  # spelling -> form and place
    terms: set[str] = set()
    known: set[str] = set()
    for path, rows in tables.items():
        if path.parent.name != "terms":
            continue
        for line, row in rows:
            place = f"{path}:{line}"
            terms.add(row["term"])
            yield from (f"{place}: {fault}" for fault in _check_term(row, path.stem, vocabulary, categories, sources))
            for check, fault in _doubts(row, sources):
                needed.add((row["term"], check))
                if (row["term"], check) not in excused:
                    yield f"{place}: {fault}"
            forms = (row["term"], *split(row["aliases"]))
            keys = [form_key(form) for form in forms]
            known.update(keys)
            for form, key in zip(forms, keys, strict=True):
                other, its_place = owners.setdefault(_spelling(key), (form, place))
                if its_place != place:
                    spelt = "" if form_key(other) == key else f" as {other}"
                    yield f"{place}: aliases: {form} is a form of {its_place} too{spelt}"
                elif keys.count(key) > 1:
                    yield f"{place}: aliases: {form} stands twice (script, width, case and joining marks do not matter)"
    for line, row in table("exceptions.csv"):
        if row["check"] not in _EXCUSABLE:
            yield f"{folder / 'exceptions.csv'}:{line}: check: {row['check']!r} is not one of {', '.join(_EXCUSABLE)}"
        elif (row["term"], row["check"]) not in needed:
            yield f"{folder / 'exceptions.csv'}:{line}: term: {row['term']} has no such fault (any more)"
        if not row["reason"]:
            yield f"{folder / 'exceptions.csv'}:{line}: reason: empty"
    yield from _check_retired(folder / "retired.csv", table("retired.csv"), terms)
    yield from _check_families(folder / "families.csv", table("families.csv"))
    yield from _check_patterns(folder / "patterns.csv", table("patterns.csv"), categories, vocabulary)
    for line, row in table("context.csv"):
        if row["role"] not in _ROLES:
            yield f"{folder / 'context.csv'}:{line}: role: {row['role']!r} is not one of {', '.join(_ROLES)}"
    yield from _check_senses(folder / "senses.csv", table("senses.csv"), terms, known)


def _spelling(key: str) -> str:
    """What the spellings that the matcher makes of one form have in common: 和, 与 and 及 in the middle count as the same."""
    return CONJUNCTION.sub("和", key) if len(key) > 5 else key


def _check_term(
    row: dict[str, str],
    top: str,
    vocabulary: dict[str, set[str]],
    categories: set[str],
    sources: dict[str, dict[str, str]],
) -> Iterator[str]:
    for form in (row["term"], *split(row["aliases"])):
        if len(form) < 2:
            yield f"term: {form!r} is too short; a form has two characters or more"
        if re.search(NO_FORM, form):
            yield f"term: {form!r} is not a form that can be looked for"
        if re.search('[《》“”"「」\\s]', form):
            yield f"term: {form} holds a quote, a title mark or white space; the matcher skips them in the text"
    if not row["english"]:
        yield "english: empty"
    elif _HAN.search(row["english"]):
        yield "english: holds Han characters"
    if row["category"] not in categories or "/" not in row["category"]:
        yield f"category: {row['category']!r} is not a subcategory of categories.csv"
    elif row["category"].split("/")[0] != top:
        yield f"category: {row['category']} belongs into {row['category'].split('/')[0]}.csv"
    for column in ("type", "level", "scope", "status"):
        if row[column] not in vocabulary.get(column, ()):
            yield f"{column}: {row[column]!r} is not in vocabularies.csv"
    if (row["scope"] == "party") != (top == "party"):
        yield f"scope: {row['scope']} does not go with category {row['category']}"
    for region in split(row["region"]):
        if not _REGION.fullmatch(region):
            yield f"region: {region!r} is not HK, MO, TW or CN- and two letters (ISO 3166-2)"
    for source in split(row["sources"]):
        if source not in sources:
            yield f"sources: {source!r} is not in sources.csv"
    if row["status"] in ("verified", "attested") and not row["sources"]:
        yield f"status: {row['status']} without a source"
    if row["status"] == "verified" and not row["events"]:
        yield "status: verified without an event"
    for source in split(row["sources"]) if row["status"] == "verified" else ():
        if source in sources and not (sources[source]["number"] or sources[source]["address"]):
            yield f"status: verified by {source}, which has neither number nor address, so nobody can check it"
    for event in split(row["events"]):
        kind, day, source = ([*event.split(" ", 2), "", ""])[:3]
        if kind not in vocabulary.get("event", ()):
            yield f"events: {event!r}: {kind!r} is not an event of vocabularies.csv"
        if not is_date(day):
            yield f"events: {event!r}: the date is not YYYY, YYYY-MM or YYYY-MM-DD"
        if source not in split(row["sources"]):
            yield f"events: {event!r}: source {source!r} is not among the sources of this line"


def _doubts(row: dict[str, str], sources: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Faults of a term that a reader may find to be none, each with the name under which exceptions.csv excuses it."""
    announced, members = members_announced(row["term"]), split(row["expansion"])
    if members and announced and announced != len(members):
        yield "expansion", f"expansion: {len(members)} members where {row['term']} announces {announced}"
    for form in (row["term"], *split(row["aliases"])):
        if wrong := traditional_characters(form):
            yield "script", f"aliases: {form} holds {wrong}; forms are in simplified characters, the matcher reads both"
    for event in split(row["events"]):
        day, source = ([*event.split(" ", 2)[1:], "", ""])[:2]
        written = sources.get(source, {}).get("date", "")
        if day and is_later(day, written):
            yield "events", f"events: {event!r} is later than its source of {written}"


def _check_retired(path: Path, rows: list[_Row], terms: set[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for line, row in rows:
        if seen.setdefault(row["term"], line) != line:
            yield f"{path}:{line}: term: {row['term']} stands already in line {seen[row['term']]}"
        if row["term"] in terms:
            yield f"{path}:{line}: term: {row['term']} is a term, so it is not retired"
        if not is_date(row["retired"]):
            yield f"{path}:{line}: retired: {row['retired']!r} is not a date, YYYY-MM-DD"
        if not row["reason"]:
            yield f"{path}:{line}: reason: empty"
        if row["replacement"] and row["replacement"] not in terms:
            yield f"{path}:{line}: replacement: {row['replacement']} is not a term"


def _check_sources(path: Path, rows: list[_Row]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for line, row in rows:
        if seen.setdefault(row["id"], line) != line:
            yield f"{path}:{line}: id: {row['id']} stands already in line {seen[row['id']]}"
        if not re.fullmatch("[a-z0-9][a-z0-9.-]*", row["id"]):
            yield f"{path}:{line}: id: {row['id']!r} is not made of a-z, 0-9, dot and hyphen"
        if not row["title"]:
            yield f"{path}:{line}: title: empty"
        if row["date"] and not is_date(row["date"]):
            yield f"{path}:{line}: date: {row['date']!r} is not YYYY, YYYY-MM or YYYY-MM-DD"
        if row["number"] and not _NUMBER.fullmatch(row["number"]):
            yield f"{path}:{line}: number: {row['number']!r} is not of the form 国发〔2018〕22号"
        year = _YEAR.search(row["number"])
        if year and is_later(year[1], row["date"]):
            yield f"{path}:{line}: number: {row['number']} is later than the date {row['date']}"


def _check_families(path: Path, rows: list[_Row]) -> Iterator[str]:
    for line, row in rows:
        if row["position"] not in ("before", "after"):
            yield f"{path}:{line}: position: {row['position']!r} is neither before nor after"


def _check_patterns(
    path: Path, rows: list[_Row], categories: set[str], vocabulary: dict[str, set[str]]
) -> Iterator[str]:
    for line, row in rows:
        place = f"{path}:{line}"
        if row["slot"] not in _SLOTS:
            yield f"{place}: slot: {row['slot']!r} is not one of {', '.join(_SLOTS)}"
        if row["category"] not in categories:
            yield f"{place}: category: {row['category']!r} is not in categories.csv"
        for column in ("type", "scope"):
            if row[column] not in vocabulary.get(column, ()):
                yield f"{place}: {column}: {row[column]!r} is not in vocabularies.csv"
        if not (row["example"] and row["counterexample"]):
            yield f"{place}: example: a pattern needs a sentence where it fires and one where it does not"


def _check_senses(path: Path, rows: list[_Row], terms: set[str], forms: set[str]) -> Iterator[str]:
    closed: set[str] = set()
    previous = ""
    for line, row in rows:
        place = f"{path}:{line}"
        if row["form"] != previous and row["form"] in closed:
            yield f"{place}: form: the rules of {row['form']} do not stand together"
        elif row["form"] == previous and row["form"] in closed:
            yield f"{place}: where: no rule is reached after `otherwise`"
        previous = row["form"]
        if row["where"] == "otherwise":
            closed.add(row["form"])
        form = form_key(row["form"].removeprefix("*"))
        ending = row["form"].startswith("*")
        if not (any(known.endswith(form) for known in forms) if ending else form in forms):
            yield f"{place}: form: {row['form']} is not a form of any term"
        if row["where"] not in _WHERE:
            yield f"{place}: where: {row['where']!r} is not one of {', '.join(_WHERE)}"
        if bool(row["cues"]) == (row["where"] in ("words", "otherwise")):
            yield f"{place}: cues: {row['where'] + ' takes none' if row['cues'] else 'empty'}"
        if row["decision"] not in _DECISIONS:
            yield f"{place}: decision: {row['decision']!r} is not one of {', '.join(_DECISIONS)}"
        if row["decision"] == "count" and row["sense"] not in terms:
            yield f"{place}: sense: {row['sense']!r} is not a term, so it cannot be counted"
        for column in ("example", "counterexample"):
            if row[column] and form not in form_key(row[column]):
                yield f"{place}: {column}: does not hold {row['form']}"
        if row["where"] != "otherwise" and not (row["example"] and row["counterexample"]):
            yield f"{place}: example: a rule needs a sentence where it fires and one where it does not"
