"""A comparison on a terminal: the main finding, what is more frequent on each side, what came and went, which forms shifted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from envterms.analysis.table import Table
from envterms.output.safety import printable
from envterms.output.terminal import BAR, Piece, Screen, print_table

if TYPE_CHECKING:
    from envterms.analysis.comparison import Comparison

_PARTS = {"target": "more in target", "shared": "shared", "reference": "more in reference"}
_LISTS = {"came": "n_target", "went": "n_reference"}


def print_comparison(comparison: Comparison, table: Table, out: Screen, top: int = 0, english: bool = False) -> None:
    """Prints `table`, the rows of the comparison that are wanted, in three parts with at most `top` rows each (0 for all).

    A star marks a difference that is significant after correction; between two single documents nothing is marked.
    """
    for name, side in (("target", comparison.target), ("reference", comparison.reference)):
        size = f"{side.documents:,} document{'s' * (side.documents != 1)}, {side.han:,} Han characters"
        occurrences = f"{side.occurrences:,} occurrence{'s' * (side.occurrences != 1)}"
        _say(out, f"{name:<9}  {printable(side.name)}  ({size}, {occurrences})")
    _say(out, f"\n{printable(comparison.summary())}\n")
    records: list[dict[str, Any]] = list(table.records())
    rate = next(name for name in table.columns if name.startswith("per_")).removesuffix("_target")
    sections: list[tuple[str, list[dict[str, Any]]]] = []
    left = 0
    for part, title in _PARTS.items():
        found = [row for row in records if row["part"] == part]
        if part == "shared":
            found.sort(key=lambda row: -(row["n_target"] + row["n_reference"]))
        elif part == "reference":
            found.reverse()  # what is most typical of the reference first
        sections.append((title, found[: top or None]))
        left += len(found) - len(sections[-1][1])
    if shown := [row for _, section in sections for row in section]:
        counts, rates = iter(_sides(shown, "n", ",")), iter(_sides(shown, rate, ",.2f"))
        columns = ("term", "english", "count", rate, "p_adj", "log_ratio", "interval")
        rows: list[tuple[object, ...]] = []
        for title, section in sections:
            rows += [(title, *[None] * len(columns[1:]))] if section else []
            rows += [
                (
                    f"  {row['term']}{_star(comparison, row)}", row["english"], next(counts), next(rates), _p(row["p_adj"]),
                    row["log_ratio"], f"{row['ci_low']:+.1f} … {row['ci_high']:+.1f}",
                )
                for row in section
            ]  # fmt: skip
        wanted = {"english": english, "p_adj": comparison.independent}
        print_table(
            Table(columns, rows).select([name for name in columns if wanted.get(name, True)]),
            out,
            bar="log_ratio",
            diverging=True,
            drop=(BAR, "english", "log_ratio", "p_adj", rate),
            more=f"… and {left:,} more rows (-n 0 shows all)" if left else "",
        )
        _say(out, (_how_to_read(comparison), "dim"))
    for part, number_of in _LISTS.items():
        found = sorted((row for row in records if row["part"] == part), key=lambda row: -row[number_of])
        _print_list(part, [f"{row['term']}{_star(comparison, row)} {row[number_of]}" for row in found], out, top)
    for title, shifts in (("forms that shifted", comparison.forms), ("verbs that shifted", comparison.verbs)):
        lines = [
            f"{row['reference']} {row['n_reference']} of {row['of_reference']} -> {row['target']} {row['n_target']} of {row['of_target']}"
            + (f" ({row['term']})" if row["term"] not in (row["reference"], row["target"]) else "")
            for row in shifts.records()
        ]
        _print_list(title, lines, out, top, "\n  ")


def _print_list(title: str, items: Sequence[str], out: Screen, top: int, between: str = "  ") -> None:
    if not items:
        return
    shown = items[: 2 * top or None]
    more = f"{between}… and {len(items) - len(shown):,} more" if len(shown) < len(items) else ""
    body = between.join(map(printable, shown))
    _say(out, "\n", (f"{title} ({len(items):,})", "bold"), between, body, (more, "dim"))


def _say(out: Screen, *pieces: Piece) -> None:
    out.say(*pieces, folds=out.is_terminal)


def _how_to_read(comparison: Comparison) -> str:
    """Why a row in a section of its own may have a large p_adj."""
    number, what = len(comparison.table.rows), "categories" if comparison.level == "category" else "terms"
    if not comparison.independent:
        return f"Sections and intervals take each row by itself, without correction for the {number:,} {what} compared."
    marked = f"* marks p_adj below {comparison.alpha:g}"
    return f"Sections and intervals take each row by itself, p_adj is adjusted for all {number:,} {what}; {marked}."


def _sides(rows: Sequence[dict[str, Any]], name: str, format: str) -> list[str]:
    """What a column holds for target and reference, aligned at the colon."""
    pairs = [[f"{row[f'{name}_{side}']:{format}}" for side in ("target", "reference")] for row in rows]
    left, right = (max((len(pair[side]) for pair in pairs), default=0) for side in (0, 1))
    return [f"{target:>{left}} : {reference:<{right}}" for target, reference in pairs]


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _star(comparison: Comparison, row: dict[str, Any]) -> str:
    return "*" * comparison.significant(row)
