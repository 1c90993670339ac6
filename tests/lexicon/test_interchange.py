"""What goes out to other programs comes back, and what comes from them is taken or named."""

from __future__ import annotations

import csv
import io
import json
import logging
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms.errors import InvalidLexicon, UnknownName, UnreadableDocument
from envterms.lexicon import Event, Lexicon, Source, Term, load_lexicon
from envterms.lexicon.exporting import EXPORT_FORMATS, export_lexicon, stamp, terms_as_csv
from envterms.lexicon.importing import Imported, import_terms
from envterms.lexicon.model import Category, Retired, form_keys
from tests.conftest import small_lexicon

HARD = [
    Term("2+26城市", ("2+26", "「2」:#'\"[]{}!&"), "x, y", ("北京", "天津"), "pollution/air", status="attested",
         events=(Event("launched", "2017", "s"),), sources=("s",), definition='he said "no"', notes="a; b"),
    Term("yes"),
    Term("12369", ("null",), category="mine"),
    Term("谁污染、谁治理", ("污染者负担",), category="law/statutes"),
]  # fmt: skip


def lexicon_of(terms: Sequence[Term]) -> Lexicon:
    categories = {
        id: Category(id, f"类{id}", f"the {id}") for id in ("pollution", "pollution/air", "law", "law/statutes")
    }
    retired = {"旧词": Retired("旧词", "2026-11-21", "a double", "12369")}
    source = Source("s", "标题", "国发〔2017〕1号", date="2017", address="https://example.org/a b")
    return replace(small_lexicon(terms), categories=categories, sources={"s": source}, retired=retired)


def back(tmp_path: Path, lexicon: Lexicon, format: str, ending: str) -> Imported:
    path = tmp_path / f"exported.{ending}"
    path.write_text(export_lexicon(lexicon, format).text, encoding="utf-8", newline="\n")
    return import_terms(str(path))


def content(terms: Sequence[Term]) -> set[Term]:
    return {term._replace(place="") for term in terms}


def test_every_export_carries_version_and_hash(lexicon: Lexicon) -> None:
    pytest.importorskip("rdflib")
    air = [term for term in lexicon.terms.values() if term.category == "pollution/air"]
    for format in EXPORT_FORMATS:
        text = export_lexicon(lexicon, format, air).text
        assert lexicon.version in text
        assert lexicon.digest in text
        assert "蓝天保卫战" in text
        assert "碧水保卫战" not in text, format
    with pytest.raises(UnknownName, match="unknown format 'quanta'; did you mean quanteda"):
        export_lexicon(lexicon, "quanta")


def test_csv_comes_back_whole_and_serves_as_a_lexicon(tmp_path: Path, lexicon: Lexicon) -> None:
    assert content(back(tmp_path, lexicon_of(HARD), "csv", "csv").terms) == content(HARD)
    terms, left_out = back(tmp_path, lexicon, "csv", "csv")
    assert content(terms) == content(list(lexicon.terms.values()))
    assert left_out == []
    loaded = load_lexicon(tmp_path / "exported.csv", builtin=False)
    assert content(list(loaded.terms.values())) == content(list(lexicon.terms.values()))


def test_quanteda_comes_back_with_forms_and_categories(tmp_path: Path, lexicon: Lexicon) -> None:
    yaml = pytest.importorskip("yaml")

    def bare(terms: Sequence[Term]) -> set[tuple[object, ...]]:
        return {(term.term, term.aliases, term.category) for term in terms}

    tree = yaml.safe_load(export_lexicon(lexicon_of(HARD), "quanteda").text)
    assert tree["pollution"]["air"]["2+26城市"] == ["2+26城市", "2+26", "「2」:#'\"[]{}!&"]
    assert tree["mine"] == {"12369": ["12369", "null"]}
    assert set(tree["other"]) == {"yes"}
    terms, left_out = back(tmp_path, lexicon, "quanteda", "yml")
    assert bare(terms) == bare(list(lexicon.terms.values()))
    assert left_out == []


