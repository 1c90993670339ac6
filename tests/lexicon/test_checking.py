"""The check is checked: each fault in a sound small lexicon is named with its place."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms.lexicon import builtin_folder
from envterms.lexicon.checking import check_lexicon, check_own, fix_lexicon

HEADER = "term,aliases,english,expansion,category,type,level,scope,region,status,events,sources,definition,notes\n"
SOUND = "蓝天行动,蓝天专项,blue-sky action,,pollution/air,campaign,local,core,,unknown,,,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "lexicon")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for many examples."""
    return make(tmp_path_factory.mktemp("many") / "lexicon")


def make(made: Path) -> Path:
    (made / "terms").mkdir(parents=True)
    for name in ("categories.csv", "vocabularies.csv"):
        shutil.copy(builtin_folder() / name, made)
    for name, header in (("sources", "id,title,number,issuer,date,address,notes"), ("families", "shared,position,members"),
                         ("senses", "form,where,cues,decision,sense,example,counterexample,reason"),
                         ("retired", "term,retired,reason,replacement"), ("exceptions", "term,check,reason")):  # fmt: skip
        (made / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + header.encode() + b"\n")
    terms(made, SOUND)
    assert check_lexicon(made) == []
    return made


def terms(folder: Path, rows: str, bom: bytes = b"\xef\xbb\xbf") -> None:
    (folder / "terms" / "pollution.csv").write_bytes(bom + (HEADER + rows).encode())


def add(folder: Path, table: str, rows: str) -> None:
    path = folder / f"{table}.csv"
    path.write_bytes(path.read_bytes() + rows.encode())


def senses(folder: Path, rows: str) -> None:
    add(folder, "senses", rows)


def term(name: str, **cells: str) -> str:
    """A sound line of pollution.csv but for the cells given."""
    sound = {"english": "x", "category": "pollution/water", "type": "campaign", "level": "local", "scope": "core"}
    return (
        ",".join(({"term": name, "status": "unknown"} | sound | cells).get(c, "") for c in HEADER.strip().split(","))
        + "\n"
    )


#: label, the line of a term, the fault (None: sound)
TERMS = [
    ("alias of two terms", term("碧水行动", aliases="蓝天专项"), "aliases: 蓝天专项 is a form of"),
    ("a spelling of another term's form", term("水土和大气整治") + term("水土与大气整治"), "as 水土与大气整治"),
    ("和 at the edge is no spelling", term("和水土大气整治") + term("与水土大气整治"), None),
    ("members too few", term("三线一单", expansion="甲|乙|丙"), "expansion: 3 members where 三线一单 announces 4"),
    ("members right", term("三线一单", expansion="甲|乙|丙|丁"), None),
    ("members of two formulae", term("两个坚持、三个转变", expansion="甲|乙|丙"), "announces 5"),
    ("Arabic formula", term("2+2城市", expansion="甲|乙|丙"), "announces 4"),
    ("formula in the middle", term("碳达峰十大行动", expansion="甲|乙"), "announces 10"),
    ("no formula", term("PM2.5和第一书记、三合一审判", expansion="甲|乙|丙"), None),
    ("a five-year plan is no formula", term("十四五规划三项指标", expansion="甲|乙|丙"), None),
    ("a year is no formula", term("二〇三〇年目标", expansion="甲|乙|丙"), None),
    ("tens", term("二十四节气", expansion="甲|乙"), "announces 24"),
    ("members not recorded", term("三线一单"), None),
    ("a term in traditional characters", term("碧水攻堅"), "碧水攻堅 holds 堅"),
    ("an alias in traditional characters", term("碧水攻坚", aliases="碧水会战|水環境会战"), "holds 環"),
    ("a simplified character that is folded", term("乾坤湾治理"), None),
    ("a form that a spreadsheet made a date", term("碧水行动", aliases="2月26日"), "aliases: 2月26日 looks like"),
    ("another date", term("碧水行动", notes="2026/3/4"), "notes: 2026/3/4 looks like"),
    ("English date", term("碧水行动", english="26-Feb"), "english: 26-Feb looks like"),
    ("scientific notation", term("碧水行动", aliases="1.2E+11"), "aliases: 1.2E+11 looks like"),
    ("a broken formula", term("碧水行动", definition="#NAME?"), "definition: #NAME? looks like"),
    ("a lost character", term("碧水行动", definition="碧\ufffd水"), "looks like"),
    ("a day in a sentence", term("碧水行动", definition="from 2月26日 on"), None),
    ("full-width bar", term("碧水行动", aliases="碧水专项｜碧水整治"), "aliases: 碧水专项｜碧水整治 holds “｜”; values"),
    ("full-width semicolon", term("碧水行动", aliases="碧水专项；碧水整治"), "holds “；”"),
    ("semicolon", term("碧水行动", aliases="碧水专项;碧水整治"), "holds “;”"),
    ("wild card", term("碧水行动", aliases="碧水*"), "'碧水*' is not a form that can be looked for"),
    ("full-width semicolon in a sentence", term("碧水行动", notes="甲；乙"), None),
    ("a number in other brackets", term("碧水行动", notes="see 国发[2018]22号"), "notes: [2018]22号 is not of the form"),
    ("a number of a short year", term("碧水行动", notes="see 国发〔18〕22号"), "notes: 〔18 is not of the form"),
    ("a number in its form", term("碧水行动", notes="see 国发〔2018〕22号"), None),
    ("out of order", term("蓝天行动二") + term("碧水行动"), "pollution.csv:3: term: 碧水行动 belongs before 蓝天行动二"),
    ("no such day", term("碧水行动", status="attested", events="launched 2018-02-30 s", sources="s"), "the date is not YYYY"),
    ("a leap day", term("碧水行动", status="attested", events="launched 2020-02-29 s", sources="s"), None),
    ("an event later than its source", term("碧水行动", status="attested", events="coined 2021-06 s", sources="s"), "is later than its source of 2020-03-01"),
    ("an event in the year of its source", term("碧水行动", status="attested", events="coined 2020 s", sources="s"), None),
    ("verified without an event", term("碧水行动", status="verified", sources="s"), "status: verified without an event"),
    ("verified by what nobody can check", term("碧水行动", status="verified", events="coined 2019 bare", sources="bare"), "status: verified by bare"),
    ("verified", term("碧水行动", status="verified", events="coined 2019 s", sources="s"), None),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "problem"), [case[1:] for case in TERMS], ids=[case[0] for case in TERMS])
