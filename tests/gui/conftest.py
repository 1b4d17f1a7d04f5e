"""Experiments on a tab without the rest of a window; windows; and questions that are answered."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from gui.engine_thread import EngineThread
from gui.overrides import guard_overrides
from gui.page import Page
from gui.preferences import Preferences
from gui.tab import Tab
from gui.theme import LIGHT
from gui.window import Window

guard_overrides()  # as the program does at its start


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


@pytest.fixture(autouse=True)
def _no_question_without_answer(monkeypatch):
    """A question that a test does not answer would wait for ever."""

    def unanswered(box):
        raise AssertionError(f"nobody answers: {box.text()}")

    monkeypatch.setattr(QMessageBox, "exec", unanswered)


@pytest.fixture
def answer(monkeypatch):
    """Answer what is asked from now on with a button; gives the list of the texts that are shown."""

    def give(*buttons):
        shown, left = [], list(buttons)

        def exec_(box):
            shown.append(box.text())
            return left.pop(0) if left else QMessageBox.StandardButton.Ok

        monkeypatch.setattr(QMessageBox, "exec", exec_)
        return shown

    return give


@pytest.fixture
def preferences(tmp_path):
    found = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    found.language, found.theme = "en", "light"
    return found


@pytest.fixture
def make(qtbot, preferences, tmp_path):
    made = []

    def make():
        window = Window(preferences, tmp_path / "kept")
        window.resize(1280, 720)
        window.start()
        with qtbot.waitExposed(window):
            window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        window.documents.on_file = window.session()
        window.close()
        window.deleteLater()


@pytest.fixture
def window(make, qtbot):
    window = make()
    qtbot.waitUntil(lambda: window.page.shown is not None)
    return window
