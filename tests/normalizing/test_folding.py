import re
from importlib.resources import files
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envterms.engine import plain
from envterms.normalizing import count_han, fold
from envterms.normalizing.folding import HAN, folded, folding
from envterms.normalizing.generate import render
from envterms.normalizing.text import _han_weights
from tests.conftest import ENGINES


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("藍天保衛戰", "蓝天保卫战"),
        ("環境保護", "环境保护"),
        ("爲羣衆凈水", "为群众净水"),  # variants that general converters keep apart
        ("裏臺綫衞戸査囯", "里台线卫户查国"),
        ("⼤⽓", "大气"),  # radicals that PDF files hold in place of characters
        ("ＰＭ２．５", "pm2.5"),
        ("PM₂.₅", "pm2.5"),
        ("２＋２６", "2+26"),
        ("；：（），", ";:(),"),
        ("督察督查", "督察督查"),  # both exist and differ
        ("坏", "坏"),  # OpenCC issue 1390
    ],
)
def test_characters_of_one_class(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_the_length_and_is_idempotent(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_the_tables_are_those_that_the_libraries_give() -> None:
    pytest.importorskip("opencc")
    pytest.importorskip("pypinyin")
    for name, content in render().items():
        shipped = files("envterms.normalizing").joinpath(name).read_text(encoding="utf-8")
        assert shipped == content, f"{name} is stale: python -m envterms.normalizing.generate"


@pytest.mark.parametrize("engine", [plain, *ENGINES], ids=lambda engine: engine.__name__)
@given(
    text=st.text(
        st.one_of(st.characters(exclude_categories=()), st.sampled_from("環境保護ＰＭ②〇𠀀丽\U0003ffff\U00040000"))
    )
)
def test_every_engine_folds_and_weighs_alike(engine: ModuleType, text: str) -> None:
    assert engine.fold(folded(), text) == text.translate(folding()) == fold(text)
    assert engine.total(_han_weights(), text) == len(re.findall(f"[{HAN}]", text)) == count_han(text)
