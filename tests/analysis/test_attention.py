"""The index of attention, counted by hand."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from envterms import Document, attention, load_lexicon
from envterms.analysis import Selection, Settings, Tally, tally, tally_files
from envterms.analysis.attention import COLUMNS, MEASURES, definitions, index_table
from envterms.errors import InvalidArgument, UnknownName
from envterms.lexicon import Lexicon, Term
from envterms.matching import Matcher
from envterms.normalizing import page_blocks
from tests.conftest import small_lexicon

LEXICON = small_lexicon(
    [
        Term("蓝天保卫战", category="pollution/air", scope="core"),
        Term("河长制", category="pollution/water", scope="adjacent"),
        Term("高质量发展", category="party/strategy", scope="party"),
    ]
)
ONE = Document("2019", "打赢蓝天保卫战，落实河长制。推动高质量发展！会议结束。")


def test_three_denominators_in_one_row() -> None:
    row = attention(ONE, LEXICON).iloc[0]
    assert (row.document, row.occurrences, row.terms, row.han) == ("2019", 2, 2, 23)
    assert (row.sentences, row.sentences_hit, row.share_sentences) == (3, 1, pytest.approx(1 / 3, abs=1e-6))
    assert row.per_10k_han == pytest.approx(2 / 23 * 10_000, abs=1e-6)
    assert row.per_100_tokens == pytest.approx(2 / row.tokens * 100, abs=1e-6)
    assert 8 <= row.tokens <= 15


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("hello world", 2),
        ("CO2 emissions", 2),
        ("CO₂ and NO<sub>x</sub>", 3),
        ("2 0 1 9", 1),
        ("蓝天\n河长", 2),
        ("。、《》 ……", 0),
        (" a", 1),
        ("", 0),
    ],
)
def test_tokens(text: str, tokens: int) -> None:
    assert attention(Document("a", text), LEXICON).tokens[0] == tokens


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("一。二！三？四；五!六?七;八", 8),
        ("目录\n蓝天保卫战\n河长制\n1.推进", 1),  # lines of scraped text break anywhere
        ("目录\n\n蓝天保卫战\n　　河长制\t推进", 4),
        ("一……二：三，四、五. 六", 1),
        ("……。—", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    row = attention(Document("a", text), LEXICON).iloc[0]
    assert row.sentences == sentences


def test_each_column_is_defined_and_so_are_the_terms() -> None:
    assert ("document", *MEASURES) == COLUMNS
    selected = Selection(scopes=("core", "")).on(small_lexicon([Term("甲乙", scope="core"), Term("丙丁")]))
    assert definitions(selected)["environment terms"].endswith("of the scopes: core, none (a user's own)")
    assert definitions(Selection().on(LEXICON))["environment terms"].endswith("of the scopes: any")


def test_party_language_counts_only_when_asked_for() -> None:
    assert attention(ONE, LEXICON, scope=("core", "adjacent", "party")).occurrences[0] == 3
    assert attention(ONE, LEXICON, scope="core").occurrences[0] == 1
    assert attention(ONE, LEXICON, exclude="河长制").occurrences[0] == 1


def test_a_category_of_which_the_default_leaves_nothing(lexicon: Lexicon) -> None:
    for category in ("party", ("party/strategy", "party/loyalty")):
        with pytest.raises(
            InvalidArgument, match=r"^no term of party.* is in the index, .* unless its scope, party, or"
        ):
            attention(ONE, lexicon, category=category)
    assert attention(ONE, lexicon, category=("party", "pollution")).occurrences[0] == 2
    assert attention(ONE, lexicon, category="party", scope="party").occurrences[0] == 1
    one = Document("a", "国发〔2018〕22号")  # a category of which only a pattern finds terms
    assert attention(one, lexicon, category="planning/document-numbers").occurrences[0] == 1
    with pytest.raises(UnknownName):
        attention(ONE, lexicon, category="partly")


def test_a_document_without_terms_or_without_text_has_its_row() -> None:
    frame = attention([Document("a", "今天天气很好。"), Document("b", "...")], LEXICON)
    assert frame.occurrences.tolist() == [0, 0]
    assert frame.per_10k_han.tolist()[0] == 0
    assert frame.per_10k_han.isna().tolist() == [False, True]


@pytest.mark.parametrize("end", ["。\n\n", "，", "！", ""])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_large_file_has_the_row_of_the_whole(
    end: str, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one without breaks, in which sentences go through many blocks."""
    part = "打赢蓝天保卫战，落实河长制，推动高质量发展，会议结束" + end
    text = "会议开始！" + part * 2_000
    (tmp_path / "d.txt").write_text(text, encoding="utf-8")
    selected = Selection(scopes=("core", "adjacent")).on(LEXICON)
    how = Settings(index=selected)
    with monkeypatch.context() as patched:
        patched.setattr("envterms.analysis.counting.page_blocks", partial(page_blocks, size=len(text)))
        whole = tally(Document(str(tmp_path / "d.txt"), text), Matcher(LEXICON), how)
    number = 2_000 if end in ("。\n\n", "！") else 1
    assert (whole.sentences, whole.sentences_hit) == (number + 1, number)
    for name, value in {
        "reading.documents._LARGE": 1,
        "reading.ranges._RANGE": 1 << 17,
        "normalizing.blocks._ENDLESS": 1 << 13,
        "analysis.counting._WORTH_A_WORKER": 1,
        "analysis.counting.page_blocks": partial(page_blocks, size=1 << 12),
    }.items():
        monkeypatch.setattr(f"envterms.{name}", value)
    done: list[int] = []
    (found,) = tally_files([str(tmp_path / "d.txt")], LEXICON, how, jobs=jobs, progress=done.append)
    assert isinstance(found, Tally)
    assert index_table([found], selected).rows == index_table([whole], selected).rows
    assert (found.forms, sum(done)) == (whole.forms, (tmp_path / "d.txt").stat().st_size)


def test_a_term_of_ones_own_without_a_scope_is_in_the_index(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("term\n会议结束\n", encoding="utf-8")
    assert attention(ONE, tmp_path / "own.csv").occurrences[0] == 3
    assert attention(ONE, tmp_path / "own.csv", scope="core").occurrences[0] == 2  # 河长制 is core in the built-in one
    assert attention(ONE, LEXICON, terms="高质量发展").occurrences[0] == 1


def test_of_a_lexicon_of_ones_own_alone_all_terms_are_in_the_index(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    for content in ("term\n会议结束\n高质量发展\n", "term,scope\n会议结束,mine\n高质量发展,party\n"):
        own.write_text(content, encoding="utf-8")
        assert attention(ONE, load_lexicon(own, builtin=False)).occurrences[0] == 2


def test_a_scope_that_no_term_has(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("term\n会议结束\n", encoding="utf-8")
    own = load_lexicon(tmp_path / "own.csv", builtin=False)
    with pytest.raises(UnknownName, match=r"^unknown scope 'core'; no term of this lexicon has one$"):
        attention(ONE, own, scope="core")
