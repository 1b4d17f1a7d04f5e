"""What is taken from the screen is gone at once, without the garbage collector.

A widget that holds itself by a detour (a plot that keeps a method of its view, a helper that keeps its
window) lives on as a Python object when Qt has deleted it. The collector frees it some time later, in the
middle of whatever happens to run; in the middle of a paint event, that ends the process.
"""

import gc
import weakref
from contextlib import contextmanager
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.changes import Change, is_live, live_fields
from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.optimizers.adam import Adam
from engine.optimizers.schedules import CosineDecay
from gui.app.window import Window
from gui.export.animation import Film, shoot
from gui.export.export_dialog import ExportDialog
from gui.export.stage import Stage
from gui.form.form import Form
from gui.form.schedule_curve import ScheduleCurve
from gui.look.preferences import Preferences
from gui.look.theme import LIGHT
from gui.plots.panel import Panel
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.screen import Screen
from tests.gui.bench import unfold


@contextmanager
def without_collector():
    """Only counted references end a life in here."""
    assert not gc.isenabled()  # the tests have it run between them alone
    yield


def watched(root):
    """A weak reference to a widget and all that belongs to it, with its type."""
    return [(type(part), weakref.ref(part)) for part in (root, *root.findChildren(QObject))]


def survivors(parts):
    """The types of those that are still there once Qt has deleted what was to be deleted."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {kind.__name__ for kind, part in parts if part() is not None}


def fork(playback):
    """Change whatever may change after the first step, so that there are a mark, a line and two branches."""
    playback.seek(1)
    path = next(path for path in live_fields(playback.config) if path.endswith("learning_rate"))
    changes = (Change(1, path, 0.0123),)
    playback.edit(replaced(playback.config, changes=changes), beside=True)
    playback.tick(0.0)
    playback.runner.drive(3.0)


def shown_screen(name, qtbot):
    """A screen at a late step of a run, with a pinned run, and with every plot painted and clicked into."""
    playback = Playback(EXPERIMENTS[name], EngineThread(), 60.0)
    playback.tick(0.0)
    playback.runner.drive(3.0)
    playback.playhead = float(playback.runner.recording.last)
    playback.pin()
    if is_live(playback.config):
        fork(playback)
    screen = Screen(playback, LIGHT, "en")
    screen.resize(1000, 700)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.tick(0.0)
    for panel in screen.view.panels():
        place = QPoint(panel.width() * 2 // 5, panel.height() // 2)
        QTest.mouseMove(panel, place)
        QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place)
        screen.menu_of(panel).deleteLater()
    playback.tick(0.0)
    playback.runner.drive(3.0)
    screen.tick(0.1)
    screen.repaint()
    return screen


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_tab_and_everything_in_it_dies_when_it_is_deleted(name, qtbot):
    with without_collector():
        screen = shown_screen(name, qtbot)
        parts = watched(screen)
        assert sum(issubclass(kind, Panel) for kind, _ in parts) >= len(screen.view.panels()) > 0
        screen.close()
        screen.deleteLater()
        del screen
        assert survivors(parts) == set()


@pytest.mark.parametrize(
    ("name", "settings", "gone"),
    [
        ("optimizers.race", {"racers": (Adam(),)}, lambda form: form.editor("racers").cards[1]),
        ("optimizers.race", {"racers": (Adam(),)}, lambda form: form.editor("racers").cards[0].parts[0]),
        ("optimizers.maps", {"optimizer": Adam()}, lambda form: form.editor("optimizer").rows),
    ],
)
def test_editors_that_make_way_for_others_die(name, settings, gone, qtbot):
    config = EXPERIMENTS[name].config_type()
    with without_collector():
        form = Form(config, LIGHT)
        with qtbot.waitExposed(form):
            form.show()
        parts = watched(gone(form))
        assert len(parts) > 3
        form.set_config(replaced(config, **settings))
        assert survivors(parts) == set()
        form.close()


def test_the_curve_of_a_schedule_dies_with_its_editor(qtbot):
    config = EXPERIMENTS["optimizers.batches"].config_type()
    with without_collector():
        form = Form(replaced(config, optimizer=Adam(schedule=CosineDecay())), LIGHT)
        with qtbot.waitExposed(form):
            form.show()
        unfold(form)
        parts = watched(form.found("optimizer.schedule"))
        assert ScheduleCurve in [kind for kind, _ in parts]
        form.set_config(config)
        assert survivors(parts) == set()
        form.close()


def test_a_window_dies_and_so_does_each_tab_that_it_has_left(qtbot, tmp_path):
    stored = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    stored.language, stored.theme = "en", "light"
    with without_collector():
        window = Window(stored, tmp_path / "kept")
        window.clock.start()
        with qtbot.waitExposed(window):
            window.show()
        for leave in (
            partial(window.show_experiment, "optimizers.maps"),
            partial(window.appearance.set_language, "zh_CN"),
            partial(window.appearance.set_language, "en"),
        ):
            parts = watched(window.on_screen)
            leave()
            assert survivors(parts) == set()
        parts = watched(window)
        window.documents.on_file = window.session()
        window.close()
        window.deleteLater()
        del window, leave
        assert survivors(parts) == set()


def test_an_export_dialog_and_the_view_it_films_die(qtbot, tmp_path):
    with without_collector():
        screen = shown_screen("optimizers.averages", qtbot)
        dialog = ExportDialog(screen, screen)
        dialog.open()
        stage = Stage(screen)
        for _ in shoot(stage, 0, tmp_path / "run.gif", Film(frames=2, width=160)):
            pass
        parts = [*watched(dialog), *watched(stage.view)]
        stage.close()
        dialog.close()
        dialog.deleteLater()
        del stage, dialog
        assert survivors(parts) == set()
        screen.close()
        screen.deleteLater()
