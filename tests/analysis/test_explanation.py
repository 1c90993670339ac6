"""The library function `explain`."""

from __future__ import annotations

import pytest

from envterms import Document, UnknownName, explain
from envterms.lexicon import Lexicon


def test_every_candidate_has_a_status_and_a_reason(lexicon: Lexicon) -> None:
    text = "学习习近平生态文明思想，蓝天、碧水、净土保卫战。遏制两高冲动。"
    frame = explain(Document("d", text), lexicon)
    assert [text[start:end] for start, end in zip(frame.start, frame.end, strict=True)] == frame.surface.tolist()
    assert frame.reason.astype(bool).all()
    told = frame.set_index("term")
    assert told.loc["习近平生态文明思想", ["status", "reason"]].tolist() == ["counted", "longest form here"]
    assert told.loc["生态文明", ["status", "reason"]].tolist() == ["nested", "inside 习近平生态文明思想"]
    assert told.loc["蓝天保卫战", ["status", "form", "parts"]].tolist() == [
        "counted",
        "coordinated",
        [[12, 14], [20, 23]],
    ]
    assert told.loc["两高", "status"] == "unresolved"


def test_a_form_that_counts_for_another_term_is_found_by_both(lexicon: Lexicon) -> None:
    document = Document("d", "“三北”工程要打好三大标志性战役")
    by_term = explain(document, lexicon, terms=["三北三大标志性战役"])
    assert by_term.reason.str.contains("sentence 三北").any()


def test_what_stands_in_furniture_is_told(lexicon: Lexicon) -> None:
    article = "当前位置:首页 > 蓝天保卫战 > 正文\n全市打好碧水保卫战，持续改善水环境质量，建设美丽河湖，让群众满意。\n"
    frame = explain(Document("d", article), lexicon).set_index("term")
    assert frame.loc["蓝天保卫战", ["status", "line", "start"]].tolist() == ["furniture", 1, article.index("蓝天")]
    assert frame.loc["碧水保卫战", "status"] == "counted"
    assert "furniture" not in set(explain(Document("d", article), lexicon, keep_furniture=True).status)


def test_it_can_be_restricted(lexicon: Lexicon) -> None:
    document = Document("d", "蓝天保卫战\n碧水保卫战")
    assert explain(document, lexicon, line=2).term.tolist() == ["碧水保卫战"]
    assert explain(document, lexicon, status="rejected").empty
    with pytest.raises(UnknownName, match="unknown status 'count'; did you mean"):
        explain(document, lexicon, status="count")
