"""What a plot shows, in words."""

import numpy as np

from gui.look.theme import LIGHT, Stroke
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.described import described


def test_columns_are_told_from_where_to_where():
    columns = [("step", np.arange(501.0)), ("Adam", np.linspace(24.2, 0.5, 501)), ("class", ["0", "1", "0"])]
    assert described(columns) == "3 columns: step from 0.000 to 500.0; Adam from 24.20 to 0.5000; class 0"


def test_many_columns_are_counted_and_none_is_said():
    assert described([(f"c{k}", [k]) for k in range(11)]).endswith("; c7 7.000; and 3 more")
    assert described([]) == described([("step", [])]) == "No data yet"


def test_a_plot_that_takes_the_focus_tells_what_it_shows(qtbot):
    panel = CurvesPanel("Loss", LIGHT)
    qtbot.addWidget(panel)
    panel.set_curves([Curve("a", "training", np.arange(3.0), np.array([3.0, 2.0, 1.5]), Stroke("#0072B2"))])
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.setFocus()
    qtbot.waitUntil(panel.hasFocus)
    assert panel.accessibleName() == "Loss"
    assert panel.accessibleDescription() == "2 columns: x from 0.000 to 2.000; training from 3.000 to 1.500"
