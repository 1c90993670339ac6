from pathlib import Path

import pytest

from envterms.errors import InvalidLexicon, RetiredTerm, UnknownName
from envterms.lexicon import builtin_folder, load_lexicon
from envterms.lexicon.describing import describe
from envterms.matching import Matcher


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_builtin_lexicon_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert (builtin_folder() / "terms").is_dir()
    assert "蓝天保卫战" in load_lexicon().terms


def test_a_term_is_found_by_any_form_in_any_script() -> None:
    lexicon = load_lexicon()
    assert lexicon.find("藍天保衛戰").term == "蓝天保卫战"
    with pytest.raises(UnknownName, match=r"did you mean.*蓝天保卫战"):
        lexicon.find("蓝天保卫仗")


def test_a_retired_term_says_why_and_what_to_use(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    write(tmp_path / "terms" / "a.csv", "term,aliases\n蓝天行动,晴空行动\n")
    write(
        tmp_path / "retired.csv",
        "term,retired,reason,replacement\n蓝天大会战,2026-11-21,a double,蓝天行动\n晴空行动,2026-11-20,a form,蓝天行动\n旧词,2026,too general,\n",
    )
    lexicon = load_lexicon(tmp_path, builtin=False)
    with pytest.raises(
        RetiredTerm, match=r"^the term 蓝天大会战 was retired on 2026-11-21 \(a double\); use 蓝天行动$"
    ):
        lexicon.find("藍天大會戰")
    with pytest.raises(RetiredTerm, match=r"too general\)$"):
        lexicon.find("旧词")
    assert lexicon.find("晴空行动").term == "蓝天行动"  # retired as a term, alive as a form
    assert dict(describe(lexicon.find("蓝天行动"), lexicon))["replaces"].startswith("晴空行动 (retired 2026-11-20")


def test_categories_include_what_lies_below_them() -> None:
    lexicon = load_lexicon()
    assert {"pollution", "pollution/air"} <= lexicon.within("pollution")
    assert lexicon.within("pollution/air") == {"pollution/air"}
    with pytest.raises(UnknownName, match="unknown category 'polution'; did you mean pollution"):
        lexicon.within("polution")


def test_categories_of_ones_own_are_categories_too(tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", "term,category\n三治融合,mine/a\n蓝天工程,pollution/mine\n稳中向好,\n")
    alone, added = load_lexicon(own, builtin=False), load_lexicon(own)
    assert list(alone.categories) == ["mine", "mine/a", "pollution", "pollution/mine"]
    assert alone.within("mine") == {"mine", "mine/a"}
    assert {"pollution/air", "pollution/mine"} <= added.within("pollution")
    assert added.categories["pollution"] == load_lexicon().categories["pollution"]
    assert dict(describe(alone.find("三治融合"), alone))["category"] == "mine/a"
    with pytest.raises(UnknownName, match="unknown category 'mime'; did you mean mine"):
        alone.within("mime")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "big5hkscs", "utf-16"])
def test_a_csv_of_ones_own_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "term,aliases,category\n三治融合,三治|三治并举,party/strategy\n蓝天工程,,\n".replace(",", separator)
    if encoding == "big5hkscs":
        text = text.replace("并举", "並舉").replace("蓝", "藍")
    own = write(tmp_path / "own.csv", text, encoding)
    lexicon = load_lexicon(own, builtin=False)
    assert [(term.term, term.aliases, term.category) for term in lexicon.terms.values()] == [
        ("三治融合", ("三治", "三治並舉" if encoding == "big5hkscs" else "三治并举"), "party/strategy"),
        ("藍天工程" if encoding == "big5hkscs" else "蓝天工程", (), ""),
    ]


def test_two_byte_order_marks_belong_to_no_term(tmp_path: Path) -> None:
    for name, text in (("own.csv", "\ufeffterm\n蓝天工程\n"), ("own.txt", "\ufeff蓝天工程\n")):
        own = write(tmp_path / name, text, "utf-8-sig")
        assert list(load_lexicon(own, builtin=False).terms) == ["蓝天工程"]


