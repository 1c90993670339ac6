"""The lexicon in the formats of other programs. Each carries the version and hash of what it was made from."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from envterms.errors import MissingPackage, UnknownName
from envterms.lexicon.describing import cells
from envterms.lexicon.loading import STAMP_COLUMN, TERM_COLUMNS, AnyLexicon, as_lexicon, with_parents
from envterms.lexicon.model import Category, Event, Lexicon, Retired, Source, Term

EXPORT_FORMATS = ("csv", "json", "quanteda", "jieba", "liwc", "skos")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

_IN_JIEBA = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")  # jieba cuts at everything else before it looks a word up
_NOT_IN_AN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`%]')


class Export(NamedTuple):
    """The text of the file, and the forms that the format cannot hold."""

    text: str
    left_out: tuple[str, ...] = ()


def export_lexicon(
    lexicon: AnyLexicon, format: str, terms: Iterable[Term] | None = None, *, base: str = "urn:x-envterms:"
) -> Export:
    """The lexicon (for a path one's own on top of the built-in one), or only `terms` of it, in a format of EXPORT_FORMATS.

    Sense rules, families and patterns are in none of them, so counts with an export differ.

    - `csv`: what `--lexicon` reads; the column `lexicon` names version and hash.
    - `json`: terms, categories, the sources that are named, retired terms.
    - `quanteda`: a YAML dictionary, top category > subcategory > term > forms.
    - `jieba`: a user dictionary, a form a line, without those that jieba would cut in any case (谁污染、谁治理).
    - `liwc`: a .dic with the categories numbered; every word is of the first, which names version and hash.
    - `skos`: Turtle, concepts under the address `base`. Needs rdflib.

    Raises UnknownName, MissingPackage, InvalidArgument or InvalidLexicon.
    """
    lexicon = as_lexicon(lexicon)
    chosen = list(lexicon.terms.values() if terms is None else terms)
    match format:
        case "csv":
            return Export(terms_as_csv(chosen, stamp(lexicon)))
        case "json":
            return Export(_json(lexicon, chosen))
        case "quanteda":
            return Export(_quanteda(lexicon, chosen))
        case "jieba":
            forms = [form for term in chosen for form in term.forms]
            held = [form for form in forms if _IN_JIEBA.fullmatch(form)]
            text = "".join(f"{line}\n" for line in (f"#{stamp(lexicon).replace(' ', '_')}", *held))
            return Export(text, tuple(form for form in forms if not _IN_JIEBA.fullmatch(form)))
        case "liwc":
            return Export(_liwc(lexicon, chosen))
        case "skos":
            return Export(_skos(lexicon, chosen, base))
    raise UnknownName("format", format, EXPORT_FORMATS, f"formats are {', '.join(EXPORT_FORMATS)}", nearness=0.6)


def stamp(lexicon: Lexicon) -> str:
    """Version and hash as exports carry them."""
    return f"envterms lexicon {lexicon.version or 'own'} {lexicon.digest}"


def terms_as_csv(terms: Sequence[Term], stamp: str = "") -> str:
    """The terms in the CSV format of the lexicon; without a stamp only the columns that hold something."""
    rows = [cells(term) for term in terms]
    shown = [n for n, name in enumerate(TERM_COLUMNS) if stamp or name == "term" or any(row[n] for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    last = [stamp] if stamp else []
    writer.writerow([TERM_COLUMNS[n] for n in shown] + [STAMP_COLUMN][: len(last)])
    writer.writerows([row[n] for n in shown] + last for row in rows)
    return out.getvalue()


def _json(lexicon: Lexicon, terms: Sequence[Term]) -> str:
    named = {id for term in terms for id in term.sources}
    content = {
        "lexicon": {"version": lexicon.version, "hash": lexicon.digest, "licence": LICENCE},
        "terms": [{**_record(term), "events": list(map(_record, term.events))} for term in terms],
        "categories": list(map(_record, lexicon.categories.values())),
        "sources": [_record(source) for id, source in lexicon.sources.items() if id in named],
        "retired": list(map(_record, lexicon.retired.values())),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _record(line: Term | Event | Category | Source | Retired) -> dict[str, object]:
    return {name: value for name, value in line._asdict().items() if name != "place"}


def _quanteda(lexicon: Lexicon, terms: Sequence[Term]) -> str:
    """YAML without a library: a JSON string is a YAML string."""
    lines = [f"# {stamp(lexicon)}, {LICENCE}"]
    above: list[str] = []
    for term in _by_category(lexicon, terms):
        path = [part for part in _category(term).split("/") if part]
        shared = next(
            (n for n, (a, b) in enumerate(zip(path, above, strict=False)) if a != b), min(len(path), len(above))
        )
        lines += [f"{'  ' * depth}{_quoted(part)}:" for depth, part in enumerate(path) if depth >= shared]
        lines.append(f"{'  ' * len(path)}{_quoted(term.term)}: [{', '.join(map(_quoted, term.forms))}]")
        above = path
    return "\n".join(lines) + "\n"


def _liwc(lexicon: Lexicon, terms: Sequence[Term]) -> str:
    names = [re.sub(r"\s", "_", stamp(lexicon))]
    for term in _by_category(lexicon, terms):
        names += [name for name in with_parents(term.category) if name not in names]
    numbers = {name: number for number, name in enumerate(names, 1)}
    heads = [f"{number}\t{name.replace('/', '_')}" for name, number in numbers.items()]
    words = [
        "\t".join([form, "1", *(str(numbers[name]) for name in with_parents(term.category))])
        for term in terms
        for form in term.forms
    ]
    return "\n".join(["%", *heads, "%", *sorted(words)]) + "\n"


def _skos(lexicon: Lexicon, terms: Sequence[Term], base: str) -> str:
    try:
        from rdflib import Graph, Literal, URIRef
        from rdflib.namespace import DCTERMS, OWL, RDF, SKOS
    except ImportError:
        raise MissingPackage("an export as SKOS", "rdflib", "skos") from None

    graph = Graph()
    scheme = URIRef(base + "lexicon")

    def concept(kind: str, name: str) -> URIRef:
        return URIRef(base + kind + "/" + _NOT_IN_AN_IRI.sub(lambda found: f"%{ord(found[0]):02X}", name))

    def describe(subject: URIRef, chinese: str, english: str, definition: str) -> None:
        graph.add((subject, RDF.type, SKOS.Concept))
        graph.add((subject, SKOS.inScheme, scheme))
        graph.add((subject, SKOS.prefLabel, Literal(chinese, lang="zh-Hans")))
        if english:
            graph.add((subject, SKOS.prefLabel, Literal(english, lang="en")))
        if definition:
            graph.add((subject, SKOS.definition, Literal(definition, lang="en")))

    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("envterms lexicon", lang="en")))
    graph.add((scheme, OWL.versionInfo, Literal(lexicon.version)))
    graph.add((scheme, DCTERMS.identifier, Literal(lexicon.digest)))
    graph.add((scheme, DCTERMS.license, URIRef(LICENCE)))
    used = {name for term in terms for name in with_parents(term.category)}
    for category in lexicon.categories.values():
        if category.id not in used:
            continue
        subject = concept("category", category.id)
        describe(subject, category.chinese or category.id, category.english, category.definition)
        if "/" in category.id:
            graph.add((subject, SKOS.broader, concept("category", category.id.split("/")[0])))
        else:
            graph.add((subject, SKOS.topConceptOf, scheme))
    for term in terms:
        subject = concept("term", term.term)
        describe(subject, term.term, term.english, term.definition)
        for alias in term.aliases:
            graph.add((subject, SKOS.altLabel, Literal(alias, lang="zh-Hans")))
        if term.category:
            graph.add((subject, SKOS.broader, concept("category", term.category)))
        if term.expansion:
            graph.add((subject, SKOS.scopeNote, Literal("、".join(term.expansion), lang="zh-Hans")))
        for event in term.events:
            graph.add((subject, SKOS.historyNote, Literal(f"{event.kind} {event.date} {event.source}", lang="en")))
        for id in term.sources:
            source = lexicon.sources.get(id)
            words = (source.title, source.number, source.date, source.address) if source else (id,)
            graph.add((subject, DCTERMS.source, Literal(" ".join(filter(None, words)))))
        if term.notes:
            graph.add((subject, SKOS.editorialNote, Literal(term.notes)))
    for gone in lexicon.retired.values():
        subject = concept("term", gone.term)
        describe(subject, gone.term, "", "")
        graph.add((subject, OWL.deprecated, Literal(True)))
        graph.add((subject, SKOS.changeNote, Literal(f"retired {gone.retired}: {gone.reason}", lang="en")))
        if gone.replacement:
            graph.add((subject, DCTERMS.isReplacedBy, concept("term", gone.replacement)))
    return str(graph.serialize(format="turtle"))


def _by_category(lexicon: Lexicon, terms: Sequence[Term]) -> list[Term]:
    place = {id: n for n, id in enumerate(lexicon.order_of_categories(map(_category, terms)))}
    return sorted(terms, key=lambda term: place[_category(term)])


def _category(term: Term) -> str:
    return term.category or "other"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
