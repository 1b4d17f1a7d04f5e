"""The kinds of cross-entropy on the screen: the table, one kind step by step, and what a setting leads to."""

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt

from engine.config import replaced
from engine.experiments.losses.cross_entropies import EXPERIMENT, CrossEntropiesConfig
from engine.losses.cross_entropies import CROSS_ENTROPIES
from gui.export.export import picture
from gui.look.language import install
from gui.look.theme import DARK, LECTURE_SCALE, LIGHT
from gui.views.losses.cross_entropies import CrossEntropiesView
from gui.views.losses.cross_entropies_options import FRAMEWORKS, KINDS, CrossEntropiesOptions
from gui.views.losses.cross_entropies_table import NAMES
from tests.gui.views.moments import recorded, told

run = partial(recorded, EXPERIMENT)
SENTENCES = {
    "binary": "Binary: is it A? Yes, and the sigmoid says 0.8808: L = −ln 0.8808 = 0.1269.",
    "categorical": "Categorical and sparse are one loss, L = 0.4493: only the label is written otherwise, and"
    " the gradient is p − y.",
    "multi_label": "Multi-label: 4 yes-or-no questions, L = 2.398 is the sum of their losses; the p sum to"
    " 2.406, not to 1.",
    "weighted": "Weighted: class A has the weight 3.000, so loss and gradient are 3.000 times as large:"
    " L = 1.348.",
    "focal": "Focal: the factor before the loss is 0.1310, so L = 0.05886 and not 0.4493; p − y counts 0.3385"
    " times.",
    "smoothing": "Label smoothing: class A shall have 0.9250 and not 1, so L = 0.5968 can fall to 0.3488, not"
    " to 0.",
}


VIEW, SIZE = CrossEntropiesView, (1000, 640)


@pytest.fixture
def seen(show_with):
    def with_edits(**settings):
        view = show_with(**settings)
        view.edits = []
        view.edited.connect(view.edits.append)
        return view

    return with_edits


def test_the_table_names_everything_for_every_kind_and_framework():
    assert [*KINDS] == [*CROSS_ENTROPIES]
    for framework in FRAMEWORKS:
        assert [*NAMES[framework]] == [*KINDS]


def test_the_table_has_the_numbers_of_the_example(seen):
    view = seen()
    cells = {row.name: [cell.live for cell in row.cells] for row in view.kinds.rows}
    # softmax of (2, 1, 0.1, −1) is (0.638, 0.235, 0.095, 0.032); the values are those of PyTorch
    assert cells["Categorical"][:4] == [
        "[1, 0, 0, 0]",
        "[0.64, 0.23, 0.10, 0.03]",
        "= 0.4493",
        "[−0.36, 0.23, 0.10, 0.03]",
    ]
    assert cells["Sparse categorical"][0] == "0"
    assert cells["Sparse categorical"][1:4] == cells["Categorical"][1:4]
    assert cells["Multi-label"][:3] == ["[1, 0, 1, 0]", "[0.88, 0.73, 0.52, 0.27]", "= 2.398"]
    assert cells["Weighted"][2:4] == ["= 1.348", "[−1.09, 0.70, 0.29, 0.10]"]
    assert cells["Label smoothing"][0] == "[0.925, 0.025, 0.025, 0.025]", "0.93 and 0.03 would sum to 1.02"


def test_names_and_numbers_for_pytorch_are_on_one_line_each(seen):
    """At the size that the table has in a window of 1280 x 720 pixels."""
    view = seen(size=(1040, 590))
    table, rect = view.kinds, view.kinds.content
    px, widths = table._size(rect), [spot.width() for spot in table._across(rect)]
    assert px >= 12
    for row in table.rows:
        for cell, wide in zip(row.cells[1:], widths[2:], strict=True):
            assert not cell.live or len(table._lines(cell.live, wide, px)) == 1, cell.live
        for cell, wide in zip(row.cells[2:], widths[3:], strict=True):
            assert table._lines(cell.words, wide, px) == [cell.words]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_in_a_lecture_all_rows_are_seen_without_the_names_of_programs(seen, qapp, language):
    """At the size of the page in a window of 1280 x 720 pixels; no name is broken within a word."""
    install(qapp, language)
    try:
        view = seen(theme=replace(LIGHT, scale=LECTURE_SCALE), size=(1280, 520))
        table, rect = view.kinds, view.kinds.content
        px, across = table._size(rect), table._across(rect)
        assert len(table._rows(rect)) == len(table.rows) == 7
        assert table.head[len(across) - 1] == "∂L/∂z"
        for row in table.rows:
            assert " ".join(table._lines(row.name, across[0].width(), px, bold=True)) == row.name
    finally:
        install(qapp, "en")


