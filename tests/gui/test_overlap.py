"""On no page does a name lie over a curve, a marker or another name; none is cut, too small or too faint.

Every experiment is looked at in the middle of its run, at the smallest window (by `test_every_plot`, which
has it open), and a few in Chinese. What is left as it is stands in a table, with the reason. The reader of
`words_seen` finds what is planted here.
"""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.look.language import install
from gui.look.theme import DARK, LIGHT
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.painting import LEFT, put_text
from gui.plots.panel import Panel
from gui.plots.part import Layer
from tests.gui.words_seen import faults

STEPS = 24  # that are computed
SMALLEST = 60  # pixels of a panel, below which there is no plot
CHINESE = ("optimizers.race", "optimizers.newton", "gradients.clipping", "losses.softmax")
LEFT_AS_IT_IS = {  # experiment: (a part of the fault, why)
    "lstm.train": (
        ("cut: '…'", "the sign that a text goes on is a character of what is shown"),
        ("over a name: ", "letters of a text stand as near to each other as their own widths"),
    ),
}


def looked_at(screen):
    """The faults of all plots of a page, in the middle of its run."""
    playback = screen.playback
    playback.seek(playback.runner.last_step // 2)
    playback.tick(0.0)
    screen.tick(0.0)
    screen.view.catch_up()
    QApplication.processEvents()
    panels = [
        panel
        for panel in screen.view.findChildren(Panel)
        if panel.isVisible() and min(panel.width(), panel.height()) > SMALLEST
    ]
    assert panels
    return [f"{panel.title}: {fault}" for panel in panels for fault in faults(panel)]


def remaining(name, found):
    known = [start for start, _ in LEFT_AS_IT_IS.get(name, ())]
    return [fault for fault in found if not any(start in fault for start in known)]


@pytest.mark.parametrize("name", CHINESE)
def test_words_are_beside_what_they_name_in_chinese_and_dark(name, on_screen, qapp):
    install(qapp, "zh_CN")
    try:
        screen = on_screen(name, goal=STEPS, size=(1280, 720), notes=False, theme=DARK)
        assert remaining(name, looked_at(screen)) == []
    finally:
        install(qapp, "en")


class Planted(CurvesPanel):
    """A plot of one curve across its middle, with words wherever they are planted."""

    def __init__(self):
        super().__init__("Planted", LIGHT)
        self.set_axes(("x", ""), ("y", ""), x_limits=(0, 1), y_limits=(0, 1))
        self.legend = "none"
        self.set_curves([Curve("a", "a", np.linspace(0, 1, 50), np.full(50, 0.5), LIGHT.stroke("p"))])
        self.words = []  # text, x and y as shares of the plot, colour, pixels, width
        self._planted = Layer(self._plant, 90.0, still=False)
        self._add_layer(self._planted)

    def _plant(self, painter, axes, live):
        rect = axes.plane.rect
        for text, x, y, colour, size, width in self.words:
            painter.setFont(self.theme.font(size))
            painter.setPen(QColor(colour))
            place = rect.topLeft() + QPointF(x * rect.width(), y * rect.height())
            put_text(painter, QRectF(place.x(), place.y() - 10, width, 20), LEFT, text)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([("over", 0.3, 0.5, LIGHT.text, 13, 100)], "over data: 'over'"),
        (
            [("one", 0.3, 0.2, LIGHT.text, 13, 100), ("two", 0.32, 0.2, LIGHT.text, 13, 100)],
            "over a name: 'one', 'two'",
        ),
        ([("much too long", 0.3, 0.2, LIGHT.text, 13, 40)], "cut: 'mu"),
        ([("outside", 1.0, 0.2, LIGHT.text, 13, 100)], "cut: 'outside'"),
        ([("tiny", 0.3, 0.2, LIGHT.text, 11, 100)], "small: 'tiny' has 11 px"),
        ([("pale", 0.3, 0.2, "#C98500", 13, 100)], "faint: 'pale' #c98500"),
        ([("well", 0.3, 0.2, LIGHT.text, 13, 100)], None),
    ],
)
def test_what_is_planted_is_found(shown_plot, words, fault):
    shown_plot.words = words
    found = faults(shown_plot)
    assert bool(found) == (fault is not None), found
    assert fault is None or found[0].startswith(fault)


@pytest.fixture
def shown_plot(qtbot):
    plot = Planted()
    plot.resize(400, 300)
    qtbot.addWidget(plot)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot
