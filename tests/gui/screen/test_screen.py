"""What a screen makes anew, and what not: plots are painted once a frame, and a view outlives its options."""

from collections import Counter
from math import inf

import pytest
from PySide6.QtWidgets import QApplication

from gui.plots.curves import CurvesPanel
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


def test_a_run_at_full_speed_is_painted_in_turns_and_whole_once_it_stands(on_screen, monkeypatch):
    screen = on_screen("gradients.dying_relu", goal=3, notes=False)
    playback, painted, paint = screen.playback, Counter(), Panel.paintEvent

    def counted(panel, event):
        painted[panel] += 1
        paint(panel, event)

    def advance():
        playback.runner.drive(playback.runner.recording.last + 1)
        painted.clear()
        screen.tick(1.0)
        return set(painted)

    monkeypatch.setattr(Panel, "paintEvent", counted)
    monkeypatch.setattr("gui.screen.screen.FRAME", 0.0)
    playback.set_speed(inf)
    playback.play()
    advance()
    QApplication.processEvents()
    turns = [advance() for _ in range(24)]
    assert max(map(len, turns)) == 1
    assert set.union(*turns) == set(screen.view.panels()), "each has its turn"
    playback.pause()
    assert len(advance()) > 1
    curves = [panel for panel in screen.view.panels() if isinstance(panel, CurvesPanel)]
    assert {panel.playhead.step for panel in curves} == {playback.step}


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