def test_quanteda_has_each_key_once(tmp_path: Path) -> None:
    own = "term,category\n甲甲,pollution/mine\n乙乙,other\n丙丙,\n丁丁,old\n戊戊,pollution/air/mine\n"
    (tmp_path / "own.csv").write_text(own, encoding="utf-8")
    text = export_lexicon(load_lexicon(tmp_path / "own.csv"), "quanteda").text
    keys = [line for line in text.splitlines() if line.endswith(":") and not line.startswith("  ")]
    assert len(keys) == len(set(keys))
    assert {'"pollution":', '"other":', '"old":'} <= set(keys)
    assert text.count('  "air":\n') == 1


@given(st.dictionaries(st.sampled_from(["a/b", "a", "a/c", "d", "law/a", "law/statutes", "pollution/a"]), st.lists(st.text("蓝天:#'\"-{}[],&!%@`1ae\\~|><=", min_size=1), min_size=1)))  # fmt: skip
def test_any_form_survives_as_yaml(by_category: dict[str, list[str]]) -> None:
    yaml = pytest.importorskip("yaml")
    seen: set[str] = set()
    terms = [
        Term(form, category=category)
        for category, forms in by_category.items()
        for form in forms
        if form not in seen and form not in "abcd" and not seen.add(form)  # type: ignore[func-returns-value]
    ]
    tree = yaml.safe_load(export_lexicon(lexicon_of(terms), "quanteda").text) or {}
    for term in terms:
        below = tree
        for part in term.category.split("/"):
            below = below[part]
        assert below[term.term] == [term.term]


def test_jieba_keeps_the_terms_whole(tmp_path: Path, lexicon: Lexicon) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    text, left_out = export_lexicon(lexicon, "jieba")
    path = tmp_path / "exported.txt"
    path.write_text(text, encoding="utf-8", newline="\n")
    plain, ours = jieba.Tokenizer(), jieba.Tokenizer()
    with path.open("rb") as file:
        ours.load_userdict(file)
    terms, _ = import_terms(str(path))
    forms = [term.term for term in terms]
    assert len(forms) + len(left_out) == sum(len(term.forms) for term in lexicon.terms.values())
    assert [form for form in forms if ours.lcut(form) != [form]] == []
    slogans = [term.term for term in lexicon.terms.values() if term.category == "thought/slogan" and term.term in forms]
    assert sum(plain.lcut(slogan) == [slogan] for slogan in slogans) < len(slogans) / 5
    sentence = "践行绿水青山就是金山银山理念，落实三线一单，打赢蓝天保卫战。"
    kept = ["绿水青山就是金山银山", "三线一单", "蓝天保卫战"]
    assert [word for word in ours.lcut(sentence) if word in kept] == kept
    assert not set(plain.lcut(sentence)) & set(kept)
    assert all(len(plain.lcut(form)) > 1 for form in left_out)  # jieba could not keep these whatever the dictionary


def test_liwc_numbers_its_categories_and_words() -> None:
    lexicon = lexicon_of(HARD)
    _, head, body = export_lexicon(lexicon, "liwc").text.split("%\n")
    names = dict(line.split("\t") for line in head.splitlines())
    assert names["1"] == stamp(lexicon).replace(" ", "_")
    words = {word: {names[n] for n in numbers} for word, *numbers in (line.split("\t") for line in body.splitlines())}
    assert words["2+26"] == {names["1"], "pollution", "pollution_air"}
    assert words["yes"] == {names["1"]}
    assert len(words) == sum(len(term.forms) for term in HARD)


def test_json_holds_all_that_is_known() -> None:
    made = json.loads(export_lexicon(lexicon_of(HARD), "json").text)
    assert made["lexicon"] == {
        "version": "test",
        "hash": "0" * 12,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }
    first = made["terms"][0]
    assert (first["aliases"], first["events"][0]["date"]) == (["2+26", HARD[0].aliases[1]], "2017")
    assert made["sources"][0]["number"] == "国发〔2017〕1号"
    assert made["retired"][0]["replacement"] == "12369"