def test_no_name_is_broken_inside_a_word_in_a_window_of_1366_pixels(seen):
    view = seen(size=(777, 590))
    table, rect = view.kinds, view.kinds.content
    wide = table._across(rect)[0].width()
    for row in table.rows:
        lines = table._lines(row.name, wide, table._size(rect), True)
        assert " ".join(lines) == row.name


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_row_that_is_clicked_is_taken_apart(seen, qtbot, kind):
    view = seen()
    view.set_option(kind="sparse")
    spot = view.kinds._rows(view.kinds.content)[[*KINDS].index(kind)].center().toPoint()
    qtbot.mouseClick(view.kinds.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.options.kind == kind
    assert view.bar["kind"].currentData() == kind
    assert view.finding.text == SENTENCES[kind]
    columns = {column.title: column.values for column in view.steps.columns}
    assert columns["ΔL/Δz"] == pytest.approx(columns["∂L/∂z"], abs=1e-8)
    assert view.gradients.selection == ([*KINDS].index(kind), 0)
    checks = [live.check for live in told(view) if live.check is not None]
    assert [check.passed for check in checks] == [True]


def test_the_question_of_binary_is_whether_it_is_a(seen):
    view = seen(true_class=2)
    view.set_option(kind="binary")
    assert view.finding.text == (
        "Binary: is it A? No, and the sigmoid says 0.8808: L = −ln(1 − 0.8808) = 2.127."
    )


def test_logits_are_dragged(seen, qtbot):
    view, left = seen(), Qt.MouseButton.LeftButton
    axes, bars = view.logits.axes(), view.logits
    x = round(bars._slot(axes, 0, 1).center().x())

    def at(value):
        return QPoint(x, round(float(axes.plane.py(value))))

    qtbot.mousePress(bars.viewport(), left, pos=at(1.0))
    qtbot.mouseMove(bars.viewport(), at(2.0))
    qtbot.mouseMove(bars.viewport(), at(3.0))
    qtbot.mouseRelease(bars.viewport(), left, pos=at(3.0))
    assert view.edits[-1].logits[1] == pytest.approx(3.0, abs=0.1)
    assert view.edits[-1].logits[0] == 2.0


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("gamma", 1.0, "focal"),
        ("smoothing", 0.3, "smoothing"),
        ("weights", (1.0,), "weighted"),
        ("present", (0.0,), "multi_label"),
        ("true_class", 2, "categorical"),
    ],
)
def test_what_only_one_kind_asks_for_shows_that_kind(name, value, kind):
    options, before = CrossEntropiesOptions(), CrossEntropiesConfig()
    after = replaced(before, **{name: value})
    assert CrossEntropiesView.followed(options, before, after)[0].kind == kind


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_names_of_a_framework_stand_in_the_last_column(seen, qtbot, framework):
    view = seen()
    qtbot.mouseClick(view.bar["framework"][framework], Qt.MouseButton.LeftButton)
    assert view.kinds.head[-1] == FRAMEWORKS[framework]
    assert [row.cells[-1].words for row in view.kinds.rows] == [one.name for one in NAMES[framework].values()]


def test_in_a_low_window_the_table_is_alone(seen, qtbot):
    view = seen(size=(1000, 300))
    qtbot.waitUntil(lambda: view.panels() == [view.kinds])
    view.resize(1000, 640)
    qtbot.waitUntil(lambda: len(view.panels()) == 4)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_panel_can_be_exported_at_the_ends(seen, qapp, language):
    install(qapp, language)
    try:
        for changes, kind in (({"logits": (1e6, -1e6)}, "binary"), ({"logits": (0.0,) * 8}, "focal")):
            view = seen(theme=DARK, **changes)
            view.set_option(kind=kind)
            for panel in view.panels():
                assert len({len(column) for _, column in panel.table()}) == 1
                assert not picture(panel, (500, 320)).isNull()
    finally:
        install(qapp, "en")
