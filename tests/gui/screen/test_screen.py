"""What a screen makes anew, and what not: plots are painted once a frame, and a view outlives its options."""

import sys
from collections import Counter
from functools import partial
from math import inf

import pytest
from PySide6.QtWidgets import QApplication

from engine.config import replaced
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


def test_what_raises_in_a_fill_and_in_a_formula_is_told_and_the_rest_follows_the_step(on_screen, monkeypatch):
    screen, told = on_screen("gradients.dying_relu", goal=9), []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(str(error)))

    def broken(what):
        def fail(*_):
            raise ValueError(what)

        return fail

    filled = Counter()
    fills = [fill for fill in screen.view.fills.every if fill.widget is not None]
    for fill in fills:
        monkeypatch.setattr(fill, "function", partial(counting, filled, fill.widget, fill.function))
    monkeypatch.setattr(fills[0], "function", broken("fill"))  # the first: the sentence over the plots
    monkeypatch.setattr(screen.view, "formulas", broken("formula"))
    screen.show_notes(True)
    for step in (3, 4):
        filled.clear()
        screen.playback.seek(step)
        screen.tick(1.0)
        screen.tick(1.0)
        assert {"fill", "formula"} <= set(told)
        assert len(filled) > 2
        assert screen.transport.status.text().startswith(f"step {step} ")
        told.clear()


def counting(filled, widget, function, *arguments):
    """Call a function that fills a widget, and count it."""
    filled[widget] += 1
    function(*arguments)


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


def test_at_full_speed_a_new_moment_and_a_slow_plot_have_a_tick_each(on_screen, monkeypatch):
    screen = on_screen("gradients.dying_relu", goal=3, notes=False)
    drawn, turns = [], screen.view.fills.take_turns
    draw = screen.draw

    def take_turns(seconds, at_least_one):
        before = [fill.since for fill in screen.view.fills.every]
        enough = turns(seconds, at_least_one)
        if before != [fill.since for fill in screen.view.fills.every]:
            drawn.append("a plot")
        return enough

    monkeypatch.setattr(screen, "draw", lambda: (drawn.append("the moment"), draw()))
    monkeypatch.setattr(screen.view.fills, "take_turns", take_turns)
    monkeypatch.setattr("gui.screen.screen.FRAME", 0.0)
    monkeypatch.setattr("gui.screen.screen.SHARE", 0.0)
    screen.playback.set_speed(inf)
    screen.playback.play()
    ticks = []
    for _ in range(9):
        drawn.clear()
        screen.playback.runner.drive(screen.playback.runner.recording.last + 1)
        screen.tick(0.016)
        ticks.append(tuple(drawn))
    assert set(filter(None, ticks)) == {("the moment",), ("a plot",)}, "never both"


def test_formulas_follow_a_drag_in_which_each_picture_is_of_another_run(on_screen, monkeypatch):
    screen = on_screen("losses.neuron", size=(1500, 760))
    playback, told = screen.playback, []
    show = screen.speech.show
    monkeypatch.setattr(screen.speech, "show", lambda live, *rest: (told.append(live), show(live, *rest)))
    playback.seek(0)
    for k in range(1, 6):
        playback.play()
        playback.edit(replaced(playback.config, learning_rate=0.1 + k / 100))
        playback.tick(0.0)
        playback.runner.drive(inf)
        assert playback.playing
        screen.tick(0.2)
        assert len(told) == k - 1, "from the second picture on: a tenth of a second has passed"


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