def test_a_csv_of_ones_own_needs_one_column(tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", "term\n三治融合\n蓝天;碧水\n")
    assert list(load_lexicon(own, builtin=False).terms) == ["三治融合", "蓝天;碧水"]


def test_forms_with_white_space_or_the_comma_of_a_slogan_are_sound(tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", "term,aliases\nPM 2.5,blue sky\n谁污染谁治理,谁污染，谁治理|谁污染、谁治理\n")
    assert {"PM 2.5", "谁污染谁治理"} == set(load_lexicon(own, builtin=False).terms)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_text_file_has_a_term_a_line(tmp_path: Path, encoding: str) -> None:
    own = write(tmp_path / "own.txt", "三治融合\r\n\r\n蓝天工程\r\n", encoding)
    assert list(load_lexicon(own, builtin=False).terms) == ["三治融合", "蓝天工程"]


def test_ones_own_term_takes_the_place_of_the_builtin_one(tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", "term,english,category\n蓝天保卫战,my battle,\n环保法,my law,\n")
    before, after = load_lexicon(), load_lexicon(own)
    assert after.terms["蓝天保卫战"].english == "my battle"
    assert "环保法" in before.find("环保法").aliases  # an alias of the law ...
    assert after.find("环保法").english == "my law"  # ... is now a term of its own
    assert after.find("环境保护法").term == before.find("环境保护法").term
    assert after.digest != before.digest


def test_ones_own_form_follows_no_built_in_sense_rule(tmp_path: Path) -> None:
    own = write(tmp_path / "own.csv", "term,aliases\n我的词,两高|生态环保铁军\n")
    lexicon = load_lexicon(own)
    assert "两高" in load_lexicon().senses
    assert "两高" not in lexicon.senses
    text = "两高发布司法解释。打造一支敢打硬仗的环境执法铁军，生态环保铁军。"
    found = [match.term for match in Matcher(lexicon).match(text) if match.status == "counted"]
    assert found.count("我的词") == 2  # and no rule counts for a term that is gone
    assert set(found) <= set(lexicon.terms)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("term,aliases\n蓝天,碧水\n碧水,\n", "own.csv:3: 碧水: stands already at"),
        ("term,aliases\n藍天行动,\n蓝天行动,\n", "own.csv:3: 蓝天行动: stands already at"),
        ("term,aliases\n蓝天,碧水,净土\n", "own.csv:2: 3 cells where the header has 2"),
        (
            "term;aliases\n蓝天;碧水;净土\n",
            "own.csv:2: 3 cells where the header has 2; quote a cell that holds a semicolon",
        ),
        ("term,name\n蓝天,\n", "own.csv:1: name: no such column"),
        (
            "name\n蓝天\n",
            "own.csv:1: term: this column is missing among name; rename the column of the terms, or run `envterms lexicon import",
        ),
        ("序号;关键词;备注\n1;蓝天;\n", "lexicon import --column term=关键词 -o mine.csv"),
        ("关键词\n", "lexicon import --column term=关键词 -o mine.csv"),
        ("", "own.csv:1: term: this column is missing"),
        ("aliases\n蓝天\n", "own.csv:1: term: this column is missing"),
        ("term,english\n,blue\n", "own.csv:2: term: empty"),
        ("term\n", "the lexicon holds no term"),
        ("term\n污染*\n", "own.csv:2: '污染*' is not a form that can be looked for"),
        ("term\n*\n", "own.csv:2: '*' is not a form"),
        ("term\n环境?\n", "own.csv:2: '环境?' is not a form"),
        ("term\n“”\n&nbsp;\n", "own.csv:3: '&nbsp;' is not a form"),
        ("term,aliases\n环境,“”|、\n", "own.csv:2: '、' is not a form"),
        ("term\n=1+1\n", "own.csv:2: '=1+1' is not a form"),
        ("term,aliases\n环境,环保|环?\n", "own.csv:2: '环?' is not a form"),
        ("term,aliases\n环境,环保;护环\n", "own.csv:2: aliases: 环保;护环 holds “;”; values are parted by |"),
        ('term,aliases\n环境,"污染治理,治污"\n', "own.csv:2: aliases: 污染治理,治污 holds “,”; values are parted by |"),
    ],
)
def test_a_broken_lexicon_names_line_and_problem(tmp_path: Path, content: str, fault: str) -> None:
    own = write(tmp_path / "own.csv", content)
    with pytest.raises(InvalidLexicon) as caught:
        load_lexicon(own, builtin=False)
    assert any(fault in one for one in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_a_lexicon_that_is_broken_or_not_there(tmp_path: Path, ending: str) -> None:
    own = tmp_path / f"own.{ending}"
    own.write_bytes("term\n蓝天行动\n".encode("gb18030") + b"\xff")
    with pytest.raises(InvalidLexicon) as caught:
        load_lexicon(own)
    problem = "GB18030 with a broken byte, byte 14"
    assert str(caught.value) == f"{own}: {problem}; save the file as UTF-8 (in Excel “CSV UTF-8”)"
    own.write_bytes(bytes(range(256)))
    with pytest.raises(InvalidLexicon, match="a binary file, not text; save the file as UTF-8"):
        load_lexicon(own)
    with pytest.raises(InvalidLexicon, match=r"cannot be read"):
        load_lexicon(tmp_path / f"no.{ending}")
