"""Tables before they are written."""

from __future__ import annotations

import pytest

from envterms.analysis.table import metadata_columns


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["year", "count"], ["year", "metadata_count"]),
        (["count", "metadata_count"], ["metadata_metadata_count", "metadata_count"]),
        (["metadata_count", "count"], ["metadata_count", "metadata_metadata_count"]),
    ],
)
def test_each_name_of_metadata_has_a_column_of_its_own(names: list[str], columns: list[str]) -> None:
    assert metadata_columns(["term", "count"], [dict.fromkeys(names)]) == dict(zip(names, columns, strict=True))
