"""Throughput and start-up against what a user would otherwise run: `python tests/benchmarks/bench.py [MEGABYTES]`.

First the counts are proved right on the bench text, then times are compared in one run, as ratios; nothing here is a test.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from envterms import Document
from envterms.analysis import tally
from envterms.lexicon import Lexicon, load_lexicon
from envterms.matching import Matcher
from envterms.normalizing import normalize

ROOT = Path(__file__).parent.parent.parent
SAMPLES = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("samples/20*/*.txt"))]


def text_of(megabytes: float) -> str:
    once = "\n\n".join(SAMPLES)
    return "\n\n".join([once] * max(1, round(megabytes * 1e6 / len(once.encode()))))


def plain_forms(lexicon: Lexicon) -> list[str]:
    return sorted({form for term in lexicon.terms.values() for form in term.forms}, key=len, reverse=True)


def prove(lexicon: Lexicon) -> None:
    """Contiguous counts of the sample text by the matcher and by the slowest and plainest way are the same."""
    bare = Lexicon(lexicon.terms, {}, {}, (), {}, "", "")
    text = normalize("\n\n".join(SAMPLES)).text
    matcher = Matcher(bare)
    forms = {form for form in matcher.forms if form in text}
    starts = Counter(len(form) for form in forms)
    found: Counter[str] = Counter()
    at = 0
    while at < len(text):
        here = next((text[at : at + n] for n in sorted(starts, reverse=True) if text[at : at + n] in forms), "")
        found[here] += bool(here)
        at += len(here) or 1
    counted = Counter(text[m.start : m.end] for m in matcher.match(text) if m.status == "counted")
    differing = {form for form in found | counted if form and found[form] != counted[form]}
    # Forms that begin or end in Latin letters or numerals have boundaries that the plain way does not know.
    differing = {form for form in differing if not (form[0] + form[-1]).isascii()}
    assert not differing, differing


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    lexicon = load_lexicon()
    prove(lexicon)
    print("counts agree with the plain way")
    text = text_of(megabytes)
    size = len(text.encode()) / 1e6
    matcher = Matcher(lexicon)
    ours = timed(lambda: tally(Document("bench", text), matcher))
    forms = plain_forms(lexicon)
    piece = text[: len(text) // 20]
    loop = timed(lambda: [piece.count(form) for form in forms]) * len(text) / len(piece)
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for form in forms:
        tokenizer.add_word(form)
    segmenter = timed(lambda: Counter(tokenizer.cut(piece))) * len(text) / len(piece)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.txt"
        small.write_text(SAMPLES[0], encoding="utf-8")
        start_up = min(
            timed(
                lambda: subprocess.run(
                    [sys.executable, "-m", "envterms", "count", str(small), "-q"], capture_output=True, check=True
                )
            )
            for _ in range(3)
        )
        bare = min(timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(3))
    rows = [
        ("envterms, all rules on", ours, 1.0),
        (f"str.count in a loop over {len(forms):,} forms", loop, loop / ours),
        ("jieba with the lexicon as user dictionary", segmenter, segmenter / ours),
    ]
    print(f"{size:.1f} MB, {len(lexicon.terms):,} terms")
    for name, seconds, ratio in rows:
        print(f"{name:<50} {seconds:8.2f} s  {size / seconds:8.2f} MB/s  {ratio:6.2f} x the time of envterms")
    print(f"start-up: count of a small file {start_up:.2f} s, bare Python {bare:.2f} s")


if __name__ == "__main__":
    main()
