"""Whatever can be clicked or dragged in a plot does something that is seen, and is taken back.

Cells of tables and matrices, boxes of diagrams, digits, points of a path, bars and their locks, handles, the
places of a curve one may jump to: none is named here. What a plot can tell is felt with the mouse
(`tests.gui.pressing`), in every scene and in every layout of the view, until all of it has been reached.
"""

from math import inf

import pytest
from msgspec import to_builtins
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from gui.plots.bars import BarsPanel
from gui.plots.panel import Panel
from gui.plots.pixel_map import PixelMapPanel
from gui.screen.view import view_type
from tests.gui.bench import STEP, Bench, left, untidy
from tests.gui.form.test_seeds import variants
from tests.gui.pressing import Found, Gesture, felt, heard
from tests.gui.test_every_control import BEGIN

# Experiments that are felt, of every kind of plot; what is dragged in the others, test_every_plot holds
HELD = (
    "entropy.two_distributions",
    "entropy.fit",
    "entropy.gaussian_fit",
    "losses.curves",
    "losses.softmax",
    "losses.classifier",
    "optimizers.race",
    "optimizers.convergence",
    "optimizers.batches",
    "optimizers.sparse",
    "optimizers.maps",
    "optimizers.landscape",
    "lstm.cell",
    "lstm.memory",
    "gradients.deep_network",
    "gradients.dying_relu",
    "gradients.clipping",
)
# Options that show a plot only together
TOGETHER = {"optimizers.race": {"layout": "rates", "second": True, "racer": 1}}
# Settings to begin with: a race is over sooner, for it is run anew at every look, from many starts and at
# many rates too
SHORT = BEGIN | {"optimizers.race": ({"steps": 60}, inf)}
TRIES = 3  # of the places of one thing
WAYS = QPoint(28, 17), QPoint(-28, -17)
PLAIN = (Qt.CursorShape.ArrowCursor, Qt.CursorShape.CrossCursor)


def panels_of(screen):
    """The plots of a view, by the order in which it fills them; those that others fill come last."""
    filled = [fill.widget for fill in screen.view.fills.every if isinstance(fill.widget, Panel)]
    return dict(enumerate(dict.fromkeys([*filled, *screen.view.findChildren(Panel)])))


