"""Random and damaged input for the engine in C under the address and undefined-behaviour sanitizers: `python -m tests.engine.fuzz SECONDS`.

With whole tables every function must give what the plain engine gives. With damaged tables, hits that are none and callbacks that lie it may
give anything or raise, as long as it stays within its bounds; a sanitizer ends the process where it does not.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import sysconfig
import tempfile
import time
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ALPHABET = "的水大气污染、和以及等，,(（)）县a1 \n\u3000\u200b“<&\\*〇𠀀\ud800"
MARKUP = [
    "<p>", "</P>", "<br/>", "<o:p>", "<st1:x>", "<a href='x'>", "<script>a\n</script>", "<style>", "<!-- a -->", "<!--", "<", "&nbsp;", "&amp;nbsp;",
    "&#10;", "&#x3000;", "&#25112;", "&#x", "&#65536", "&#xffffffff;", "&", "\\n", "\\r\\n", "\\", "(shuǐ)", " \n\n",
]  # fmt: skip
NUMBERS = {"H": 0xFFFF, "i": 0x7FFFFFFF, "I": 0xFFFFFFFF, "B": 0xFF, "Q": 2**64 - 1}


def main() -> None:
    """Compiles the engine with sanitizers and runs this module with it."""
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder, "_native.abi3.so")
        flags = ["-g", "-O1", "-shared", "-fPIC", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
        include = f"-I{sysconfig.get_path('include')}"
        files = sorted(ROOT.glob("envterms/engine/c/*.c"))
        subprocess.run(["gcc", *flags, include, *files, "-o", module], check=True)
        library = subprocess.run(
            ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
        ).stdout.strip()
        environment = {**os.environ, "LD_PRELOAD": library, "ASAN_OPTIONS": "detect_leaks=0", "FUZZED": str(module)}
        done = subprocess.run([sys.executable, "-m", "tests.engine.fuzz", *sys.argv[1:]], cwd=ROOT, env=environment)
        sys.exit(done.returncode)


def load(path: str) -> None:
    """Puts the compiled module in the place of the one that the package has."""
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_file_location

    name = "envterms.engine._native"
    spec = spec_from_file_location(name, path, loader=ExtensionFileLoader(name, path))
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    assert spec.loader is not None
    spec.loader.exec_module(module)


def damaged(rng: random.Random, table: Any, kind: str) -> Any:
    """A table cut anywhere, or with some of its numbers changed."""
    numbers = array(kind, table)
    for _ in range(rng.randrange(4)):
        if numbers:
            numbers[rng.randrange(len(numbers))] = rng.choice([0, 1, NUMBERS[kind], rng.randrange(NUMBERS[kind] + 1)])
    if rng.random() < 0.3:
        numbers = numbers[: rng.randrange(len(numbers) + 1)]
    return memoryview(numbers)


def run(seconds: float) -> None:
    """Runs until the time is over; prints how often."""
    from envterms.engine import native, plain
    from envterms.engine.cleaning import CODES, Noise
    from envterms.engine.hits import Hits
    from envterms.engine.trie import build_trie
    from envterms.normalizing.noise import noise_at, noise_of

    rng = random.Random()
    seed = rng.randrange(2**32)
    print("seed", seed, flush=True)
    rng.seed(seed)

    def text(length: int) -> str:
        return "".join(rng.choice(ALPHABET) for _ in range(rng.randrange(length)))

    def page() -> str:
        return "".join(rng.choice([text(20), rng.choice(MARKUP)]) for _ in range(rng.randrange(30)))

    document = ""

    def ask(at: int, before: str) -> Any:
        return noise_at(document, at, before)

    def lie(at: int, before: str) -> Any:
        return rng.choice(
            [None, (at + rng.randrange(-2, 9), rng.randrange(-2, 300), rng.choice(["", "\n", "水水"])), (1,), 5]
        )

    end, runs = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        runs += 1
        forms = list(dict.fromkeys(text(9) or "水" for _ in range(rng.randrange(1, 40))))
        first = rng.randrange(len(forms) + 1)
        trie, document = build_trie(forms[:first], forms[first:]), page()
        assert native.scan(trie, document) == plain.scan(trie, document)
        noise = noise_of(document, rng.random() < 0.8)
        assert native.clean(document, noise, ask) == plain.clean(document, noise, ask)
        hits = plain.scan(trie, document)
        count = len(hits.starts)
        tails, heads = (memoryview(bytes(rng.randrange(4) for _ in forms)) for _ in range(2))
        places = sorted(rng.sample(range(count), rng.randrange(count + 1)))
        winners = array("i", [rng.choice([hit, -1]) for hit in range(count)])
        native.joinable(trie, document, hits, winners, (places, [rng.randrange(32) for _ in places]), tails, heads)
        data = (
            bytes(rng.randrange(256) for _ in range(rng.randrange(20)))
            + document.encode("utf-8", "ignore")[: rng.randrange(60)]
        )
        native.utf8_end(data)
        for _ in range(5):
            harm = trie.__class__(
                damaged(rng, trie.classes, "H"), damaged(rng, trie.cells, "i"), damaged(rng, trie.pairs, "B"),
                damaged(rng, trie.beginnings, "B"), damaged(rng, trie.short, "B"),
                rng.choice([trie.forms, 0, rng.randrange(-5, 10**9)]), rng.choice([trie.longest, 0, rng.randrange(-5, 99)]), rng.randrange(-5, 99),
            )  # fmt: skip
            wild = Hits(*(damaged(rng, column, "i") for column in hits)) if rng.random() < 0.5 else hits
            numbers = [rng.randrange(-3, count + 3) for _ in range(rng.randrange(9))]
            bits = memoryview(array("H", [rng.randrange(0x10000) for _ in range(rng.randrange(1, 99))]))
            gaps = [damaged(rng, array("i", sorted(rng.randrange(99) for _ in range(6))), "i") for _ in range(2)]
            beside = [rng.randrange(-3, 300), rng.randrange(-3, 30)]
            readings, folded = damaged(rng, noise.readings[:500], "Q"), damaged(rng, noise.folded[:300], "I")
            classes = bytes(damaged(rng, noise.classes[: rng.choice([9, 300, 300, CODES])], "B"))
            names = [bytes(damaged(rng, list_, "B")).strip(b"\0") for list_ in (noise.blocks, noise.inlines)]
            other = Noise(classes, bytes(damaged(rng, noise.letters[:999], "B")), readings, folded, *names)
            ways = [rng.randrange(32) for _ in numbers]
            kinds, marks = bytes(rng.randrange(256) for _ in range(6)), memoryview(b"\1\2" * 40)
            whole = array(
                "i", [rng.choice([0, 1, 2, 5, rng.randrange(-9, 300), ord("水")]) for _ in range(rng.randrange(60))]
            )
            lists = array("i", [rng.randrange(-2, 70) for _ in forms])
            calls: list[tuple[Any, ...]] = [
                (native.scan, harm, document),
                (native.find, harm, document[:9]),
                (native.completed, harm, document, beside[0], text(6), beside[1]),
                (
                    native.bridged,
                    harm,
                    document,
                    beside[0],
                    beside[0] + rng.randrange(-2, 9),
                    beside[1],
                ),
                (native.continued, harm, text(6), document, *beside),
                (
                    native.joinable,
                    harm,
                    document,
                    wild,
                    damaged(rng, array("i", numbers), "i"),
                    (numbers, ways),
                    tails,
                    heads,
                ),
                (native.decided, memoryview(whole), memoryview(lists), harm, document, wild, numbers),
                (native.verbs, harm, tails, document, [rng.randrange(-3, 300) for _ in range(rng.randrange(9))]),
                (native.asked, document, wild, bits, bits, bits),
                (native.longest, wild, damaged(rng, array("i", range(9)), "i"), numbers, numbers),
                (
                    native.adjoining,
                    wild,
                    damaged(rng, array("i", numbers), "i"),
                    rng.choice([0, 2, -(1 << 31), (1 << 31) - 1]),
                ),
                (native.mended, document, wild, *gaps, kinds, marks),
                (native.coded, wild, damaged(rng, array("i", numbers), "i"), bits),
                (native.clean, document, other, rng.choice([ask, lie])),
            ]
            for function, *arguments in calls:
                with suppress(ValueError, OverflowError, TypeError, UnicodeError, MemoryError):
                    function(*arguments)
    print(runs, "runs, nothing found", flush=True)


if __name__ == "__main__":
    if "FUZZED" in os.environ:
        load(os.environ["FUZZED"])
        run(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
    else:
        main()
