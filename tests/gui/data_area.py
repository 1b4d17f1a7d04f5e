"""How much of a small window is the hero's data: what is inside its axes, or drawn under its title.

Every page is measured by `test_every_plot`, which has it open.
"""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from gui.plots.panel import Panel
from gui.plots.plot_panel import PlotPanel
from gui.screen.hero import WithHero
from gui.screen.view import View

WINDOW, PAGE = (1280, 720), (1280, 634)  # the smallest window, and what it leaves a page
LEAST = 0.25  # of the window
FAR = 24  # of 255, from which on a colour is not that of the paper


def heroes(view: View) -> list[Panel]:
    """The plots that are the hero of a page: those of them that are seen."""
    hero = view.findChild(WithHero).hero
    found = [hero] if isinstance(hero, Panel) else hero.findChildren(Panel)
    return [panel for panel in found if panel.isVisible()]


def data_share(view: View) -> float:
    """The share of the smallest window that the data of the hero take."""
    area = sum(one.width() * one.height() for one in map(data_of, heroes(view)))
    return area / (WINDOW[0] * WINDOW[1])


def data_of(panel: Panel) -> QRectF:
    """The plane between the axes of a plot; of what has none, all that is drawn under the title."""
    return panel.axes().plane.rect if isinstance(panel, PlotPanel) else _drawn(panel)


def _drawn(panel: Panel) -> QRectF:
    picture = panel.grab(panel.content.toAlignedRect()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4)
    paper = QColor(panel.theme.plot)
    far = np.abs(rows[:, :, 2::-1].astype(int) - (paper.red(), paper.green(), paper.blue())).max(axis=2) > FAR
    down, across = far.any(axis=1).nonzero()[0], far.any(axis=0).nonzero()[0]
    if not down.size:
        return QRectF()
    return QRectF(across[0], down[0], across[-1] - across[0] + 1, down[-1] - down[0] + 1)
