"""What a person sees: whole literal tables at several widths."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from envterms.analysis import Table
from envterms.output import terminal
from envterms.output.terminal import print_concordance, print_table

TABLE = Table(
    ("term", "english", "category", "count", "per_10k_han"),
    [
        ("污染防治攻坚战", "critical battle against pollution", "pollution/cross-media", 8, 24.5),
        ("[b]2+26[/b]", "", "pollution/air", 1, 3.0625),
    ],
)


def rendered(width: int, table: Table = TABLE) -> list[str]:
    out = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    print_table(table, out, bar="count", drop=("english", "category"))
    return [line.rstrip() for line in out.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_wide() -> None:
    assert rendered(200) == [
        "term            english                            category               count  per_10k_han",
        "污染防治攻坚战  critical battle against pollution  pollution/cross-media      8        24.50  ████████████████████",
        "[b]2+26[/b]                                        pollution/air              1         3.06  ██▌",
    ]


@pytest.mark.parametrize("width", [58, 80, 120, 200])
def test_a_table_that_fits_looks_like_a_folded_one(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out = rendered(width)
    monkeypatch.setattr(terminal, "_in_lines", terminal._folded)
    assert rendered(width) == laid_out


def test_narrower_loses_the_bar_then_english_then_category() -> None:
    assert (
        rendered(100)[1]
        == "污染防治攻坚战  critical battle against pollution  pollution/cross-media      8        24.50"
    )
    assert rendered(60)[1] == "污染防治攻坚战  pollution/cross-media      8        24.50"
    assert rendered(50)[1] == "污染防治攻坚战      8        24.50"


def test_very_narrow_folds_the_term_and_keeps_the_numbers() -> None:
    lines = rendered(26)
    assert all(cell_len(line) <= 26 for line in lines)
    assert "24.50" in lines[1]
    assert "".join(line.split()[0] for line in lines[1:4]) == "污染防治攻坚战"


def concordance(width: int, **changed: object) -> str:
    row: dict[str, object] = {
        "document": "a.txt",
        "line": 2,
        "column": 5,
        "pre": "坚决打赢",
        "surface": "蓝天保卫战",
        "post": "，深入",
        "term": "蓝天保卫战",
        "form": "literal",
        **changed,
    }
    out = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    print_concordance([row], out, window=6)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_a_concordance_is_aligned_on_the_match() -> None:
    assert concordance(100) == "    坚决打赢蓝天保卫战，深入        a.txt:2:5\n"
    assert concordance(100, pre="", post="") == "            蓝天保卫战              a.txt:2:5\n"
    assert concordance(100, pre="x坚决打赢") == "   x坚决打赢蓝天保卫战，深入        a.txt:2:5\n"


def test_document_text_is_neither_escape_nor_markup() -> None:
    shown = concordance(100, pre="[red]\x1b[31m", document="[b]\x07.txt")
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]␛[31m" in shown
    assert "[b]�.txt" in shown