def test_doubtful_terms(folder: Path, rows: str, problem: str | None) -> None:
    add(folder, "sources", "bare,标题,,,,,\ns,标题,,,2020-03-01,https://example.org/,\n")
    terms(folder, rows if problem and "belongs" in problem else "".join(sorted([*rows.splitlines(True), SOUND])))
    faults = check_lexicon(folder)
    if problem:
        assert any("pollution.csv:" in fault and problem in fault for fault in faults), faults
    else:
        assert faults == []


@given(st.lists(st.text('蓝天與和三两十个批0123456789-|〔〕[]号年/.," a', max_size=12), min_size=14, max_size=14))
def test_no_line_is_too_broken_to_be_checked(made: Path, cells: list[str]) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    terms(made, line.getvalue() + SOUND)
    assert all("pollution.csv" in fault for fault in check_lexicon(made))


def test_the_spellings_that_collide_are_those_of_the_matcher() -> None:
    from envterms.lexicon import Term
    from envterms.lexicon.checking import _spelling
    from envterms.lexicon.model import form_key
    from envterms.matching.candidates import forms_of

    for form in ("水土和大气整治", "绿水、青山", "共建和共享", "谁污染,谁治理", "开发与节约并举", "水和土"):
        spellings = [
            text for text, found in forms_of([Term(form)]).items() if found.kind == "literal"
        ]  # not other orders
        assert {_spelling(form_key(text)) for text in spellings} == {_spelling(form_key(form))}, form
    assert _spelling("共建和共享") != _spelling("共建与共享")  # too short for the matcher to respell
    assert len(forms_of([Term("共建和共享")])) == 1


def test_an_exception_is_noted_with_its_reason_and_goes_when_it_is_not_needed(folder: Path) -> None:
    terms(folder, term("三大十条", expansion="甲|乙|丙") + SOUND)
    assert any("announces 13" in fault for fault in check_lexicon(folder))
    add(folder, "exceptions", "三大十条,expansion,three plans of ten points each\n")
    assert check_lexicon(folder) == []
    add(folder, "exceptions", "三大十条,script,\n蓝天行动,expansion,none\n蓝天行动,order,none\n")
    faults = " ".join(check_lexicon(folder))
    for problem in (
        ":3: term: 三大十条 has no such fault",
        ":3: reason: empty",
        ":4: term: 蓝天行动 has no such",
        "check: 'order'",
    ):
        assert problem in faults


