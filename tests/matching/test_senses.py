"""The decision lists: what an engine tells of them is what the rules say."""

from __future__ import annotations

import random

import pytest

from envterms import engine
from envterms.lexicon import SenseRule, load_lexicon
from envterms.matching import Matcher
from envterms.matching.senses import Senses
from envterms.matching.tables import SENSES, tables_of
from envterms.normalizing import normalize
from tests.conftest import small_lexicon

RULES = [
    ("in front", SenseRule("达标", "before", ("未", "不能"), "reject", ""), ["未达标", "不能达标", "能达标", "不达标", "达标"]),
    ("behind, with an end", SenseRule("达标", "after", ("率高",), "reject", ""), ["达标率高", "达标率", "达标"]),
    ("in the clause", SenseRule("达标", "clause", ("考试",), "reject", ""),
     ["考试,达标", "考试达标", "达标,考试", "达标和考试", "考达标试", "达标。考试", "考试" + "水" * 198 + "达标", "考试" + "水" * 199 + "达标"]),
    ("in the sentence", SenseRule("达标", "sentence", ("考试",), "unresolved", ""),
     ["考试,达标", "考试。达标", "达标,考试", "达标\n\n考试", "达标" + "水" * 198 + "考试", "达标" + "水" * 199 + "考试"]),
    ("in the document", SenseRule("达标", "document", ("考试",), "reject", ""), ["考试。达标", "达标\n\n考试", "达标"]),
    ("always", SenseRule("达标", "otherwise", (), "unresolved", ""), ["达标"]),
    ("between words", SenseRule("达标", "words", (), "reject", ""), ["到达标准", "达标"]),
]  # fmt: skip


@pytest.mark.parametrize(("label", "rule", "texts"), RULES, ids=[label for label, _, _ in RULES])
@pytest.mark.skipif(engine.decided is None, reason="the engine asks the rules")
def test_an_engine_decides_as_the_rules_do(label: str, rule: SenseRule, texts: list[str]) -> None:
    lexicon = small_lexicon(["达标"], senses=[rule])
    told = [_told(Matcher(lexicon), text) for text in texts]
    assert told == [_said(lexicon.senses, text) for text in texts]
    assert any(told)
    assert not all(told) or len(texts) == 1


@pytest.mark.skipif(engine.decided is None, reason="the engine asks the rules")
def test_an_engine_decides_as_the_rules_of_the_lexicon_do() -> None:
    lexicon, rng = load_lexicon(), random.Random(7)
    tables = tables_of(lexicon)
    senses = Senses(lexicon.senses, tables.forms)
    words = [*lexicon.senses, *(cue for rules in lexicon.senses.values() for rule in rules for cue in rule.cues)]
    words = [word.lstrip("*") for word in words] + ["，", "。", "、", "\n\n", "水", "😀"]
    decided = 0
    for _ in range(400):
        text = normalize("".join(rng.choices(words, k=40))).text
        hits = engine.scan(tables.trie, text)
        asked = [hit for hit, form in enumerate(hits.forms) if tables.rules[form] & SENSES]
        assert engine.decided is not None
        told = dict(
            zip(*engine.decided(tables.sense_rules, tables.sense_lists, tables.trie, text, hits, asked), strict=True)
        )
        for hit in asked:
            form, code = tables.forms.at(hits.forms[hit]).text, told.get(hit, -1)
            said = senses.decide(form, text, hits.starts[hit], hits.ends[hit])
            if hit not in told:
                assert said is None
            elif code >= 0:
                assert senses.decision(form, code) == said
                decided += 1
    assert decided > 500


def _told(matcher: Matcher, text: str) -> list[tuple[str, str]]:
    return [(match.status, match.reason) for match in matcher.match(text) if match.reason]


def _said(rules: dict[str, list[SenseRule]], text: str) -> list[tuple[str, str]]:
    text = normalize(text).text
    decision = Senses(rules).decide("达标", text, (at := text.index("达标")), at + 2)
    return [({"reject": "rejected"}.get(decision.rule.decision, "unresolved"), decision.reason)] if decision else []
