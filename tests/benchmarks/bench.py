"""Speed, memory and start-up against what a user would otherwise run, in one run on one machine; nothing here is a test.

    python -m tests.benchmarks.bench [MEGABYTES ...] [--documents FOLDER] [--kinds clean sparse ...]

The texts are made of the documents of a folder (samples/ by default), repeated to the size asked for: as they are, in traditional characters,
with pinyin, with all the noise of tests/matching/test_noise.py, as pages of HTML in one file (html) and in a file each (files, 20 MB at most), and
their sentences without any term (sparse). First the counts are proved right. The times are of whole processes, the peak memory too; a peer that is
not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

from envterms.lexicon import Lexicon, load_lexicon
from envterms.matching import Matcher
from envterms.normalizing import NormalizedText, normalize
from envterms.reading import read
from tests.matching.test_noise import noisy

ROOT = Path(__file__).parent.parent.parent
COUNT = [sys.executable, "-m", "envterms", "count", "--format", "csv", "-q"]
PIECE = 300_000  # characters for the peers that would take hours; their time is scaled

# A process of its own that is small, since what it starts is taken to have needed at least as much memory as it has itself.
MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
TURNS = 15  # of the start-up
PAGE = 1_500  # characters of an article on a page
FILES = 20  # megabytes at most in a file each
VARIETY = 400_000  # characters that differ; more would take long to be made noisy
BARE = """
import typer
from rich.console import Console
from rich.table import Table
def main(path: str) -> None:
    table = Table("term", "english", "category", "count")
    for number in range(20):
        table.add_row("蓝天保卫战", "blue-sky battle", "pollution/air", str(number))
    Console().print(table)
typer.run(main)
"""
JIEBA = """
import collections, sys, jieba
for form in open(sys.argv[1], encoding="utf-8"):
    jieba.add_word(form.strip())
