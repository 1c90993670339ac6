"""What the matcher says about a place in a document."""

from __future__ import annotations

from dataclasses import dataclass

#: `form` of a Match, in the order of the output columns.
FORMS = ("literal", "alias", "pattern", "coordinated")

#: `status` of a Match. Only `counted` ones are occurrences; `nested` ones too when the user asks for `--nested all`.
STATUSES = ("counted", "nested", "overlapped", "rejected", "unresolved")


#: Kinds of noise inside a match that had to be mended so that it was found.
REPAIRS = ("reading", "script", "width", "space", "invisible", "symbol", "markup", "escape")


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a form of a term stands.

    `parts` are half-open spans of code points in Document.text, several for a coordinated match (蓝天、碧水、净土保卫战).
    `surface` is the document from the start of the first part to the end of the last. `written` is the form of the lexicon.
    `reason` says why a match is not counted, or which rule decided that it is. Of a match of a pattern, `term` is the name that was
    matched and `pattern` the id of the pattern. `verb` is the verb in front of a counted campaign, slogan or goal (深入打好), normalized.
    `value` is the number behind a counted indicator (优良天数比例达|87.5%), normalized.
    `repairs` are the kinds of noise that had to be mended inside the match, of REPAIRS or `quote`, which is none.
    """

    term: str
    form: str
    written: str
    parts: tuple[tuple[int, int], ...]
    surface: str
    status: str = "counted"
    reason: str = ""
    pattern: str = ""
    verb: str = ""
    repairs: tuple[str, ...] = ()
    value: str = ""

    @property
    def start(self) -> int:
        """The offset of the first character."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.parts[-1][1]