class Hand:
    """Feels all plots of an experiment, and presses what it has found."""

    def __init__(self, bench):
        self.bench, self.screen, self.playback = bench, bench.on_screen, bench.playback
        self.told = self.formulas()
        self.left = {(k, name) for k, panel in panels_of(self.screen).items() for name in heard(panel)}
        self.known = set()  # plots that have been felt
        self.shapes = set()  # (panel, shape of the pointer) that have been dragged

    def feel(self):
        """What of the plots on show can be done that has not been done yet, by the name of the plot."""
        found = {}
        for k, panel in panels_of(self.screen).items():
            wanted = [name for plot, name in sorted(self.left) if plot == k]
            if wanted and panel.isVisible():
                found[k] = felt(panel, wanted, k in self.known)
                self.known.add(k)
        return {k: one for k, one in found.items() if any(one.told.values()) or self.strange(k, one)}

    def strange(self, k, found: Found):
        """Shapes of the pointer over a plot that say that something can be dragged."""
        return [shape for shape in found.shapes if shape not in PLAIN and (k, shape) not in self.shapes]

    def faults(self):
        """Press all that is found on the plots on show; gives what is wrong."""
        found = self.feel()
        if found:  # what was felt may have left something chosen
            self.screen.renew_view()
            self.bench.picture = self.bench.looked_twice()
        for k, one in found.items():
            for name, told in one.told.items():
                if told:
                    self.left.discard((k, name))
                    yield from self.pressed(k, name, list(told.values()))
            for shape in self.strange(k, one):
                self.shapes.add((k, shape))
                yield from self.pressed(k, shape, [Gesture(one.shapes[shape], way=way) for way in WAYS])

    def pressed(self, k, name, gestures):
        """What is wrong with one thing that a plot tells: told by one gesture after another until one of
        them is an answer, as what is chosen already is chosen once more by the first."""
        playhead, stop, answer = self.playback.playhead, self.bench.step, ""
        for step in (playhead, 1.0):  # a point of a path may be of the step that is on show
            self.go_to(step, step)
            there = self.playback.playhead
            for gesture in apart(gestures):
                gesture.do(panels_of(self.screen)[k])
                hand = not isinstance(panels_of(self.screen)[k], PixelMapPanel)  # pixels are its tidy places
                answer = self.answer(k, there, dragged=hand and not gesture.way.isNull())
                if answer != "does nothing":
                    break
            if answer != "does nothing":
                break
        self.go_to(playhead, stop)
        if answer:
            yield panels_of(self.screen)[k].title, name, answer, gestures[0].place.toTuple()

    def go_to(self, step, stop):
        """Be at a step, and look there from now on, where the picture `stop`s."""
        if step != self.playback.playhead:
            self.bench.step = stop
            self.playback.seek(int(step))
            self.bench.picture = self.bench.look()
        self.told = self.formulas()

    def answer(self, k, playhead, dragged):
        """What is wrong with what a plot answers; what was done is taken back."""
        bench = self.bench
        left(panels_of(self.screen)[k])
        QApplication.processEvents()
        if bench.changed():
            wrong = [one for one in bench.complaints() if one not in bench.said] or self.unseen()
            if dragged:
                wrong = wrong or untidy(bench.start.config, self.playback.config)
            if not bench.back():
                return "is not taken back"
            if self.playback.playhead != playhead:  # time is not taken back: who goes somewhere stays there
                self.playback.seek(int(playhead))
            return wrong or ("" if bench.shows_again() else "its picture does not come back")
        if self.playback.playhead != playhead:  # that the picture follows it, the transport shows
            self.playback.seek(int(playhead))
            return ""
        before, bench.picture = bench.picture, bench.look()
        return "" if before.pixels != bench.picture.pixels else "does nothing"  # marked in the plot itself

    def unseen(self):
        """Whether what was done is seen neither in the plots nor in the formulas of the notes."""
        seen = self.bench.look().pixels != self.bench.picture.pixels or self.formulas() != self.told
        return "" if seen else "is not seen"

    def formulas(self):
        return str(self.screen.view.formulas(self.screen.moment()))

    def scenes(self):
        """Go through the scenes and the layouts of an experiment, as long as there is something to find."""
        config, options = self.playback.config, view_type(self.playback.experiment.name).options_type()
        yield
        together = TOGETHER.get(self.playback.experiment.name)
        for other in [*list(variants(options))[1:], *([replaced(options, **together)] if together else [])]:
            if self.left:
                self.playback.options = to_builtins(other)
                self.screen.follow_options()
                self.settle(config)
                yield
        for other in list(variants(config))[1:]:
            if self.left:
                self.playback.options = to_builtins(options)
                self.screen.follow_options()
                self.settle(other)
                yield

    def settle(self, config):
        """Look at a scene."""
        self.playback.edit(config)
        self.bench.begin(config, look=True)


def apart(gestures):
    """A few of many, that are not next to each other: next to each other they may mean the same."""
    places = (k * (len(gestures) - 1) // (TRIES - 1) for k in range(TRIES))
    return [gestures[place] for place in dict.fromkeys(places)]


@pytest.fixture
def hand(on_screen):
    """Make a hand for an experiment."""

    def make(name):
        settings, step = SHORT.get(name, ({}, STEP))
        cheap = EXPERIMENTS[name].is_cheap(EXPERIMENTS[name].config_type())
        goal = inf if cheap else step
        return Hand(Bench(on_screen(name, goal=goal, size=(1280, 900), notes=False, **settings), step))

    double = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(0)
    yield make
    QApplication.setDoubleClickInterval(double)


@pytest.mark.parametrize("name", HELD)
def test_all_that_is_pressed_in_a_plot_does_something_and_is_taken_back(name, hand):
    one = hand(name)
    wrong = [fault for _ in one.scenes() for fault in one.faults()]
    assert not wrong, "\n".join(map(str, wrong))
    assert not one.left, "cannot be reached"


def test_the_gate_finds_a_click_that_leads_nowhere(hand, monkeypatch):
    monkeypatch.setattr(view_type("losses.curves"), "set_option", lambda *_, **__: None)
    one = hand("losses.curves")
    one.left = {(k, name) for k, name in one.left if name == "selected"}
    assert [fault[2] for fault in one.faults() if fault[1] == "selected"] == ["does nothing"]


def test_the_gate_takes_no_panning_for_an_answer(hand, monkeypatch):
    monkeypatch.setattr(BarsPanel, "_grab", lambda *_: False)  # though the pointer says it can be dragged
    one = hand("entropy.fit")
    found = [fault for fault in one.faults() if fault[1] == Qt.CursorShape.SizeVerCursor]
    assert [fault[2] for fault in found] == ["does nothing"]


def test_the_gate_finds_what_cannot_be_reached(hand, monkeypatch):
    one = hand("entropy.fit")
    monkeypatch.setattr(type(one.screen.view.runs), "mousePressEvent", lambda *_: None)
    assert not [found for found in one.feel().values() if found.told.get("selected")]
