"""What is kept between runs: right or not there, never a reason to fail."""

from __future__ import annotations

import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from envterms import cache
from envterms.lexicon import load_lexicon
from envterms.lexicon.loading import _Reader
from envterms.matching import Matcher
from tests.conftest import ROOT, Run

SECTIONS = {"numbers": bytes(range(100)), "text": "蓝天".encode(), "nothing": b""}
TEXT = "打赢蓝天、碧水、净土保卫战，污染防治的攻坚战取得成效，PM2.5下降。"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENVTERMS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_stored_is_loaded(folder: Path) -> None:
    assert cache.load("test", "key") is None
    cache.store("test", "key", SECTIONS)
    loaded = cache.load("test", "key")
    assert loaded is not None
    assert {name: bytes(section) for name, section in loaded.items()} == SECTIONS
    assert cache.load("test", "another key") is None
    assert cache.load("other", "key") is None


def test_no_damaged_file_is_taken(folder: Path) -> None:
    """Cut anywhere or with any byte changed, it is as if it were not there."""
    cache.store("test", "key", SECTIONS)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert cache.load("test", "key") is None
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.load("test", "key") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("ENVTERMS_CACHE", str(tmp_path / "file"))
    cache.store("test", "key", SECTIONS)
    assert cache.load("test", "key") is None
    assert load_lexicon().terms


def test_few_files_of_a_kind_are_kept(folder: Path) -> None:
    for key in "abcdefghijkl":
        cache.store("test", key, SECTIONS)
    assert len(list(folder.iterdir())) == 8
    assert cache.load("test", "l") is not None


def _store(number: int) -> bool:
    cache.store("test", "key", SECTIONS)
    return cache.load("test", "key") is not None


def test_two_processes_that_store_at_once(folder: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert all(pool.map(_store, range(40)))
    assert [path.name.endswith(".tmp") for path in folder.iterdir()] == [False]


def test_a_kept_lexicon_is_the_lexicon(folder: Path) -> None:
    fresh, kept = load_lexicon(), load_lexicon()
    assert type(kept.terms) is not dict
    assert kept == fresh
    assert list(kept.terms) == list(fresh.terms)
    before, after = Matcher(fresh), Matcher(load_lexicon())
    assert [*before.forms.items()] == [*after.forms.items()]
    assert before.match(TEXT) == after.match(TEXT) != []


def test_a_changed_lexicon_is_read_again(tmp_path: Path, folder: Path) -> None:
    own = tmp_path / "own.csv"
    for term in ("蓝天工程", "碧水工程"):
        own.write_text(f"term\n{term}\n", encoding="utf-8")
        assert list(load_lexicon(own, builtin=False).terms) == [term]
    copy = tmp_path / "lexicon"
    shutil.copytree(ROOT / "lexicon", copy)
    assert Matcher(load_lexicon(copy, builtin=False)).match("琉璃工程") == []
    with (copy / "terms" / "pollution.csv").open("a", encoding="utf-8") as file:
        file.write("琉璃工程" + "," * 13 + "\n")
    assert [match.term for match in Matcher(load_lexicon(copy, builtin=False)).match("琉璃工程")] == ["琉璃工程"]


def test_a_lexicon_saved_while_it_is_read_is_not_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.csv"
    old, new = "term\n蓝天工程\n", "term\n碧水工程\n"

    def saved(reader: _Reader, path: Path) -> None:
        own.write_text(new, encoding="utf-8")
        read(reader, path)

    read = _Reader.read_own
    own.write_text(old, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(_Reader, "read_own", saved)
        assert len(Matcher(load_lexicon(own, builtin=False)).match("碧水工程")) == 1
    own.write_text(old, encoding="utf-8")
    assert list(load_lexicon(own, builtin=False).terms) == ["蓝天工程"]
    assert len(Matcher(load_lexicon(own, builtin=False)).match("蓝天工程")) == 1


def test_the_second_run_prints_what_the_first_did(run: Run, samples: Path, tmp_path: Path) -> None:
    first, second = (run("count", samples, "--columns", "all", ENVTERMS_CACHE=str(tmp_path / "c")) for _ in range(2))
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    kept = {file.name.partition("-")[0] for file in (tmp_path / "c").iterdir()}
    assert kept == {"characters", "forms", "lexicon", "readings"}
