"""Writes characters.tsv and readings.tsv beside this file: `python -m envterms.normalizing.generate`.

Run it after an update of OpenCC (Apache-2.0) or pypinyin (MIT), from whose data the tables are made; a test fails when they are stale.
Both libraries come with `pip install envterms[dev]`; at run time envterms needs neither of them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

_HAN_BLOCKS = ((0x2E80, 0x2FE0), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
_WIDTH_BLOCKS = ((0xB2, 0xB4), (0xB9, 0xBA), (0x2070, 0x20A0), (0x2460, 0x2460), (0xFE30, 0xFE70), (0xFF00, 0xFFF0))
# Variants that OpenCC's character tables leave alone and real pages hold; and punctuation that writers do not tell apart.
_OTHERS = {
    "国": "囯囻圀", "查": "査", "回": "囬囘", "污": "洿", "内": "內", "减": "減", "户": "戸", "别": "別", "值": "値",
    "说": "説", "税": "稅", "脱": "脫", "录": "録", "黄": "黃", "温": "溫", "净": "浄凈淨", "绿": "緑", "总": "総",
    "·": "•・‧･∙", "-": "‐‑‒–−﹣", "~": "～〜∼", "、": "﹑､", ",": "，﹐", "●": "⚫",
}  # fmt: skip


def fold_classes() -> dict[str, str]:
    """Character -> the character that stands for its class, for all that differ from it."""
    import opencc

    blocks = [chr(code) for start, stop in _HAN_BLOCKS for code in range(start, stop)]

    def table(configuration: str) -> dict[str, str]:
        converted = opencc.OpenCC(configuration).convert("\n".join(blocks)).split("\n")
        return {source: target for source, target in zip(blocks, converted, strict=True) if len(target) == 1}

    to_simplified, taiwan, hong_kong, japanese = table("t2s"), table("tw2s"), table("hk2s"), table("jp2t")
    classes: dict[str, str] = {}
    for character in blocks:
        compatible = unicodedata.normalize("NFKC", character)
        plain = compatible if len(compatible) == 1 else character
        simplified = to_simplified.get(plain, plain)
        if simplified == plain and not _encodable(plain, "gb2312"):
            simplified = next((t[plain] for t in (taiwan, hong_kong) if t.get(plain, plain) != plain), plain)
            if simplified == plain and not _encodable(plain, "big5"):  # 戦, 気: never a Chinese character of its own
                simplified = to_simplified.get(japanese.get(plain, plain), japanese.get(plain, plain))
        classes[character] = simplified
    for start, stop in _WIDTH_BLOCKS:
        for character in map(chr, range(start, stop)):
            compatible = unicodedata.normalize("NFKC", character)
            if len(compatible) == 1:
                classes[character] = compatible
    for representative, others in _OTHERS.items():
        classes.update(dict.fromkeys(others, representative))
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        classes[letter] = letter.lower()
    return {character: final for character in classes if (final := _follow(character, classes)) != character}


def readings() -> dict[str, str]:
    """Toneless syllable -> the characters that can be read so, over the block of unified ideographs."""
    from pypinyin.constants import PINYIN_DICT

    from envterms.normalizing.annotations import toneless

    by_syllable: dict[str, set[str]] = defaultdict(set)
    for code in range(0x4E00, 0xA000):
        for reading in PINYIN_DICT.get(code, "").split(","):
            if reading:
                by_syllable[toneless(reading)].add(chr(code))
    return {syllable: "".join(sorted(characters)) for syllable, characters in sorted(by_syllable.items())}


def render() -> dict[str, str]:
    """File name -> content of the generated tables."""
    members: dict[str, list[str]] = defaultdict(list)
    for character, representative in fold_classes().items():
        members[representative].append(character)
    return {
        "characters.tsv": "".join(f"{to}\t{''.join(sorted(members[to]))}\n" for to in sorted(members)),
        "readings.tsv": "".join(f"{syllable}\t{characters}\n" for syllable, characters in readings().items()),
    }


def _follow(character: str, classes: dict[str, str]) -> str:
    seen = {character}
    while (following := classes.get(character, character)) not in seen:
        seen.add(following)
        character = following
    return character


def _encodable(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    for name, content in render().items():
        Path(__file__).with_name(name).write_text(content, encoding="utf-8", newline="\n")
