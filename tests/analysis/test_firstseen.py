"""First sights: by the matcher, with the gaps of the corpus, apart from what the lexicon claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from envterms.analysis.firstseen import COLUMNS, date_in_name, dated, first_seen, first_seen_table, read_dates
from envterms.errors import UnreadableDocument
from envterms.lexicon import Event, Family, Lexicon, Term
from envterms.reading import Document
from tests.conftest import SHARED, small_lexicon

NAMES = [
    ("a year", "1954.txt", "1954"),
    ("a folder", "2019/report.txt", "2019"),
    ("the name before the folder", "2019/2018-09-11_report.txt", "2018-09-11"),
    ("digits in a row", "x_20180911_2.txt", "2018-09-11"),
    ("a month", "notice-2018-09.txt", "2018-09"),
    ("Chinese", "某市2018年9月1日报告.txt", "2018-09-01"),
    ("a year and a word", "2018年政府工作报告.txt", "2018"),
    ("a year within a longer number", "120185.txt", None),
    ("a year that is a number of pages", "report.txt", None),
    ("no such month", "201813.txt", None),
    ("no such day", "2018-02-30.txt", None),
]


@pytest.mark.parametrize(("name", "date"), [case[1:] for case in NAMES], ids=[case[0] for case in NAMES])
def test_dates_in_names(name: str, date: str | None) -> None:
    assert date_in_name(name) == date


def documents(**texts: str) -> list[Document]:
    return [Document(f"{name.removeprefix('y')}.txt", text) for name, text in texts.items()]


def rows(lexicon: Lexicon, *texts: Document) -> dict[str, dict[str, object]]:
    table = first_seen_table(dated(texts), lexicon)
    assert table.columns == COLUMNS
    return {str(row["form"]): row for row in table.records()}


LEXICON = small_lexicon(
    [
        Term("蓝天保卫战", ("蓝天战",), events=(Event("launched", "2018-06-27", "s"),), category="pollution/air"),
        Term("碧水保卫战"),
        Term("新发展理念", events=(Event("coined", "2015-10", "s"), Event("codified", "2030", "s"))),
        Term("创新发展理念"),
    ],
    [Family("保卫战", "after")],
)


def test_the_first_document_of_each_form_whatever_the_order_of_the_files() -> None:
    found = rows(
        LEXICON, *documents(y2021="打蓝天战。", y2018="\n打赢蓝天保卫战，蓝天保卫战。", y2016="无", y2023="蓝天保卫战")
    )
    battle, alias = found["蓝天保卫战"], found["蓝天战"]
    assert [battle[name] for name in ("term", "first", "document", "line", "column", "docfreq")] == [
        "蓝天保卫战", "2018", "2018.txt", 2, 3, 2,
    ]  # fmt: skip
    assert (alias["term"], alias["first"], alias["kind"]) == ("蓝天保卫战", "2021", "alias")


def test_a_first_sight_may_be_coordinated_but_not_a_piece_of_another_term() -> None:
    found = rows(LEXICON, *documents(y2007="坚持创新发展理念", y2017="蓝天、碧水保卫战", y2018="贯彻新发展理念"))
    assert (found["蓝天保卫战"]["first"], found["蓝天保卫战"]["kind"]) == ("2017", "coordinated")
    assert found["新发展理念"]["first"] == "2018"


def test_the_years_that_the_corpus_lacks_are_told_apart_from_claims() -> None:
    found = rows(LEXICON, *documents(y2015="碧水保卫战", y2016="无", y2019="蓝天保卫战", y2021="新发展理念"))
    assert found["碧水保卫战"]["not_in_corpus"] == "before 2015"
    assert found["蓝天保卫战"]["not_in_corpus"] == "2017-2018"
    assert found["新发展理念"]["not_in_corpus"] == "2020"
    assert {row["gaps"] for row in found.values()} == {"2017-2018|2020"}
    assert {row["corpus"] for row in found.values()} == {"2015-2021, 4 documents"}
    assert found["蓝天保卫战"]["claims"] == "launched 2018-06-27 s"


def test_a_claim_of_a_first_use_that_is_later_than_what_was_seen_is_flagged() -> None:
    seen_before = rows(LEXICON, *documents(y2014="贯彻新发展理念，打蓝天战"))
    assert seen_before["新发展理念"]["later_claims"] == "coined 2015-10 s"  # a law may codify what was said long before
    assert seen_before["蓝天战"]["later_claims"] == "launched 2018-06-27 s"
    in_the_year = rows(LEXICON, *documents(y2015="贯彻新发展理念", y2018="蓝天保卫战"))
    assert {row["later_claims"] for row in in_the_year.values()} == {""}


def test_dates_from_a_table(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("\ufeffdocument,place,date\na.txt,X,2018-03\nb/c.txt,X,2017\n", encoding="utf-8")
    dates = read_dates(str(path))
    found = [
        one.metadata["date"] for one in dated([Document(n, "x") for n in ("x/a.txt", "b/c.txt", "2019.txt")], dates)
    ]
    assert found == ["2018-03", "2017", "2019"]
    path.write_text(f"\n\ndocument;place;date\na.txt;{'长' * 140_000};2018-03\n\nb.txt;X;2017\n", encoding="utf-8")
    assert read_dates(str(path)) == {"a.txt": "2018-03", "b.txt": "2017"}
    path.write_text("document,day\na.txt,2018\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"dates\.csv: has no column 'date'"):
        read_dates(str(path))
    path.write_text("document,date\na.txt,3/4/2018\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"dates\.csv:2: date: '3/4/2018' is not a date"):
        read_dates(str(path))
    path.write_text("document,date\na.txt\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"dates\.csv:2: date: '' is not a date"):
        read_dates(str(path))


def test_a_document_without_a_date_is_named() -> None:
    with pytest.raises(UnreadableDocument, match=r"^a\.txt: no date in its name"):
        list(dated([Document("a.txt", "x")]))
    failures: list[UnreadableDocument] = []
    assert [one.name for one in dated([Document("a.txt", "x"), Document("2018.txt", "x")], failures=failures)] == [
        "2018.txt"
    ]
    assert len(failures) == 1


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="needs the corpora")
def test_the_work_reports(lexicon: Lexicon) -> None:
    """What a search for the string gets wrong: 国六 in 中国六万万 of 1954, 新发展理念 in 创新发展理念 of 2007."""
    import json

    lines = (SHARED / "corpora" / "government_work_reports.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [row for row in map(json.loads, lines) if row["year"]]
    assert any("国六" in row["content"] for row in reports)
    found = first_seen([Document(f"{row['year']}.txt", row["content"]) for row in reports], lexicon)
    assert "国六" not in set(found["form"])
    first = found.groupby("term")["first"].min()
    assert (first["新发展理念"], first["蓝天保卫战"], first["河长制"]) == ("2016", "2017", "2017")
    assert set(found["gaps"]) == {"1961-1963|1965-1974|1976-1977|1989-1991|1996|2020"}
