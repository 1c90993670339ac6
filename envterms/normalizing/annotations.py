"""Pinyin that scrapers write behind a character, 環(huán)境: told from brackets that belong to the text."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from envterms.normalizing.folding import fold

_TONE_MARKS = re.compile("[\u0300-\u036f0-5\\s\u200b-\u200d\ufeff'’·-]")
_LOOKALIKES = str.maketrans("ɑɡüǖǘǚǜêńňǹḿ", "agvvvvvennnm")


def is_reading(annotation: str, before: str) -> bool:
    """Whether `annotation` is the pinyin, toned or not, of the last characters of `before`.

    >>> is_reading("huán", "環"), is_reading("huan", "生态环"), is_reading("xiàng mù", "项目")
    (True, True, True)
    >>> is_reading("PM2.5", "物"), is_reading("kpi", "核"), is_reading("Wendy", "辑")
    (False, False, False)
    """
    syllables = _syllables(annotation)
    return bool(syllables) and _is_read(syllables, before[-len(syllables) :])


@lru_cache(1 << 14)
def _syllables(annotation: str) -> tuple[str, ...]:
    """The syllables without tones; none where one of them is nothing but tone."""
    syllables = [toneless(part) for part in annotation.split()] or [toneless(annotation)]
    return tuple(syllables) if all(syllables) else ()


@lru_cache(1 << 16)
def _is_read(syllables: tuple[str, ...], word: str) -> bool:
    if word and _reads("".join(syllables), word[-1]):  # also a syllable broken by a blank: (zh àn)
        return True
    return len(word) == len(syllables) > 1 and all(map(_reads, syllables, word))


@lru_cache(1 << 14)
def toneless(syllable: str) -> str:
    """The syllable in plain lower-case letters, ü as v.

    >>> toneless("lǜ"), toneless("Huán"), toneless("zhan4")
    ('lv', 'huan', 'zhan')
    """
    plain = unicodedata.normalize("NFD", syllable.lower().translate(_LOOKALIKES)).replace("u\u0308", "v")
    return _TONE_MARKS.sub("", plain)


@lru_cache(1 << 16)
def _reads(syllable: str, character: str) -> bool:
    known = readings()
    spellings = {syllable, syllable.replace("u", "v")} if syllable[:1] in "ln" else {syllable}
    return any(character in known.get(s, "") or fold(character) in known.get(s, "") for s in spellings)


@cache
def readings() -> dict[str, frozenset[str]]:
    """Toneless syllable -> the characters that it may be the reading of."""
    table = Path(__file__).with_name("readings.tsv").read_text(encoding="utf-8")
    return {
        syllable: frozenset(characters)
        for syllable, _, characters in (line.partition("\t") for line in table.splitlines())
    }
