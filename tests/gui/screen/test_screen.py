"""What a screen makes anew, and what not: plots are painted once a frame, and a view outlives its options."""

from collections import Counter

import pytest
from PySide6.QtWidgets import QApplication

from gui.plots.panel import Panel
from tests.gui.bench import Desk


@pytest.mark.parametrize("name", ["entropy.fit", "gradients.dying_relu"])
def test_a_step_is_painted_once_in_every_plot(name, on_screen, monkeypatch):
    painted, paint = Counter(), Panel.paintEvent

    def counted(panel, event):
        painted[panel] += 1
        paint(panel, event)

    monkeypatch.setattr(Panel, "paintEvent", counted)
    screen = on_screen(name, goal=9, notes=False)
    screen.playback.seek(3)
    screen.tick(1.0)
    screen.view.catch_up()
    QApplication.processEvents()
    painted.clear()
    screen.playback.seek(4)
    screen.tick(1.0)
    at_once = dict(painted)
    QApplication.processEvents()
    assert set(at_once.values()) == {1}
    assert len(at_once) > 2
    assert painted == at_once


def test_how_one_looks_is_taken_back_in_the_same_view(on_screen):
    screen = on_screen("entropy.fit", goal=9, notes=False)
    desk, view, before = Desk(screen), screen.view, screen.view.options
    view.set_option(log=True)
    desk.rest()
    desk.undo_all()
    screen.tick(0.0)
    assert screen.view is view
    assert view.at.options == view.options == before
    desk.history.redo()
    screen.tick(0.0)
    assert screen.view is view
    assert view.at.options.log


def test_what_a_plot_keeps_itself_comes_back_in_another_view(on_screen):
    screen = on_screen("optimizers.race", goal=9, notes=False)
    desk, view = Desk(screen), screen.view
    view.set_option(camera=(10.0, *view.options.camera[1:]))
    desk.rest()
    desk.undo_all()
    assert screen.view is not view
    assert screen.view.options == type(view.options)()