def test_faults_of_a_retired_term(folder: Path) -> None:
    add(folder, "retired", "碧水行动,2026-11-21,double,蓝天行动\n")
    assert check_lexicon(folder) == []
    add(folder, "retired", "碧水行动,2026-11-31,,净土行动\n蓝天行动,2026-11-21,x,\n")
    faults = " ".join(check_lexicon(folder))
    for problem in (
        ":3: term: 碧水行动 stands already in line 2",
        ":3: retired: '2026-11-31'",
        ":3: reason: empty",
        ":3: replacement: 净土行动 is not a term",
        ":4: term: 蓝天行动 is a term, so it is not retired",
    ):
        assert problem in faults


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("碧水行动,,,,pollution/water,campaign,local,core,,unknown,,,,\n", "english: empty"),
        ("碧水行动,,碧水,,pollution/water,campaign,local,core,,unknown,,,,\n", "english: holds Han"),
        ("碧水行动,,x,,pollution,campaign,local,core,,unknown,,,,\n", "category: 'pollution' is not a subcategory"),
        (
            "碧水行动,,x,,climate/finance,campaign,local,core,,unknown,,,,\n",
            "category: 'climate/finance' is not a subcategory",
        ),
        (
            "碧水行动,,x,,ecology/restoration,campaign,local,core,,unknown,,,,\n",
            "category: ecology/restoration belongs into ecology.csv",
        ),
        ("碧水行动,,x,,pollution/water,battle,local,core,,unknown,,,,\n", "type: 'battle' is not in vocabularies.csv"),
        ("碧水行动,,x,,pollution/water,campaign,local,party,,unknown,,,,\n", "scope: party does not go with"),
        ("碧水行动,,x,,pollution/water,campaign,local,core,Shanxi,unknown,,,,\n", "region: 'Shanxi'"),
        ("碧水行动,,x,,pollution/water,campaign,local,core,,attested,,,,\n", "status: attested without a source"),
        (
            "碧水行动,,x,,pollution/water,campaign,local,core,,attested,,no-1,,\n",
            "sources: 'no-1' is not in sources.csv",
        ),
        ("碧水行动,,x,,pollution/water,campaign,local,core,,unknown,launched 2018-13 a,,,\n", "the date is not YYYY"),
        ("碧水行动,蓝天专项,x,,pollution/water,campaign,local,core,,unknown,,,,\n", "蓝天专项 is a form of"),
        ("碧水行动,藍天行動,x,,pollution/water,campaign,local,core,,unknown,,,,\n", "蓝天行动 is a form of"),
        ("碧水行动,碧水行動,x,,pollution/water,campaign,local,core,,unknown,,,,\n", "碧水行動 stands twice"),
        ("碧水行动,水,x,,pollution/water,campaign,local,core,,unknown,,,,\n", "'水' is too short"),
        ("碧水“行动”,,x,,pollution/water,campaign,local,core,,unknown,,,,\n", "holds a quote"),
        ("碧水行动,a,b,c\n", "4 cells where the header has 14"),
    ],
)
def test_faults_of_a_term(folder: Path, row: str, problem: str) -> None:
    terms(folder, row + SOUND)
    faults = check_lexicon(folder)
    assert any("pollution.csv:" in fault and problem in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("碧水行动,after,队,reject,球队,碧水行动队,碧水行动,\n", "碧水行动 is not a form of any term"),
        ("蓝天行动,near,队,reject,球队,蓝天行动队,蓝天行动,\n", "where: 'near'"),
        ("蓝天行动,after,,reject,球队,蓝天行动队,蓝天行动,\n", "cues: empty"),
        ("蓝天行动,after,队,drop,球队,蓝天行动队,蓝天行动,\n", "decision: 'drop'"),
        ("蓝天行动,after,队,count,球队,蓝天行动队,蓝天行动,\n", "sense: '球队' is not a term"),
        ("蓝天行动,after,队,reject,球队,,,\n", "a rule needs a sentence"),
        ("蓝天行动,after,队,reject,球队,碧水队,蓝天行动,\n", "example: does not hold 蓝天行动"),
        (
            "蓝天行动,otherwise,,unresolved,,,,\n蓝天行动,after,队,reject,球队,蓝天行动队,蓝天行动,\n",
            "no rule is reached",
        ),
    ],
)
def test_faults_of_a_sense_rule(folder: Path, row: str, problem: str) -> None:
    senses(folder, row)
    faults = check_lexicon(folder)
    assert any("senses.csv:" in fault and problem in fault for fault in faults), faults


