"""The map of units tells which are dead by a cross, on the paper and in the table."""

import numpy as np
from PySide6.QtCore import QRectF

from gui.export.export import picture
from gui.look.theme import DARK, LIGHT
from gui.plots.units import UnitsPanel

SHARES = np.array([[0.0, 0.5, 1.0], [0.0, 0.0, 0.25]])
DEAD = np.array([[True, False, False], [True, True, False]])


def made(qtbot, theme=LIGHT):
    panel = UnitsPanel("units", theme)
    qtbot.addWidget(panel)
    panel.resize(400, 200)
    panel.set_units(SHARES, DEAD)
    return panel


def test_the_table_has_a_row_a_unit(qtbot):
    columns = dict(made(qtbot).table())
    assert columns["layer"].tolist() == [1, 1, 1, 2, 2, 2]
    assert columns["hidden unit"].tolist() == [1, 2, 3, 1, 2, 3]
    assert columns["fraction of examples"].tolist() == SHARES.ravel().tolist()
    assert columns["dead"].tolist() == DEAD.ravel().astype(int).tolist()


def test_only_dead_units_have_a_cross(qtbot):
    for theme in (LIGHT, DARK):
        panel = made(qtbot, theme)
        shot = panel.grab().toImage()
        grid = panel._grid(panel._content(QRectF(panel.rect())))
        for cell in np.ndindex(SHARES.shape):
            spot = panel._cell(grid, *cell)
            middle, beside = spot.center().toPoint(), (spot.topLeft() * 0.8 + spot.center() * 0.2).toPoint()
            crossed = shot.pixelColor(middle) != shot.pixelColor(beside)
            assert crossed == DEAD[cell]


def test_what_is_said_under_the_mouse(qtbot):
    panel = made(qtbot)
    assert panel._told((0, 0)).endswith("dead")
    assert panel._told((0, 1)) == "layer 1 · 2: 0.5000"


def test_an_empty_map_and_any_size_can_be_painted(qtbot):
    panel = made(qtbot)
    for size in ((160, 100), (1200, 300)):
        assert not picture(panel, size).isNull()
    panel.set_units(np.zeros((0, 0)), np.zeros((0, 0), bool))
    assert not picture(panel, (300, 200)).isNull()
    panel.set_units(np.zeros((6, 64)), np.ones((6, 64), bool))
    panel.grab()
