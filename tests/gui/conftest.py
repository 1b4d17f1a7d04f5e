"""Experiments on a tab, without the rest of a window."""

import pytest
from PySide6.QtWidgets import QWidget

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from gui.engine_thread import EngineThread
from gui.page import Page
from gui.tab import Tab
from gui.theme import LIGHT


@pytest.fixture
def on_tab(qtbot):
    """Make a tab whose run is computed up to a step (to its end unless given), and show it."""
    made = []

    def make(name, goal=float("inf"), theme=LIGHT, size=(1000, 700), **settings):
        page = Page(EXPERIMENTS[name], EngineThread(), 60.0)
        page.edit(replaced(page.config, **settings))
        page.tick(0.0)
        page.runner.drive(goal)
        page.playhead = float(page.runner.recording.last)
        page.tick(0.0)
        tab = Tab(page, theme, "en", QWidget())
        tab.resize(*size)
        with qtbot.waitExposed(tab):
            tab.show()
        tab.tick(0.0)
        made.append(tab)
        return tab

    yield make
    for tab in made:
        tab.close()
        tab.deleteLater()