def test_faults_of_a_source(folder: Path) -> None:
    path = folder / "sources.csv"
    path.write_bytes(path.read_bytes() + "国发22,,国发22号,,2018/6/27,,\n".encode())
    faults = " ".join(check_lexicon(folder))
    for problem in (
        "id: '国发22' is not made of",
        "title: empty",
        "date: '2018/6/27'",
        "number: '国发22号' is not of the form",
    ):
        assert problem in faults
    add(folder, "sources", "gf-1,标题,国发〔2020〕1号,,2019-12-31,,\n")
    assert "国发〔2020〕1号 is later than the date" in " ".join(check_lexicon(folder))


def test_what_a_spreadsheet_does_to_a_file_is_found_and_mended(folder: Path) -> None:
    mess = "蓝天行动, 蓝天专项｜蓝天整治 ,blue-sky action,,pollution/air,campaign,local,core,,unknown,,,,\r\n"
    terms(folder, mess + "碧水行动,,x,,pollution/water,campaign,local,core,,unknown,,,,\r\n", bom=b"")
    faults = " ".join(check_lexicon(folder))
    for problem in (
        "pollution.csv:1: term: the byte order mark",
        "pollution.csv:2: aliases:",
        "pollution.csv:3: term: 碧水行动 belongs before",
    ):
        assert problem in faults
    assert [path.name for path in fix_lexicon(folder)] == ["pollution.csv"]
    assert check_lexicon(folder) == []
    lines = (folder / "terms" / "pollution.csv").read_bytes().decode("utf-8-sig").split("\n")
    assert lines[1].startswith("碧水行动")
    assert lines[2].startswith("蓝天行动,蓝天专项|蓝天整治,")
    assert fix_lexicon(folder) == []
    terms(folder, SOUND.replace("\n", "\r\n"))
    assert any("not in canonical form" in fault for fault in check_lexicon(folder))


def test_a_file_as_a_chinese_spreadsheet_saves_it_is_mended(folder: Path) -> None:
    path = folder / "terms" / "pollution.csv"
    sound = path.read_bytes()
    path.write_bytes((HEADER + SOUND).replace(",", ";").encode("gbk"))
    assert [fault.rpartition(": ")[2] for fault in check_lexicon(folder)] == [
        "the byte order mark in front of it is lost; --fix writes it"
    ]
    assert fix_lexicon(folder) == [path]
    assert path.read_bytes() == sound


OWN = [
    ("sound", "own.csv", "term;category\n取得成效;mine\n", []),
    ("a list", "own.txt", "取得成效\n", []),
    ("another header", "own.csv", "词语\n取得成效\n", [":1: term: this column is missing among 词语"]),
    (
        "several faults",
        "own.csv",
        "term;aliases;备注\n取得成效;稳中向好；有短板;x\n有短板;\n取得成效;;\n2月26日;;\n",
        [
            ":1: 备注: no such column",
            ":3: 2 cells where the header has 3; quote a cell that holds a semicolon",
            ":2: aliases: 稳中向好；有短板 holds “；”; values are parted by |",
            ":4: 取得成效: stands already at",
            ":4: 取得成效: is already a term",
            ":5: term: 2月26日 looks like what a spreadsheet made of another value",
        ],
    ),
    (
        "a scope of no vocabulary",
        "own.csv",
        "term,scope\n取得成效,core\n有短板,cor\n",
        [":3: scope: 'cor' is not one of core, adjacent, party"],
    ),
    ("a wild card", "own.csv", "term\n污染*\n", [":2: '污染*' is not a form that can be looked for"]),
    (
        "a dictionary of jieba",
        "own.txt",
        "取得成效 10 n\n有短板 3\n稳中向好 vn\n目标 A 3.5\n",
        [":1: '取得成效 10 n' looks like jieba's; run `envterms lexicon import", ":2: '有短板 3'", ":3: '稳中向好 vn'"],
    ),
]


@pytest.mark.parametrize(("name", "text", "faults"), [case[1:] for case in OWN], ids=[case[0] for case in OWN])
def test_a_file_of_ones_own_terms(tmp_path: Path, name: str, text: str, faults: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("gbk"))
    found = check_own(path)
    assert len(found) == len(faults), found
    assert all(one.startswith(f"{path}{start}") for one, start in zip(found, faults, strict=True)), found
