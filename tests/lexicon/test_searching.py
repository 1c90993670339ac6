from envterms.lexicon import Lexicon
from envterms.lexicon.searching import search_terms


def test_chinese_in_either_script_and_english(lexicon: Lexicon) -> None:
    assert search_terms(lexicon, "藍天保衛戰")[0].term == "蓝天保卫战"
    assert "蓝天保卫战" in [term.term for term in search_terms(lexicon, "blue-sky")] + [
        term.term for term in search_terms(lexicon, "blue sky")
    ]
    assert search_terms(lexicon, "no such thing at all") == []
