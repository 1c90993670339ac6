"""Noise invariance: clean text, made into what scrapers and converters leave, must give the same terms at the same places."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from envterms.matching import Match, Matcher
from tests.conftest import ROOT

pytest.importorskip("pypinyin")

CLEAN = [ROOT / "samples" / year / f"{place}.txt" for year in ("2019", "2024") for place in ("qingling", "yunxi")]


def noisy(text: str, kind: str, rng: random.Random) -> tuple[str, list[int]]:
    """The text with noise of one kind, and for each of its characters the offset in the noisy text."""
    import opencc
    from pypinyin import Style, pinyin

    to_traditional = opencc.OpenCC("s2t")
    out, places, length = [], [], 0
    for character in text:
        places.append(length)
        piece = character
        han = "\u4e00" <= character <= "\u9fff"
        if kind in ("traditional", "all") and han:
            piece = to_traditional.convert(character)[:1]
        if kind in ("pinyin", "all") and han and rng.random() < 0.2:
            style = rng.choice([Style.TONE, Style.NORMAL])
            reading = pinyin(character, style=style)[0][0]
            piece += rng.choice([f"({reading})", f"（{reading}）", f"( {reading} )"])
        if kind in ("invisible", "all") and han and rng.random() < 0.1:
            piece += rng.choice(["\u200b", "\ufeff", "\u00ad"])
        if kind in ("lines", "all") and han and rng.random() < 0.03:
            piece += rng.choice(["\n", "\r\n", " ", "　"])
        if kind in ("markup", "all") and han and rng.random() < 0.1:
            piece = rng.choice(
                [
                    f"<b>{piece}</b>",
                    f"{piece}<br>",
                    f"{piece}&nbsp;",
                    f"<span class='x'>{piece}</span>",
                    f"&#{ord(piece[0])};{piece[1:]}",
                ]
            )
            places[-1] += piece.index(">") + 1 if piece.startswith("<") else 0
        if kind == "symbols" and han and rng.random() < 0.1:
            piece = rng.choice("*▂▓#") + piece
            places[-1] += 1
        if kind == "wide" and character.isascii() and character.isalnum():
            piece = chr(ord(character) + 0xFEE0)
        out.append(piece)
        length += len(piece)
    return "".join(out), places


def counted(matcher: Matcher, text: str) -> list[Match]:
    return [match for match in matcher.match(text) if match.status == "counted"]


@pytest.mark.parametrize("kind", ["traditional", "pinyin", "invisible", "lines", "markup", "symbols", "wide", "all"])
@pytest.mark.parametrize("path", CLEAN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_noise_changes_nothing(path: Path, kind: str, matcher: Matcher) -> None:
    text = path.read_text(encoding="utf-8")
    dirty, places = noisy(text, kind, random.Random(f"{path.name} {kind}"))
    before = {(match.term, places[match.start]) for match in counted(matcher, text)}
    after = {(match.term, match.start) for match in counted(matcher, dirty)}
    assert len(before & after) >= 0.98 * len(before), before ^ after
