"""Experiments on a screen without the rest of a window; windows; and questions that are answered."""

from contextlib import contextmanager

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from gui.app import window as window_module
from gui.app.overrides import guard_overrides
from gui.app.threads import threads
from gui.app.window import Window
from gui.look.fold import open_folds
from gui.look.preferences import Preferences
from gui.look.style import dress, style_sheet
from gui.look.theme import DARK, LIGHT
from gui.look.typesetter import typeset_svg as _typeset_svg  # noqa: F401
from gui.plots.panel import Panel
from gui.plots.zoom import ZoomPanel
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.screen import Screen

# The typesetter comes here: first in a thread of its own, the warnings of its font would be heard as errors.
guard_overrides()  # as the program does at its start
SHEETS = style_sheet(LIGHT), style_sheet(DARK)  # of windows in their ordinary size
QUICK = "optimizers.convergence"  # a page that has steps and is made soon


@pytest.fixture(autouse=True)
def _dressed(request):
    """Widgets have the rules and the letters of a window, whichever tests have run before.

    Colours may be those of the other theme: they move nothing, and to change them takes long.
    """
    if {"qapp", "qtbot", "page", "shown"} & set(request.fixturenames):
        application = request.getfixturevalue("qapp")
        if application.styleSheet() not in SHEETS:
            dress(application, LIGHT)


@pytest.fixture
def engine(qapp):
    """The engine's thread."""
    engine = EngineThread()
    engine.start()
    yield engine
    assert engine.close()
    assert engine.isFinished()


@contextmanager
def unpainted(widget):
    """While it comes to be seen, a widget is not painted: it is as a test leaves it, if not before."""
    widget.setUpdatesEnabled(False)
    yield
    widget.setUpdatesEnabled(True)


def screen_of(name, goal=float("inf"), theme=LIGHT, size=(1000, 700), notes=True, **settings):
    """A screen whose run is computed up to a step (to its end unless given).

    Without its notes it is made sooner: they are typeset.
    """
    playback = Playback(EXPERIMENTS[name], EngineThread(), 60.0)
    playback.edit(replaced(playback.config, **settings))
    playback.tick(0.0)
    playback.runner.drive(goal)
    playback.playhead = float(playback.runner.recording.last)
    playback.tick(0.0)
    screen = Screen(playback, theme, "en")
    if not notes:
        screen.show_notes(False)
    screen.resize(*size)
    return screen


@pytest.fixture
def on_screen(qtbot):
    """Make a screen (`screen_of`), and show it."""
    made = []

    def make(name, *rest, **settings):
        screen = screen_of(name, *rest, **settings)
        with unpainted(screen), qtbot.waitExposed(screen):
            screen.show()
        screen.tick(0.0)
        made.append(screen)
        return screen

    yield make
    for screen in made:
        screen.close()
        screen.deleteLater()


@pytest.fixture(scope="module")
def lent_screens(qapp):
    """Screens that the tests of a module have left as they found them."""
    kept = {}
    yield kept
    for screen in kept.values():
        screen.close()
        screen.deleteLater()


@pytest.fixture
def lent(qtbot, lent_screens):
    """Lend a screen (`screen_of`) to the tests of a module, as long as each leaves it as it was."""
    out = []

    def lend(name, *rest, **settings):
        key = repr((name, rest, settings))
        screen = lent_screens.pop(key, None) or screen_of(name, *rest, **settings)
        with unpainted(screen), qtbot.waitExposed(screen):
            screen.show()
        screen.activateWindow()
        screen.tick(0.0)
        out.append((key, screen, as_it_is(screen)))
        return screen

    yield lend
    for key, screen, before in out:
        if screen.focusWidget() is not None:
            screen.focusWidget().clearFocus()
        QApplication.processEvents()
        if as_it_is(screen) == before:
            screen.hide()
            lent_screens[key] = screen
        else:
            screen.close()
            screen.deleteLater()


def as_it_is(screen):
    """What a test could leave otherwise: settings, step, how one looks, what is folded, lit or moving."""
    playback, panels = screen.playback, screen.view.findChildren(Panel)
    return (
        playback.state(),
        playback.playhead,
        playback.playing,
        playback.speed,
        len(playback.pins),
        screen.calm,
        screen.theme,
        id(screen.view),
        screen.view.options,
        screen.enlarged,
        open_folds(screen),
        [(panel.isVisible(), panel.lit, panel._hovered, panel.share) for panel in panels],
        [panel.ranges for panel in panels if isinstance(panel, ZoomPanel)],
        screen.splitter.sizes(),
    )


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
    found.language, found.theme, found.motion = "en", "light", "less"
    return found


@pytest.fixture
def make(qtbot, preferences, tmp_path, monkeypatch, request):
    """Make a window. It opens on a page that is made soon, or on that of the mark `opens_on`."""
    mark, made = request.node.get_closest_marker("opens_on"), []
    monkeypatch.setattr(window_module, "FIRST", mark.args[0] if mark else QUICK)

    def make(wide=1280):
        window = Window(preferences, tmp_path / "kept")
        window.resize(wide, 720)
        window.clock.start()
        with unpainted(window), qtbot.waitExposed(window):
            window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        window.documents.current = window.documents.on_file = window.session()  # nothing to ask about
        window.close()
        window.deleteLater()
    threads().finish()


@pytest.fixture
def window(make, qtbot):
    window = make()
    qtbot.waitUntil(lambda: window.playback.shown is not None)
    return window
