"""Frequencies: every number is one that can be counted by hand."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import SimpleNamespace
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from envterms import Document, count
from envterms.analysis import Selection, Settings, Tally, count_table, tally, tally_files
from envterms.analysis.counting import DENOMINATORS
from envterms.errors import EnvtermsError, UnknownName, UnreadableDocument
from envterms.lexicon import Family, Lexicon, Term
from envterms.matching import Matcher
from envterms.normalizing import page_blocks
from envterms.reading import read_document, size_of
from tests.conftest import small_lexicon
from tests.matching.test_scanning import HOW, document, without_cues_of_documents
from tests.normalizing.test_furniture import ARTICLE, FURNITURE

LEXICON = small_lexicon(
    [
        Term("蓝天保卫战", ("蓝天之战",), "blue-sky battle", category="pollution/air", scope="core"),
        Term("净土保卫战", english="clean-soil battle", category="pollution/soil-groundwater", scope="core"),
        Term("生态文明", english="ecological civilisation", category="thought/core-idea", scope="core"),
        Term("生态文明思想", english="thought", category="thought/core-idea", scope="core"),
        Term("高质量发展", english="high-quality development", category="party/strategy", scope="party"),
    ],
    [Family("保卫战", "after", ("蓝天", "净土"))],
)
ONE = Document("one", "打赢蓝天保卫战。学习生态文明思想，建设生态文明。推动高质量发展。蓝天之战。")  # 32 Han characters
TWO = Document("two", "蓝天、净土保卫战!")  # 7 Han characters


def test_one_row_per_document_and_term() -> None:
    frame = count([ONE, TWO], LEXICON)
    assert list(zip(frame.document, frame.term, frame["count"], strict=True)) == [
        ("one", "蓝天保卫战", 2), ("one", "生态文明", 1), ("one", "生态文明思想", 1), ("one", "高质量发展", 1),
        ("two", "净土保卫战", 1), ("two", "蓝天保卫战", 1),
    ]  # fmt: skip


def test_the_forms_of_the_occurrences() -> None:
    frame = count([ONE, TWO], LEXICON, by="term").set_index("term")
    blue = frame.loc["蓝天保卫战"]
    assert (blue["count"], blue["literal"], blue["alias"], blue["coordinated"], blue["docfreq"]) == (3, 2, 1, 1, 2)
    assert frame.loc["生态文明", "nested"] == 1


def test_rates_are_per_10_000_han_characters() -> None:
    assert [tally(one, Matcher(LEXICON)).han for one in (ONE, TWO)] == [32, 7]
    frame = count([ONE, TWO], LEXICON, by="term").set_index("term")
    assert frame.loc["蓝天保卫战", "per_10k_han"] == 769.231
    assert count(TWO, LEXICON).set_index("term").loc["蓝天保卫战", "per_10k_han"] == 1428.57


def test_rates_of_rare_terms_have_six_digits_and_shares_add_up() -> None:
    forms = Counter({("蓝天保卫战", "literal"): 1, ("生态文明", "literal"): 29_999})
    for by, name in (("term", "蓝天保卫战"), ("category", LEXICON.terms["蓝天保卫战"].category)):
        table = count_table([Tally("a", "utf-8", 7_000_000, 7_000_000, forms=forms)], LEXICON, by)
        row = next(row for row in table.records() if row[by] == name)
        assert (row["share"], row["per_10k_han"]) == (3.33333e-05, 0.00142857)
        assert sum(float(str(share)) for share in table.column("share")) == pytest.approx(1, abs=1e-6)


def test_other_denominators_are_named_in_the_column() -> None:
    assert count(ONE, LEXICON, per="sentences")["per_100_sentences"].max() == pytest.approx(2 / 4 * 100)
    assert count([ONE, TWO], LEXICON, by="term", per="documents")["per_document"].max() == 1.5
    assert "per_10k_tokens" in count(ONE, LEXICON, per="tokens").columns


def test_nested_all_counts_both() -> None:
    frame = count(ONE, LEXICON, nested="all").set_index("term")
    assert (frame.loc["生态文明", "count"], frame.loc["生态文明思想", "count"]) == (2, 1)


def test_without_coordination() -> None:
    assert list(count(TWO, LEXICON, coordination=False).term) == ["净土保卫战"]


def test_a_selection_does_not_change_the_matching() -> None:
    terms = ("生态文明",)
    tallies = [tally(ONE, Matcher(LEXICON))]
    table = count_table(tallies, LEXICON, selection=Selection(terms=terms))
    assert table.column("count") == [1]  # the one inside 生态文明思想 is still not counted
    assert count_table(tallies, LEXICON, selection=Selection(scopes=("party",))).column("term") == ["高质量发展"]
    assert "生态文明" not in count_table(tallies, LEXICON, selection=Selection(exclude=terms)).column("term")


def test_totals_agree_between_the_groupings() -> None:
    documents = [ONE, TWO]
    totals = {
        by: int(count(documents, LEXICON, by=by)["count"].sum())
        for by in ("document", "term", "category", "document-category")
    }
    assert totals == dict.fromkeys(totals, 7)
    assert count(documents, LEXICON, by="category").set_index("category").loc["pollution/air", "terms"] == 1


def test_the_built_in_lexicon_and_categories() -> None:
    frame = count(ONE, category="pollution")
    assert set(frame.term) == {"蓝天保卫战"}
    assert isinstance(frame, pd.DataFrame)


@pytest.mark.parametrize(
    "wrong", [{"by": "year"}, {"nested": "some"}, {"per": "words"}, {"category": "airr"}, {"exclude": "蓝天保卫仗"}]
)
def test_unknown_names_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(UnknownName):
        count(ONE, **wrong)  # type: ignore[arg-type]


def test_nothing_counted_gives_an_empty_table_with_its_columns() -> None:
    frame = count(Document("none", "今天天气很好。"), LEXICON)
    assert len(frame) == 0
    assert {"document", "term", "count", "per_10k_han"} <= set(frame.columns)
    assert count([], LEXICON, by="term").empty


def test_workers_do_not_change_the_result(tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[str | UnreadableDocument] = []
    for number in range(6):
        path = tmp_path / f"{number}.txt"
        path.write_text(ONE.text * number + "。蓝天、碧水、净土保卫战", encoding="utf-8")
        paths.append(str(path))
    (tmp_path / "bad.txt").write_bytes(b"\xff" * 300)
    paths.insert(3, UnreadableDocument("gone"))
    paths.insert(5, str(tmp_path / "bad.txt"))
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    for large, batch in ((1 << 20, 1 << 20), (1 << 20, 1), (100, 1)):  # several files to a worker; one; a file in parts
        monkeypatch.setattr("envterms.reading.documents._LARGE", large)
        monkeypatch.setattr("envterms.analysis.counting._BATCH", batch)
        done: list[int] = []
        alone = list(tally_files(paths, lexicon, jobs=1, progress=done.append))
        together = list(tally_files(paths, lexicon, jobs=2, progress=done.append))
        assert list(map(told, alone)) == list(map(told, together))
        assert sum(isinstance(one, Tally) for one in alone) == 6
        assert sum(done) == 2 * sum(Path(path).stat().st_size for path in paths if isinstance(path, str))


def test_documents_that_were_read_are_shared_among_workers_too(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [Document(f"speeches.csv:{row}", ONE.text * row, metadata={"year": str(row)}) for row in range(1, 5)]
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    monkeypatch.setattr("envterms.analysis.counting._BATCH", 1)
    expected = [tally(one, Matcher(lexicon)) for one in documents]
    assert [one.metadata["year"] for one in expected] == ["1", "2", "3", "4"]
    for jobs in (1, 2):
        done: list[int] = []
        assert list(tally_files(documents, lexicon, jobs=jobs, progress=done.append)) == expected
        assert sum(done) == sum(map(size_of, documents)) > 0


def test_no_more_processes_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    monkeypatch.setattr("envterms.analysis.counting._in_processes", lambda workers, *_: asked.append(workers) or ())
    for platform in ("linux", "win32"):
        monkeypatch.setattr("envterms.analysis.counting.sys", SimpleNamespace(platform=platform))
        assert list(tally_files([ONE, TWO], LEXICON, jobs=100)) == []
    assert asked == [100, 62]


def test_a_worker_that_is_ended_from_outside_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    monkeypatch.setattr("envterms.analysis.counting._BATCH", 1)
    monkeypatch.setattr("envterms.analysis.counting._work", ended)
    with pytest.raises(EnvtermsError, match="was ended from outside, perhaps for lack of memory; try -j 1"):
        list(tally_files([ONE, TWO] * 3, LEXICON, jobs=2))


def ended(task: object) -> None:
    os._exit(1)


def told(one: Tally | UnreadableDocument) -> object:
    return str(one) if isinstance(one, UnreadableDocument) else one


def test_a_large_file_is_counted_in_pieces(tmp_path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    path.write_text("\n\n".join([ONE.text, TWO.text, "防治\n污染(rǎn)"] * 500), encoding="gb18030")
    (whole,) = tally_files([str(path)], lexicon)
    monkeypatch.setattr("envterms.reading.documents._LARGE", 0)
    monkeypatch.setattr("envterms.reading.encodings.CHUNK", 1000)
    monkeypatch.setattr("envterms.reading.ranges.CHUNK", 1000)
    assert list(tally_files([str(path)], lexicon)) == [whole]
    path.write_bytes(path.read_bytes() + b"\xff")
    (failed,) = tally_files([str(path)], lexicon)
    assert isinstance(failed, UnreadableDocument)
    assert "GB18030 with a broken byte" in str(failed)


def test_every_denominator_can_be_asked_for() -> None:
    for per in DENOMINATORS:
        assert tally(ONE, Matcher(LEXICON), Settings(per=per)).units > 0


BREAKS = [
    "\n\n",
    "\r\n\r\n",
    "\n　　",
    "\n",
    "。\n",
    "。",
    "</p>\n\n<p>",
    "<p\n\n>",
    "<!--\n\n-->",
    "\n\n\ufeff",
    "，",
    "；",
]
BROKEN = [b"\xff", b"\xe8\x93", b"\x81\x30"]


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    length=st.integers(1, 500),
    breaks=st.lists(st.sampled_from(BREAKS), min_size=1, max_size=3),
    encoding=st.sampled_from(
        [
            "utf-8",
            "utf-8-sig",
            "gb18030",
            "big5hkscs",
            "utf-16",
            "utf-8:replace",
            "gb18030:replace",
            "big5hkscs:replace",
        ]
    ),
    size=st.integers(1, 9_000),
    window=st.integers(7_000, 15_000),
    chunk=st.integers(500, 5_000),
    reach=st.integers(1, 500),
    how=HOW,
)
def test_ranges_of_any_size_give_what_the_whole_gives(
    seed: int,
    length: int,
    breaks: list[str],
    encoding: str,
    size: int,
    window: int,
    chunk: int,
    reach: int,
    how: Settings,
) -> None:
    matcher, _ = without_cues_of_documents()
    rng = random.Random(seed)
    lines = [rng.choice([document(rng, 5)] * 9 + FURNITURE[:2]) + rng.choice(breaks) for _ in range(length)]
    ends = ["".join(rng.choice([*FURNITURE, *ARTICLE]) + "\n" for _ in range(rng.randrange(5))) for _ in range(2)]
    data = "".join([ends[0], *lines, "\n", ends[1]]).encode(encoding.partition(":")[0], "ignore")
    for _ in range(rng.randrange(20) if ":" in encoding else 0):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(BROKEN) + data[at:]
    with NamedTemporaryFile() as file, ExitStack() as patched:
        file.write(data)
        file.flush()
        for name, value in {
            "envterms.normalizing.furniture.REACH": reach,
            "envterms.analysis.counting.REACH": reach,
            "envterms.normalizing.blocks._AHEAD": 1000,  # no tag is longer here
            "envterms.normalizing.blocks._ENDLESS": 2 * chunk,
            "envterms.reading.ranges.CHUNK": chunk,
            "envterms.reading.ranges._RANGE": size,
            "envterms.reading.ranges._WINDOW": window,
        }.items():
            patched.enter_context(patch(name, value))
        whole = tally(read_document(file.name, encoding), matcher, how)
        patched.enter_context(patch("envterms.reading.documents._LARGE", 0))
        patched.enter_context(patch("envterms.analysis.counting.Matcher", lambda *_: matcher))
        patched.enter_context(patch("envterms.analysis.counting.page_blocks", partial(page_blocks, size=chunk)))
        done: list[int] = []
        (found,) = tally_files([file.name], matcher.lexicon, how, encoding, jobs=1, progress=done.append)
        assert sum(done) == len(data)
        assume("where a term may stand" not in "".join(found.warnings if isinstance(found, Tally) else ()))
        assert found == whole


@pytest.mark.parametrize(
    ("codec", "between", "number"),
    [
        ("utf-8-sig", "\n\n", 3),
        ("utf-8", "\n", 3),
        ("gb18030", "\r\n　　", 2),
        ("utf-16", "\n\n", 1),
        ("utf-8", " ", 1),
    ],
)
def test_ranges_and_workers_do_not_change_the_result(
    tmp_path: Path, codec: str, between: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With margins and ends as long as they are: a blank line or a sentence to cut behind, another encoding, no line."""
    path = tmp_path / "large.txt"
    paragraphs = [
        f"{ONE.text}第{at}段：{TWO.text}" + "会上还讨论了其他事项，听取了有关方面的意见。" * 10 for at in range(5_000)
    ]
    furniture = "首页 | 要闻 | 净土保卫战 | 联系我们"
    path.write_bytes(between.join([furniture, ARTICLE[0], *paragraphs, furniture]).encode(codec))
    (whole,) = tally_files([str(path)], LEXICON)
    monkeypatch.setattr("envterms.reading.documents._LARGE", 1 << 20)
    monkeypatch.setattr("envterms.reading.ranges._RANGE", 1 << 20)
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    for jobs in (1, 2):
        done: list[int] = []
        assert list(tally_files([str(path)], LEXICON, jobs=jobs, progress=done.append)) == [whole]
        assert sum(done) == path.stat().st_size
        assert len([size for size in done if size]) == number


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("data", [None, b"", b"\xff"])
def test_a_file_that_changes_while_it_is_counted(
    tmp_path: Path, data: bytes | None, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "large.txt", tmp_path / "other.txt"
    path.write_text((ONE.text + "\n\n") * 60_000, encoding="utf-8")
    other.write_text(TWO.text, encoding="utf-8")
    size = path.stat().st_size
    monkeypatch.setattr("envterms.reading.documents._LARGE", 1 << 20)
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    done: list[int] = []

    def change(number: int) -> None:
        done.append(number)
        if path.exists() and path.stat().st_size == size:
            path.unlink() if data is None else path.write_bytes(data * size)

    failed, good = tally_files([str(path), str(other)], LEXICON, jobs=jobs, progress=change)
    assert isinstance(good, Tally)
    assert isinstance(failed, UnreadableDocument)


PARAGRAPHS = "\n\n".join([ONE.text] * 3_000).encode()
DAMAGED = [
    ("a broken byte at the end", PARAGRAPHS + b"\xff"),
    ("a character cut off at the end", PARAGRAPHS + "蓝".encode()[:2]),
    ("another encoding behind UTF-8", PARAGRAPHS + "蓝天".encode("gb18030") + PARAGRAPHS),
]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("label", "data"), DAMAGED, ids=[label for label, _ in DAMAGED])
def test_a_large_file_is_refused_as_a_small_one_is(
    label: str, data: bytes, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large one only the first bytes are looked at before it is counted; broken bytes are accepted in both if they are in one."""
    path, other = tmp_path / "large.txt", tmp_path / "other.txt"
    path.write_bytes(data)
    other.write_text(TWO.text, encoding="utf-8")
    paths = [str(path), str(other)]
    refused, good = tally_files(paths, LEXICON)
    accepted, _ = tally_files(paths, LEXICON, encoding="auto:replace")
    assert ": UTF-8 with " in str(refused)
    assert isinstance(accepted, Tally)
    assert accepted.warnings == (str(refused).rpartition("; ")[0] + "; replaced by U+FFFD",)
    for place in ("encodings", "ranges"):
        monkeypatch.setattr(f"envterms.reading.{place}.CHUNK", 1 << 10)
    monkeypatch.setattr("envterms.reading.documents._LARGE", 1 << 16)
    monkeypatch.setattr("envterms.analysis.counting._WORTH_A_WORKER", 1)
    again, as_good = tally_files(paths, LEXICON, jobs=jobs)
    assert (str(again), as_good) == (str(refused), good)
    assert list(tally_files(paths, LEXICON, encoding="auto:replace", jobs=jobs)) == [accepted, good]
