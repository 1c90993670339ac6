"""What a person sees: whole literal tables at several widths."""

import io
import re
from typing import Any

import pytest
from rich.cells import cell_len

from envterms.analysis import Table
from envterms.output.terminal import Screen, print_concordance, print_table, shortened

TABLE = Table(
    ("term", "english", "category", "count", "per_10k_han"),
    [
        ("污染防治攻坚战", "critical battle against pollution", "pollution/cross-media", 8, 24.5),
        ("[b]2+26[/b]", "", "pollution/air", 1, 3.0625),
    ],
)


LEFT_OUT = " (a wider window or -o FILE shows them)"


def rendered(width: int, table: Table = TABLE, **layout: Any) -> list[str]:
    stream = io.StringIO()
    print_table(table, Screen(stream, width), **{"bar": "count", "drop": ("english", "category"), **layout})
    return [line.rstrip() for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [30, 60, 100, 200])
@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_shows_what_a_pipe_of_its_width_holds(
    width: int, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"COLUMNS": str(width), "TERM": "xterm", **({} if colour else {"NO_COLOR": "1"})}.items():
        monkeypatch.setenv(name, value)
    stream = Terminal()
    out = Screen(stream)
    print_table(TABLE, out, bar="count", drop=("english", "category"), more="… and 3 more")
    shown = stream.getvalue()
    assert (out.is_terminal, out.width) == (True, width)
    assert ("\x1b[32m" in shown) == (colour and width == 200)  # the bars are green
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()]
    assert plain == rendered(width, more="… and 3 more")


def test_wide() -> None:
    assert rendered(200) == [
        "term            english                            category               count  per_10k_han",
        "污染防治攻坚战  critical battle against pollution  pollution/cross-media      8        24.50  ████████████████████",
        "[b]2+26[/b]                                        pollution/air              1         3.06  ██▌",
    ]


def test_narrower_loses_the_bar_then_english_then_category_and_says_so() -> None:
    assert rendered(100)[1:] == [
        "污染防治攻坚战  critical battle against pollution  pollution/cross-media      8        24.50",
        "[b]2+26[/b]                                        pollution/air              1         3.06",
    ]
    assert rendered(60)[1] == "污染防治攻坚战  pollution/cross-media      8        24.50"
    assert " ".join(rendered(60)[3:]) == "columns left out: english" + LEFT_OUT
    assert rendered(50)[1] == "污染防治攻坚战      8        24.50"
    assert " ".join(rendered(50)[3:]) == "columns left out: english, category" + LEFT_OUT


def test_very_narrow_folds_the_label_which_never_goes() -> None:
    assert rendered(32)[:3] == ["term          count  per_10k_han", "污染防治攻坚      8        24.50", "战"]
    assert rendered(20)[:3] == ["term           count", "污染防治攻坚       8", "战"]
    assert all(cell_len(line) <= 10 for line in rendered(10))
    assert rendered(10)[:3] == ["term", "污染防治攻", "坚战"]
    assert rendered(33, label="category", drop=())[1] == "污染防治攻坚战  pollution/cross-m"
    assert rendered(21, label="category", drop=("term",))[1] == "pollution/cross-media"


def test_a_path_is_shortened_in_the_middle() -> None:
    table = Table(("document", "term", "count"), [("corpus/北京市/2019/report.txt", "蓝天保卫战", 3)])
    assert rendered(40, table)[1] == "corpus…019/report.txt  蓝天保卫战      3"
    assert rendered(20, table)[1] == "corpus…19/report.txt"
    assert cell_len(shortened("很长的文件名" * 5, 16)) == 16
    assert shortened("short.txt", 16) == "short.txt"


def test_what_folds_is_folded_before_another_column_goes() -> None:
    assert rendered(84, fold=("english",))[1:3] == [
        "污染防治攻坚战  critical battle against    pollution/cross-media      8        24.50",
        "                pollution",
    ]
    assert "english" not in rendered(80, fold=("english",))[0]
    assert "english" in rendered(72, fold=("english",), drop=())[0]


def test_columns_are_named_and_those_beyond_some_counted() -> None:
    wide = Table(("document", *(f"{number:02}" for number in range(20))), [("a", *range(20))])
    assert "out: 01, 02, 03, 04, 05, 06, 07, 08 and 11 more" in " ".join(rendered(14, wide, bar=None))


def test_names_from_outside_move_no_terminal() -> None:
    """A column may be named by a file."""
    lines = rendered(200, Table(("term", "esc\x1b[31mred", "new\nline"), [("a\x1b", 1, 2)]), bar=None)
    assert lines == ["term  esc␛[31mred  new line", "a␛              1         2"]
    assert "\x1b" not in "".join(rendered(8, Table(("term", "esc\x1b[31mred"), [("a", 1)]), bar=None))


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
    stream = io.StringIO()
    print_concordance([row], Screen(stream, width), window=6)
    return stream.getvalue()


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


def test_in_a_narrow_window_contexts_and_places_are_cut_and_the_match_is_not() -> None:
    shown = concordance(40, document="corpus/2019/beijing.txt")
    assert shown == "  坚决打赢蓝天保卫战，深   corp….txt:2:5\n"
    assert "corpus/2019/beijing.txt:2:5" in concordance(120, document="corpus/2019/beijing.txt")
