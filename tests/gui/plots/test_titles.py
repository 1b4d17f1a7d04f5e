"""Titles of plots that have no room: they lose their last clauses, not their last letters."""

import pytest
from PySide6.QtGui import QFont, QFontMetricsF

from gui.plots.painting import without_tail


@pytest.mark.parametrize(
    ("title", "clause"),
    [
        ("At this step · steps to f − f* ≤ 0.001", "At this step"),
        ("Gradient norm ‖g‖, before clipping", "Gradient norm ‖g‖"),
        ("Contours of f(x, y), and one step", "Contours of f(x, y)"),
        ("每次更新：死亡向上，复活向下", "每次更新：死亡向上"),
        ("Contours of f(x, y)", None),
    ],
)
def test_a_title_without_room_loses_whole_clauses(qapp, title, clause):
    metrics = QFontMetricsF(QFont())
    wide = metrics.horizontalAdvance
    assert without_tail(title, metrics, wide(title)) == title
    assert without_tail(title, metrics, wide(clause or title) - 5) != clause
    assert without_tail(title, metrics, wide(clause or title) + (5 if clause else -5)) == (clause or title)


def test_a_clause_with_a_colon_is_kept_or_lost_as_a_whole(qapp):
    metrics = QFontMetricsF(QFont())
    first = "Written after step 0"
    half = metrics.horizontalAdvance(f"{first} · grey")
    assert without_tail(f"{first} · grey: given", metrics, half + 5) == first