print(len(collections.Counter(jieba.cut(open(sys.argv[2], encoding="utf-8").read()))))
"""
AUTOMATON = """
import collections, sys, ahocorasick_rs
forms = open(sys.argv[1], encoding="utf-8").read().split()
automaton = ahocorasick_rs.AhoCorasick(forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
text = open(sys.argv[2], encoding="utf-8").read()
print(len(collections.Counter(automaton.find_matches_as_strings(text))))
"""
CONVERTED = """
import sys, opencc
converter = opencc.OpenCC("t2s")
for line in open(sys.argv[1], encoding="utf-8", newline=""):
    sys.stdout.write(converter.convert(line))
"""
LOOP = """
import sys
text = open(sys.argv[2], encoding="utf-8").read()
print(sum(text.count(form) for form in open(sys.argv[1], encoding="utf-8").read().split()))
"""


def prove(lexicon: Lexicon, texts: list[str]) -> None:
    """Contiguous counts of the documents by the matcher and by the slowest and plainest way are the same."""
    bare = Lexicon(lexicon.terms, {}, {}, (), {}, "", "")
    matcher = Matcher(bare)
    for original in texts:
        text = normalize(original).text.replace("的", "□")  # across which long forms are found
        forms = {form for form in matcher.forms if form in text}
        lengths = sorted({len(form) for form in forms}, reverse=True)
        found: Counter[str] = Counter()
        at = 0
        while at < len(text):
            here = next((text[at : at + n] for n in lengths if text[at : at + n] in forms), "")
            found[here] += bool(here)
            at += len(here) or 1
        counted = Counter(
            text[m.start : m.end]
            for m in matcher.match(text, NormalizedText(text))
            if m.status == "counted" and m.surface in forms
        )
        # Forms that begin or end in Latin letters or numerals have boundaries that the plain way does not know.
        differing = {form for form in found | counted if form and found[form] != counted[form]}
        differing = {form for form in differing if not any(c.isascii() or c.isnumeric() for c in form[0] + form[-1])}
        assert not differing, differing
    print(f"counts agree with the plain way on {len(texts)} documents")


def kinds(texts: list[str], matcher: Matcher) -> dict[str, str]:
    """The same documents in several kinds of text."""
    once = "\n\n".join(texts)[:VARIETY]
    sentences = [sentence for sentence in once.split("。") if not matcher.match(sentence)]
    rng = random.Random(0)
    return {
        "clean": once,
        "traditional": noisy(once, "traditional", rng)[0],
        "pinyin": noisy(once, "pinyin", rng)[0],
        "noisy": noisy(once, "all", rng)[0],
        "html": "\n".join(pages(once)),
        "files": once,
        "sparse": "。".join(sentences),
    }


def pages(text: str) -> list[str]:
    """The text in articles as a browser gets them, with a menu, styles, a script and what word processors leave."""
    menu = "".join(
        f'<li><a href="/{place}/index.html" target="_blank">{name}</a></li>'
        for place, name in enumerate(("首页", "要闻", "公开"))
    )
    found = []
    for start in range(0, len(text), PAGE):
        paragraphs = [line.strip() for line in text[start : start + PAGE].splitlines() if line.strip()]
        body = "".join(
            f'<p style="text-indent: 2em; line-height: 1.75em;">&nbsp;&nbsp; {paragraph.replace("、", "</span>、<span>", 1)}</p>\n'
            for paragraph in paragraphs
        )
        found.append(
            f"<!DOCTYPE html>\n<html>\n<head><meta charset='utf-8'><title>新闻</title>\n<style>p {{margin: 0}}</style>\n"
            f"<script>var page = 1;\nif (page < 2) show(page);\n</script></head>\n<body>\n<ul>{menu}</ul>\n<div class='article'>\n{body}</div>\n"
            "<div>版权所有：<a href='#'>某网</a>&nbsp;|&nbsp;<a href='#'>联系我们</a></div>\n</body>\n</html>\n"
        )
    return found


def run(command: str | list[str], environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Seconds and peak megabytes of a process and those that it starts, the better of two runs."""
    words = ["sh", "-c", command] if isinstance(command, str) else command
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **(environment or {})}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled
    measured = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", MEASURE, *words], capture_output=True, env=variables, check=True)
        seconds, kilobytes = done.stdout.split()
        measured.append((float(seconds), int(kilobytes) / 1000))
    return min(measured)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("megabytes", nargs="*", type=float, default=[0.005, 5])
    parser.add_argument("--documents", default=str(ROOT / "samples"))
    parser.add_argument(
        "--kinds", nargs="*", default=["clean", "traditional", "pinyin", "noisy", "html", "sparse", "files"]
    )
    asked = parser.parse_args()
    lexicon = load_lexicon()
    texts = [document.text for document in read(asked.documents)]
    random.Random(0).shuffle(texts)  # else the oldest, which hold the fewest terms, would stand for all
    prove(lexicon, texts)
    made = kinds(texts, Matcher(lexicon))
    forms = sorted({form for term in lexicon.terms.values() for form in term.forms}, key=len, reverse=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = folder / "forms.txt"
        words.write_text("\n".join(forms), encoding="utf-8")
        for number in (3_000, 20_000):
            chosen = random.Random(number).sample(forms, number)
            (folder / f"{number}.txt").write_text("\n".join(chosen), encoding="utf-8")
        print(
            "| text | MB | what | seconds | MB/s | times the time of envterms | peak MB |\n|---|---:|---|---:|---:|---:|---:|"
        )
        for megabytes in asked.megabytes:
            for kind, once in ((kind, made[kind]) for kind in asked.kinds):
                file = folder / f"{kind}.txt"
                size = len(once.encode())
                if kind == "files":
                    report(kind, written_apart(once, min(megabytes, FILES), folder / f"{megabytes}"), folder, words)
                    continue
                with file.open("w", encoding="utf-8") as out:
                    out.writelines(once + "\n\n" for _ in range(max(1, round(megabytes * 1e6 / size))))
                report(kind, file, folder, words)
        report_start_up(folder)


def written_apart(text: str, megabytes: float, folder: Path) -> Path:
    """A folder with so many megabytes of pages, each in a file."""
    folder.mkdir()
    once = [page.encode() for page in pages(text)]
    left, number = megabytes * 1e6, 0
    while left > 0:
        page = once[number % len(once)]
        (folder / f"{number:06}.txt").write_bytes(page)
        left -= len(page)
        number += 1
    return folder


def report_start_up(folder: Path) -> None:
    """The table of what a start costs: medians of runs in turn, and of the ratios within a turn, since no machine is quiet for long."""
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    small = next(iter(sorted((ROOT / "samples").rglob("*.txt"))))
    envterms = [sys.executable, "-c", "import sys; sys.argv[0] = 'envterms'; from envterms.cli import main; main()"]
    asked = {"_ENVTERMS_COMPLETE": "complete_bash", "COMP_WORDS": "envterms count --no", "COMP_CWORD": "2"}
    rows: dict[str, tuple[list[str], dict[str, str]]] = {
        "bare typer and rich program with one table": ([sys.executable, str(folder / "bare.py"), "x"], {}),
        "envterms count of one page": ([*envterms, "count", str(small)], {}),
        "envterms count of one page as CSV": ([*envterms, "count", str(small), "--format", "csv"], {}),
        "envterms --help": ([*envterms, "--help"], {}),
        "completion of an option": (envterms, asked),
    }
    turns = [[run(command, environment)[0] for command, environment in rows.values()] for _ in range(TURNS)]
    print("\n| start-up | seconds | times the bare program |\n|---|---:|---:|")
    for number, title in enumerate(rows):
        seconds = median(turn[number] for turn in turns)
        print(f"| {title} | {seconds:.3f} | {median(turn[number] / turn[0] for turn in turns):.2f} |")


def installed(module: str) -> bool:
    """Whether a peer of that name, none for Python alone, can be imported."""
    test = [sys.executable, "-W", "ignore", "-c", f"import {module or 'sys'}"]
    return subprocess.run(test, capture_output=True).returncode == 0


def report(kind: str, file: Path, folder: Path, words: Path) -> None:
    """The rows of the table for one file."""
    path, files = str(file), sorted(file.iterdir()) if file.is_dir() else [file]
    size = sum(one.stat().st_size for one in files) / 1e6
    piece = folder / "piece.txt"
    with files[0].open(encoding="utf-8") as whole:
        piece.write_text(whole.read(PIECE), encoding="utf-8")
    part = piece.stat().st_size / 1e6
    rows: list[tuple[str, str | list[str], dict[str, str], float]] = [
        ("envterms, one process", [*COUNT, "-j", "1", path], {}, 1),
        ("envterms, all processors", [*COUNT, path], {}, 1),
        ("envterms, NumPy engine, one process", [*COUNT, "-j", "1", path], {"ENVTERMS_ENGINE": "arrays"}, 1),
    ]
    for number in (3_000, 20_000):
        own = ["--only-lexicon", "--lexicon", str(folder / f"{number}.txt")]
        rows.append((f"envterms with {number:,} terms of one's own", [*COUNT, "-j", "1", *own, path], {}, 1))
    own = ["--only-lexicon", "--lexicon", str(words)]
    rows.append(("envterms with all forms as terms of one's own, no rules", [*COUNT, "-j", "1", *own, path], {}, 1))
    sorting = "LC_ALL=C sort | uniq -c"
    if shutil.which("rg"):
        search = f"rg -oNIFf {words}"
        rows.append(("ripgrep, sort, uniq", f"{search} {shlex.quote(path)} | {sorting}", {}, 1))
        if kind in ("traditional", "pinyin", "noisy") and installed("opencc"):
            simplified = shlex.join([sys.executable, "-c", CONVERTED, path])
            rows.append(("OpenCC, ripgrep, sort, uniq", f"{simplified} | {search} - | {sorting}", {}, 1))
    if shutil.which("grep"):
        rows.append(("grep, sort, uniq", f"LC_ALL=C grep -rohFf {words} {shlex.quote(path)} | {sorting}", {}, 1))
    for title, module, code in (
        ("ahocorasick_rs in a loop", "ahocorasick_rs", AUTOMATON),
        ("jieba with the terms as user dictionary", "jieba", JIEBA),
        ("str.count in a loop", "", LOOP),
    ):
        if file.is_file() and installed(module):
            scaled = 1 if module == "ahocorasick_rs" else size / part
            subject = path if module == "ahocorasick_rs" else str(piece)
            rows.append((title, [sys.executable, "-W", "ignore", "-c", code, str(words), subject], {}, scaled))
    ours = 0.0
    for title, command, environment, scale in rows:
        seconds, memory = run(command, environment)
        seconds *= scale
        ours = ours or seconds
        print(
            f"| {kind} | {size:.3g} | {title} | {seconds:.2f} | {size / seconds:.1f} | {seconds / ours:.2f} | {memory:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
