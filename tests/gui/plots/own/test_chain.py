import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from gui.export.export import SAVERS
from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.own import chain
from gui.plots.own.chain import ChainColumn, ChainPanel, written_with
from tests.gui.plots.conftest import click, has_colour, mouse, painted
from tests.gui.themes import in_turn

BLUE = Stroke("#0072B2")
WRONG = np.array([False, True, False])


def panel(theme=LIGHT, **more):
    plot = ChainPanel("Chain", theme)
    plot.set_columns(
        [
            ChainColumn("z", "logits", np.array([2.0, 1.0, -1.0]), BLUE, signed=True),
            ChainColumn("p", "softmax", np.array([0.7, 0.25, 0.05]), BLUE, foot="Σ = 1.000"),
            ChainColumn("L", "loss", np.array([0.36]), BLUE),
            ChainColumn("g", "gradient", np.array([-0.3, 0.0, np.nan]), BLUE, wrong=WRONG),
        ],
        ["A", "B", "C"],
        ["exp, then divide", "−ln p", None],
        **more,
    )
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_wrong_cell_is_framed_in_red(qapp, theme):
    plot = panel(theme)
    assert has_colour(painted(plot), theme.error)
    plot.set_columns(plot.columns[:3], plot.rows, plot.arrows)
    assert not has_colour(painted(plot), theme.error)


def test_the_largest_number_has_the_deepest_colour(qapp):
    plot = panel()
    logits, probabilities = plot.columns[:2]
    lightness = [plot._colour(probabilities, row).lightness() for row in range(3)]
    assert lightness == sorted(lightness)
    assert lightness[0] < lightness[2]
    assert plot._colour(logits, 0).red() > plot._colour(logits, 0).blue()  # above 0: vermilion
    assert plot._colour(logits, 2).red() < plot._colour(logits, 2).blue()  # below 0: blue


@pytest.mark.parametrize(("size", "read"), [((640, 120), (True, True)), ((220, 260), (True, False))])
def test_a_number_that_has_no_room_leaves_the_others_to_be_read(qapp, size, read):
    plot = ChainPanel("Chain", LIGHT)
    grey = Stroke("#BBBBBB")
    column = ChainColumn("z", "", np.array([2.0, -1.2e-200, 1.0, 0.5]), grey, limit=1e300)
    plot.set_columns([column] * 4, ["A", "B", "C", "D"], [None] * 3)
    plot.resize(*size)
    pixels = painted(plot, *size)
    for row, seen in enumerate(read):
        spot = plot._lay_out(plot.content).cell(1, row).adjusted(2, 2, -2, -2).toRect()
        cell = pixels[spot.top() : spot.bottom(), spot.left() : spot.right()]
        assert (cell.max(axis=-1) < 90).any() == seen


def test_in_narrow_columns_a_single_digit_is_left_and_a_caption_is_whole(qapp, monkeypatch):
    plot = ChainPanel("Chain", LIGHT)
    columns = [
        ChainColumn("p", "softmax", np.array([0.6439, 0.2369, 0.0963, 0.0321]), BLUE),
        ChainColumn("ΔL/Δz", "numeric", np.array([-0.3561, 0.2369, 0.0963, 0.0321]), BLUE, signed=True),
    ]
    plot.set_columns(columns * 3, ["A", "B", "C", "D"])
    plot.resize(259, 185)
    layout = plot._lay_out(plot.content)
    written, px = plot._texts(layout)
    assert written[1] == ["−0.4", "0.2", "0.1", "0.03"]
    wide = QFontMetricsF(LIGHT.font(px)).horizontalAdvance
    assert all(wide(text) <= layout.width for way in written for text in way), "none is left out"
    whole = []
    monkeypatch.setattr(
        chain,
        "put_text",
        lambda painter, spot, where, text, *colour: whole.append((painter.fontMetrics(), spot, text)),
    )
    plot.grab()
    told = [(metrics, spot) for metrics, spot, text in whole if text in ("softmax", "numeric")]
    assert len(told) == 6
    assert all(metrics.horizontalAdvance("softmax") <= spot.width() + 1 for metrics, spot in told)