def test_skos_is_turtle_that_says_what_is_known() -> None:
    rdflib = pytest.importorskip("rdflib")
    from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

    graph = rdflib.Graph().parse(
        data=export_lexicon(lexicon_of(HARD), "skos", base="https://example.org/t/").text, format="turtle"
    )
    city = rdflib.URIRef("https://example.org/t/term/2+26城市")
    assert graph.value(city, SKOS.broader) == rdflib.URIRef("https://example.org/t/category/pollution/air")
    assert {str(label) for label in graph.objects(city, SKOS.altLabel)} == set(HARD[0].aliases)
    assert {(label.language, str(label)) for label in graph.objects(city, SKOS.prefLabel)} == {
        ("zh-Hans", "2+26城市"),
        ("en", "x, y"),
    }
    assert "国发〔2017〕1号" in str(graph.value(city, DCTERMS.source))
    gone = rdflib.URIRef("https://example.org/t/term/旧词")
    assert graph.value(gone, DCTERMS.isReplacedBy) == rdflib.URIRef("https://example.org/t/term/12369")
    assert bool(graph.value(gone, OWL.deprecated))
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert set(graph.objects(None, SKOS.broader)) - concepts == {rdflib.URIRef("https://example.org/t/category/mine")}
    scheme = next(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert (str(graph.value(scheme, OWL.versionInfo)), str(graph.value(scheme, DCTERMS.identifier))) == (
        "test",
        "0" * 12,
    )


def imported(tmp_path: Path, name: str, text: str, encoding: str = "utf-8", **options: object) -> Imported:
    path = tmp_path / name
    path.write_text(text, encoding=encoding, newline="")
    return import_terms(str(path), **options)  # type: ignore[arg-type]


def test_a_jieba_dictionary_with_frequencies_and_tags(tmp_path: Path) -> None:
    terms, left_out = imported(
        tmp_path,
        "words.txt",
        "#made by hand\r\n蓝天保卫战 3 nz\r\n河长制 5\r\n林长制 n\r\n\r\n藍天保衛戰\r\n战\r\n“”\r\n",
    )
    assert [term.term for term in terms] == ["蓝天保卫战", "河长制", "林长制"]
    assert [one.split(": ", 1)[1] for one in left_out] == [
        f"藍天保衛戰 stands already at {tmp_path / 'words.txt'}:2; left out",
        "'战' is not a form that can be looked for; left out",
        "'“”' is not a form that can be looked for; left out",
    ]


def test_a_quanteda_dictionary_that_others_made(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    text = "air:\n  good: [蓝天保卫战, 大气*]\n  数字: 12369\nwater:\n- 河长制\n- more: [湖长制]\nempty:\n"
    terms, left_out = imported(tmp_path, "words.yaml", text)
    assert {(term.term, term.category) for term in terms} == {
        ("蓝天保卫战", "air/good"), ("12369", "air/数字"), ("河长制", "water"), ("湖长制", "water/more"),
    }  # fmt: skip
    assert len(left_out) == 1
    assert "'大气*' is not a form" in left_out[0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_with_columns_of_its_own(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "序号,关键词,主题,别名\r\n1,蓝天保卫战,大气污染治理,蓝天战|打赢蓝天保卫战\r\n2,,空行,\r\n3,河长制,水污染治理,\r\n"
    text = text.replace(",", separator)
    columns = {"term": "关键词", "category": "主题", "aliases": "别名"}
    terms, left_out = imported(tmp_path, "words.csv", text, encoding, columns=columns)
    assert [(term.term, term.aliases, term.category) for term in terms] == [
        ("蓝天保卫战", ("蓝天战", "打赢蓝天保卫战"), "大气污染治理"), ("河长制", (), "水污染治理"),
    ]  # fmt: skip
    assert [one.rsplit("words.csv", 1)[1] for one in left_out] == [":1: 序号: no column of a lexicon; left out"]
    assert next(csv.reader(io.StringIO(terms_as_csv(terms)))) == ["term", "aliases", "category", "status"]


@pytest.mark.parametrize("content", ["\r\n\nterm;notes\n河长制;x\n", ";\nterm;notes\n河长制;" + "长" * 140_000])
def test_a_csv_file_with_blank_lines_in_front_and_long_cells(tmp_path: Path, content: str) -> None:
    terms, left_out = imported(tmp_path, "words.csv", content)
    assert ([term.term for term in terms], left_out) == (["河长制"], [])
    assert set(load_lexicon(tmp_path / "words.csv", builtin=False).terms) == {"河长制"}


def test_aliases_that_are_parted_by_another_mark_are_named(tmp_path: Path) -> None:
    terms, left_out = imported(tmp_path, "words.csv", 'term,aliases\n河长制,"河长,河湖长"\n')
    assert [(term.term, term.aliases) for term in terms] == [("河长制", ())]
    assert [one.rsplit("words.csv", 1)[1] for one in left_out] == [
        ":2: aliases: 河长,河湖长 holds “,”; values are parted by |; left out"
    ]


BAD = [
    ("no term column", "a.csv", "word\n蓝天\n", {}, InvalidLexicon, "a.csv:1: term: this column is missing; say which one it is, such as term=word"),
    ("no term column behind a blank line", "a.csv", "\n,word\n1,蓝天\n", {}, InvalidLexicon, "a.csv:2: term: this column is missing; say which one it is, such as term=word"),
    ("nothing but blank cells", "a.csv", ",,\n", {}, InvalidLexicon, "a.csv: holds no term"),
    ("a column that is not there", "a.csv", "word\n蓝天\n", {"columns": {"term": "w"}}, InvalidLexicon, "a.csv:1: w: there is no such column; there are word"),
    ("a column of no lexicon", "a.csv", "word\n蓝天\n", {"columns": {"trem": "word"}}, UnknownName, "unknown column 'trem'; did you mean term"),
    ("more cells than columns", "a.csv", "term\n蓝天,碧水\n", {}, InvalidLexicon, "a.csv:2: more cells than the header has"),
    ("nothing that can be a term", "a.txt", "=1+1\n*\n", {}, InvalidLexicon, "a.txt: holds no term"),
    ("an unknown ending", "a.docx", "x", {}, UnknownName, "unknown format '.docx'"),
    ("an empty file", "a.csv", "", {}, UnreadableDocument, "the file is empty"),
    ("broken YAML", "a.yml", "a: [b\nc: d", {}, InvalidLexicon, "a.yml:2: not YAML"),
    ("YAML that is no dictionary", "a.yml", "- 蓝天\n", {}, InvalidLexicon, "not a dictionary of quanteda"),
    ("YAML that refers to itself", "a.yml", "a: &x\n  b: *x\n", {}, InvalidLexicon, "holds YAML aliases"),
    ("YAML that makes objects", "a.yml", "a: !!python/object/apply:os.getcwd []\n", {}, InvalidLexicon, "a.yml: holds no term"),
    ("YAML too deep", "a.yml", "a: " + "[" * 5000, {}, InvalidLexicon, "a.yml"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "options", "error", "message"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_bad_lists_get_one_clear_sentence(
    tmp_path: Path, name: str, text: str, options: dict[str, object], error: type[Exception], message: str
) -> None:
    if name.endswith("yml"):
        pytest.importorskip("yaml")
    with pytest.raises(error) as caught:
        imported(tmp_path, name, text, **options)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_what_was_imported_counts_as_before(tmp_path: Path, lexicon: Lexicon) -> None:
    pytest.importorskip("yaml")
    terms, _ = back(tmp_path, lexicon, "quanteda", "yml")
    (tmp_path / "own.csv").write_text(terms_as_csv(terms), encoding="utf-8")
    own = load_lexicon(tmp_path / "own.csv", builtin=False)
    assert set(form_keys([form for term in own.terms.values() for form in term.forms])) == set(
        form_keys([form for term in lexicon.terms.values() for form in term.forms])
    )
