from pathlib import Path

from envterms.errors import UnreadableDocument
from envterms.reading import find_files, other_files, same_content


def names(folder: Path, *arguments: str) -> list[str]:
    return [
        str(found) if isinstance(found, UnreadableDocument) else Path(found).relative_to(folder).as_posix()
        for found in find_files(arguments)
    ]


def test_a_folder_is_searched_to_any_depth_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "c/d.text", "README.md", ".hidden.txt", ".git/x.txt", "table.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("蓝天", encoding="utf-8")
    assert names(tmp_path, str(tmp_path)) == ["a.TXT", "b.txt", "c/d.text"]


def test_a_named_file_is_read_whatever_its_ending_and_only_once(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    path = str(tmp_path / "notes.md")
    assert names(tmp_path, path, path, str(tmp_path / "*.md")) == ["notes.md"]


def test_globs(tmp_path: Path) -> None:
    (tmp_path / "2019").mkdir()
    (tmp_path / "2019" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "b.txt").write_text("x", encoding="utf-8")
    assert names(tmp_path, f"{tmp_path}/**/*.txt") == ["2019/a.txt", "b.txt"]


def test_a_glob_in_a_folder_that_is_named_with_brackets(tmp_path: Path) -> None:
    for folder in ("sub [x]/deep", "sub x"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("sub [x]/a.txt", "sub [x]/deep/b.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert names(tmp_path, f"{tmp_path}/sub [x]/*.txt") == ["sub [x]/a.txt"]
    assert names(tmp_path, f"{tmp_path}/sub [x]/**/*.txt") == ["sub [x]/a.txt", "sub [x]/deep/b.txt"]
    assert "no file matches this pattern" in names(tmp_path, f"{tmp_path}/sub [x]/*.md")[0]
    (tmp_path / "sub x" / "c.txt").write_text("x", encoding="utf-8")
    assert names(tmp_path, f"{tmp_path}/sub [x]/*.txt") == ["sub x/c.txt"]  # a pattern first of all


def test_what_is_not_read_for_its_ending(tmp_path: Path) -> None:
    read = ("a.txt", "b.TEXT")
    litter = (".hidden.pdf", ".git/x.py", "Thumbs.db", "desktop.ini", "~$a.docx", "a.csv~", "__MACOSX/a.pdf")
    for name in (*read, *litter, "a.html", "c/a.PDF", "c/b.pdf", "a.docx", "LICENSE"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("蓝天", encoding="utf-8")
    assert other_files([str(tmp_path)]) == {".html": 1, ".pdf": 2, ".docx": 1, "": 1}
    assert other_files([str(tmp_path / "a.html"), str(tmp_path / "no")]) == {}


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "报告[2018].txt").write_text("x", encoding="utf-8")
    assert names(tmp_path, str(tmp_path / "报告[2018].txt")) == ["报告[2018].txt"]


def test_what_names_nothing_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    found = list(find_files([f"{tmp_path}/no.txt", f"{tmp_path}/*.rtf", f"{tmp_path}/empty", f"{tmp_path}/a.txt"]))
    assert [isinstance(one, UnreadableDocument) for one in found] == [True, True, True, False]
    assert [str(one).rsplit(": ")[-1] for one in found[:3]] == [
        "no such file or folder",
        "no file matches this pattern",
        "no file that ends in .txt or .text in this folder",
    ]


def test_dash_is_standard_input() -> None:
    assert list(find_files(["-"])) == ["-"]


def test_a_file_under_several_names_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("蓝天", encoding="utf-8")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "c.txt").hardlink_to(tmp_path / "a.txt")
    (tmp_path / "d.txt").write_text("蓝天", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    again: list[str] = []
    found = list(find_files([str(tmp_path), f"{tmp_path}/sub/../d.txt", f"{tmp_path}/a.txt"], again))
    assert [Path(str(one)).name for one in found] == ["a.txt", "d.txt"]
    name = tmp_path.as_posix()
    assert again == [
        f"{name}/b.txt is {name}/a.txt",
        f"{name}/c.txt is {name}/a.txt",
        f"{name}/sub/../d.txt is {name}/d.txt",
    ]


def test_links_to_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    for name in ("here/sub/a.txt", "elsewhere/deep/b.txt", "elsewhere/c.pdf", "elsewhere/.git/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("蓝天", encoding="utf-8")
    here = tmp_path / "here"
    for link, folder in {
        "2019": "elsewhere",
        "again": "elsewhere",
        "all": "here",
        "also": "here/sub",
        "up": ".",
    }.items():
        (here / link).symlink_to(tmp_path / folder, target_is_directory=True)
    (tmp_path / "elsewhere" / "back").symlink_to(here, target_is_directory=True)
    again: list[str] = []
    found = [Path(str(one)).relative_to(tmp_path).as_posix() for one in find_files([str(here)], again)]
    assert (found, again) == (["here/2019/deep/b.txt", "here/sub/a.txt"], [])
    assert other_files([str(here)]) == {".pdf": 1}


def test_files_with_the_same_bytes(tmp_path: Path) -> None:
    for name, text in {"a": "蓝天", "b": "碧水", "c": "蓝天", "d": "净土保卫战", "e": "碧水", "f": "", "g": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    pairs = same_content([str(tmp_path / name) for name in "abcdefg"] + ["gone"])
    assert [(Path(one).name, Path(first).name) for one, first in pairs] == [("c", "a"), ("e", "b")]
