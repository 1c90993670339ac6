"""A term in words and as the cells of its line."""

from __future__ import annotations

from collections.abc import Iterator

from envterms.lexicon.model import Lexicon, Retired, Term


def cells(term: Term) -> tuple[str, ...]:
    """The line of the term in its CSV file, in the order of TERM_COLUMNS."""
    events = "|".join(f"{event.kind} {event.date} {event.source}" for event in term.events)
    return (
        term.term, "|".join(term.aliases), term.english, "|".join(term.expansion), term.category, term.type, term.level, term.scope,
        "|".join(term.region), term.status, events, "|".join(term.sources), term.definition, term.notes,
    )  # fmt: skip


def describe(term: Term, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Label and value of what is known of a term, with its traditional form, sense rules and sources spelt out."""
    category = lexicon.categories.get(term.category)
    yield "term", term.term
    traditional = _traditional(term.term)
    if traditional != term.term:
        yield "traditional", traditional
    if term.aliases:
        yield "aliases", "、".join(term.aliases)
    yield "english", term.english or "(none)"
    if term.expansion:
        yield "expansion", "、".join(term.expansion)
    if term.definition:
        yield "definition", term.definition
    if category:
        yield "category", category.id + (f" ({category.chinese}, {category.english})" if category.chinese else "")
    kinds = [value for value in (term.type, term.level, term.scope, *term.region) if value]
    if kinds:
        yield "kind", ", ".join(kinds)
    yield "status", term.status
    for event in term.events:
        yield "event", f"{event.kind} {event.date} ({event.source})"
    for id in term.sources:
        source = lexicon.sources.get(id)
        yield (
            "source",
            " ".join(filter(None, (source.title, source.number, source.issuer, source.date, source.address)))
            if source
            else id,
        )
    for form in term.forms:
        for rule in lexicon.senses.get(form, ()):
            cues = "|".join(rule.cues)
            yield "sense rule", f"{rule.form} {rule.where} {cues}: {rule.decision} {rule.sense}".replace(" :", ":")
    for gone in lexicon.retired.values():
        if gone.replacement == term.term:
            yield "replaces", f"{gone.term} (retired {gone.retired}: {gone.reason})"
    if term.notes:
        yield "notes", term.notes


def describe_retired(gone: Retired) -> Iterator[tuple[str, str]]:
    """Label and value of what is known of a term that was withdrawn."""
    yield "term", gone.term
    yield "retired", gone.retired
    yield "reason", gone.reason
    yield "use", gone.replacement or "(nothing takes its place)"


def _traditional(text: str) -> str:
    import opencc

    return str(opencc.OpenCC("s2t").convert(text))