EXTREMES = [
    np.zeros(0),
    np.zeros(1),
    np.array([np.inf, -np.inf, np.nan]),
    np.array([1e300, -1e-300, 0.0]),
    np.linspace(-1000, 1000, 12),
]


@pytest.mark.parametrize(("values", "size", "theme"), in_turn(EXTREMES, [(640, 260), (1000, 640), (80, 60)]))
def test_extremes_are_drawn(qapp, values, size, theme):
    plot = panel(theme)
    column = ChainColumn(
        "x", "概率 of a long name that wraps", values, BLUE, True, values < 0, "Σ = 1 000 000 000"
    )
    plot.set_columns([column] * 7, ["a rather long name of a row"] * len(values), ["words"] * 6, highlight=1)
    painted(plot, *size)


@pytest.mark.parametrize("width", [320, 640, 1400])
def test_cells_do_not_overlap_and_stay_inside(qapp, width):
    plot = panel()
    plot.resize(width, 240)
    cells = [
        plot._lay_out(plot.content).cell(k, row)
        for k, column in enumerate(plot.columns)
        for row in range(len(column.values))
    ]
    titles = [plot._lay_out(plot.content).title(k) for k in range(len(plot.columns))]
    assert all(QRectF(plot.rect()).contains(place) for place in cells + titles)
    assert not any(a.intersects(b) for i, a in enumerate(cells) for b in cells[:i])


def test_a_single_number_stands_in_the_middle_of_its_column(qapp):
    plot = panel()
    assert plot._lay_out(plot.content).cell(2, 0).center().y() == pytest.approx(
        plot._lay_out(plot.content).cell(0, 1).center().y()
    )


def test_hover_and_choice(qtbot, shown):
    plot = shown(panel())
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", plot._lay_out(plot.content).cell(1, 2).center())
    assert heard.args == [(1, 2)]
    with qtbot.waitSignal(plot.selected) as heard:
        click(plot, plot._lay_out(plot.content).cell(1, 2).center())
    assert heard.args == [1, 2]
    with qtbot.waitSignal(plot.selected) as heard:
        qtbot.keyClick(plot, Qt.Key.Key_Right)  # to the column of one cell
    assert heard.args == [2, 0]
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", QPointF(1, 1))
    assert heard.args == [None]


def test_nothing_can_be_chosen_that_is_not_selectable(qtbot, shown):
    plot = shown(panel())
    plot.selectable = False
    with qtbot.assertNotEmitted(plot.selected):
        click(plot, plot._lay_out(plot.content).cell(0, 0).center())
        qtbot.keyClick(plot, Qt.Key.Key_Down)


def test_the_table_has_a_line_for_each_row(qapp):
    names, columns = zip(*panel().table(), strict=True)
    assert names == ("row", "z", "p", "L", "g")
    assert columns[0] == ["A", "B", "C"]
    assert list(columns[2]) == [0.7, 0.25, 0.05]
    assert columns[3][0] == 0.36
    assert np.isnan(columns[3][1:]).all()


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.26894, 4, "0.2689"),
        (0.26894, 2, "0.27"),
        (-1.25e-8, 3, "−1.25×10⁻⁸"),
        (0.0, 4, "0"),
        (-np.inf, 2, "−∞"),
        (np.nan, 4, "–"),
        (1000.0, 4, "1000"),
        (-12345.6, 2, "−12346"),
    ],
)
def test_numbers_are_written_with_so_many_digits(value, digits, text):
    assert written_with(value, digits) == text


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_it_is_exported_as_vectors(qapp, tmp_path, ending):
    path = tmp_path / f"chain.{ending}"
    SAVERS[ending](panel(), path, (480, 240))
    content = path.read_bytes()
    assert len(content) > 1000
    assert b"<image" not in content
    assert b"/Subtype /Image" not in content
