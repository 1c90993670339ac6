import pytest

from envterms.output.safety import encodable, inert, printable


@pytest.mark.parametrize("text", ["\x1b[31m红\x1b[0m", "\x07\x00\x9b", "\u202e反\u2066", "a\r\nb\tc", "\ud800"])
def test_nothing_that_moves_a_terminal_is_left(text: str) -> None:
    shown = printable(text)
    assert all(character.isprintable() for character in shown)


def test_what_utf_8_cannot_hold_is_shown_everywhere_alike() -> None:
    name = b"\xb1\xb1\xbe\xa9.txt".decode("utf-8", "surrogateescape")
    assert encodable(name) == printable(name) == r"\udcb1\udcb1\udcbe\udca9.txt"
    assert encodable("北京.txt") == "北京.txt"


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-cmd", "-1+1", "+1\n=1", "-", "@SUM(A1)", "\t=1", "＝1", "\r=1"],
)
def test_formulas_are_neutralised(text: str) -> None:
    assert inert(text) == "'" + text


def test_terms_and_numbers_are_left_alone() -> None:
    for text in ("2+26", "蓝天=碧水", "", "PM2.5", "-0.5", "-3", "+7", "-.5", "-1.5e-3", "+2E+10"):
        assert inert(text) == text
