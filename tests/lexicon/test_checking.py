"""The check is checked: each fault in a sound small lexicon is named with its place."""

import shutil
from pathlib import Path

import pytest

from envterms.lexicon import builtin_folder, check_lexicon, fix_lexicon

HEADER = "term,aliases,english,expansion,category,type,level,scope,region,status,events,sources,definition,notes\n"
SOUND = "蓝天行动,蓝天专项,blue-sky action,,pollution/air,campaign,local,core,,unknown,,,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lexicon"
    (made / "terms").mkdir(parents=True)
    for name in ("categories.csv", "vocabularies.csv"):
        shutil.copy(builtin_folder() / name, made)
    for name, header in (("sources", "id,title,number,issuer,date,address,notes"), ("families", "shared,position,members"),
                         ("senses", "form,where,cues,decision,sense,example,counterexample,reason")):  # fmt: skip
        (made / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + header.encode() + b"\n")
    terms(made, SOUND)
    assert check_lexicon(made) == []
    return made


def terms(folder: Path, rows: str, bom: bytes = b"\xef\xbb\xbf") -> None:
    (folder / "terms" / "pollution.csv").write_bytes(bom + (HEADER + rows).encode())


def senses(folder: Path, rows: str) -> None:
    path = folder / "senses.csv"
    path.write_bytes(path.read_bytes() + rows.encode())


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


def test_what_a_spreadsheet_does_to_a_file_is_found_and_mended(folder: Path) -> None:
    mess = "蓝天行动, 蓝天专项｜蓝天整治 ,blue-sky action,,pollution/air,campaign,local,core,,unknown,,,,\r\n"
    terms(folder, mess + "碧水行动,,x,,pollution/water,campaign,local,core,,unknown,,,,\r\n", bom=b"")
    assert any("not in canonical form" in fault for fault in check_lexicon(folder))
    assert [path.name for path in fix_lexicon(folder)] == ["pollution.csv"]
    assert check_lexicon(folder) == []
    lines = (folder / "terms" / "pollution.csv").read_bytes().decode("utf-8-sig").split("\n")
    assert lines[1].startswith("碧水行动")
    assert lines[2].startswith("蓝天行动,蓝天专项|蓝天整治,")
    assert fix_lexicon(folder) == []
