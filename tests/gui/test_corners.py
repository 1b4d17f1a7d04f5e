"""Every experiment at the corners of its ranges: start, middle and end are drawn, and nothing breaks.

A run may be refused with a sentence, diverge, or end early; no exception, no warning and no NaN may reach the
painter. Pinned runs join before they have begun. A few corners a run are tried, the same every time;

    NABLA_CORNERS=200 python -m pytest tests/gui/test_corners.py

tries all single corners of every experiment and 200 more by chance, and tells of frames that took the
processor more than half a second.
"""

import os
import sys
import traceback
import warnings
from contextlib import contextmanager
from math import inf, isfinite, nan
from random import Random
from time import process_time

import numpy as np
import pytest
from pyqtgraph.functions import ndarray_from_qpolygonf
from PySide6.QtCore import QLineF, QPointF, QRectF, qInstallMessageHandler
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QApplication

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.optimizers.batches_config import MOST_BATCH, TASKS
from engine.optimizers.line_search_methods import LBFGS, ConjugateGradient
from engine.runner import Finish, Runner
from gui.form.field import fields_of
from gui.look.theme import LIGHT
from gui.screen.engine_thread import EngineThread
from gui.screen.moment import Moment
from gui.screen.playback import KeptRun, Playback
from gui.screen.screen import Screen
from gui.screen.view import view_type
from tests.gui.corners import corners, corners_of, sampled

MORE = int(os.environ.get("NABLA_CORNERS", "0"))
PLATFORM = "This plugin does not support"  # what the offscreen platform says of every window
FEW = 2  # corners of each experiment in an ordinary run
LONG_ENOUGH = 0.15 if MORE else 0.02  # seconds of computing for a run
LATE = 0.5  # seconds of a picture that are too many
MANY = tuple((0.01 * k, 1e-3 * k * k) for k in range(60))
KNOWN = {  # places that were hard once, beside the corners
    "losses.neuron": [{"weight": 0.0, "bias": 0.0, "target": 0.5}],
    "losses.likelihood": [
        {"noise": "learned", "sigma": 0.01},
        {"noise": "learned", "start": (900.0, -900.0)},
        {"scene": "outlier", "delta": 1e-7, "points": MANY},
        {"degree": 5, "features": "raw", "start": (900.0, -900.0)},
    ],
    "gradients.clipping": [{"scene": "net", "learning_rate": 5e-324, "steps": 1}],
    "optimizers.batches": [{"batch_size": MOST_BATCH, "task": task} for task in TASKS],
    "optimizers.race": [
        {"racers": (LBFGS(), ConjugateGradient()), "surface": "expression", "expression": "x^4 + y^4"}
    ],
}
DRAWING = (
    "drawPath",
    "drawPolyline",
    "drawPolygon",
    "drawLine",
    "drawLines",
    "drawRect",
    "drawEllipse",
    "drawPoint",
    "drawPoints",
    "drawText",
    "fillRect",
    "drawImage",
    "translate",
    "drawPie",
    "drawArc",
    "drawConvexPolygon",
)


def whole(value):
    """A number that is finite if and only if all coordinates are in what is handed to a painter."""
    match value:
        case float():
            return value
        case QLineF():
            return value.dx() + value.dy()
        case QPointF():
            return value.x() + value.y()
        case QRectF():
            return value.x() + value.y() + value.width() + value.height()
        case QPolygonF():
            return 0.0 if np.isfinite(ndarray_from_qpolygonf(value)).all() else nan
        case list() | tuple():
            return sum(map(whole, value))
    return 0.0


@contextmanager
def watched(monkeypatch, said):
    """Whatever goes wrong meanwhile is put down in `said`: exceptions, warnings, Qt's messages, NaN."""

    def guarded(name, draw):
        def call(painter, *arguments):
            if not isfinite(whole(arguments)):
                said.append(
                    f"{name} is given a number that is none\n{''.join(traceback.format_stack(limit=6))}"
                )
            return draw(painter, *arguments)

        return call

    with monkeypatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in DRAWING:
            patch.setattr(QPainter, name, guarded(name, getattr(QPainter, name)))
        patch.setattr(
            sys, "excepthook", lambda *error: said.append("".join(traceback.format_exception(*error)))
        )
        before = qInstallMessageHandler(
            lambda kind, place, text: said.append(f"Qt: {text}") if PLATFORM not in text else None
        )
        try:
            yield
        except Exception:  # noqa: BLE001 (all of them are to be told, each with its config)
            said.append(traceback.format_exc())
        finally:
            qInstallMessageHandler(before)


def drive(runner):
    """Run to the end, or for a moment."""
    until = process_time() + LONG_ENOUGH
    runner.goal = float("inf")
    while runner.has_work and process_time() < until:
        runner.advance()
    if runner.finish is Finish.FAILED and runner.problem.sentence == "{kind}: {reason}":
        raise AssertionError(f"the run broke: {runner.problem}")


class Looker:
    """A screen of one experiment, on which configs are tried one after another."""

    def __init__(self, name, qtbot):
        self.playback = Playback(EXPERIMENTS[name], EngineThread(), 60.0)
        self.on_screen = Screen(self.playback, LIGHT, "en")
        self.on_screen.notes.show_markdown("")  # what they explain is the same of all settings
        self.times = []
        qtbot.addWidget(self.on_screen)
        self.on_screen.resize(1000, 700)
        with qtbot.waitExposed(self.on_screen):
            self.on_screen.show()

    def shown(self, step):
        """Draw a step, as the window does sixty times a second, and what follows in its time."""
        since = process_time()
        self.playback.playhead = float(step)
        self.on_screen.tick(1.0)
        self.on_screen.view.catch_up()
        drawn = process_time()
        if MORE:
            self.on_screen.grab()  # all of it is painted anew
        QApplication.processEvents()
        self.times.append((drawn - since, process_time() - drawn))

    def late_pictures(self, config):
        """How many of the pictures of a config took too long; told at once, as a long run may be given up."""
        late = [times for times in self.times if max(times) > LATE]
        self.times.clear()
        for frame, paint in late if MORE else ():
            print(f"frame {frame:.2f} s, all painted anew {paint:.2f} s: {config}", flush=True)
        return len(late)

    def tried(self, config, options):
        """Start, middle and end; meanwhile the pinned runs begin."""
        playback, experiment = self.playback, self.playback.experiment
        playback.pins = [
            KeptRun(pinned, Runner(experiment, pinned)) for pinned in (experiment.config_type(), config)
        ]
        playback.edit(config)
        playback._begin_edited()
        playback.shown = playback.runner
        playback.runner.drive(0)
        self.on_screen.showing.draw_again()
        self.shown(0)
        drive(playback.runner)
        last = playback.runner.recording.last
        for pin in playback.pins:
            pin.runner.advance()
        self.shown(last // 2)
        for pin in playback.pins:
            drive(pin.runner)
        self.shown(last)
        if options is not None and last >= 0:
            self.otherwise(options)

    def otherwise(self, options):
        """The end once more, in a view that is looked at otherwise."""
        screen, playback = self.on_screen, self.playback
        view = type(screen.view)(screen.theme, options)
        view.resize(screen.view.size())
        at = Moment(playback.runner.config, options, playback.recording, playback.step, screen.ghosts())
        view.show_moment(at)
        view.catch_up()
        view.grab()
        view.formulas(view.at or at)
        view.deleteLater()


def looked_at(name, chance):
    """Options of the view by chance, or none."""
    options = view_type(name).options_type()
    for field in fields_of(type(options)):
        values = [*corners_of(field, getattr(options, field.name))]
        if values and chance.random() < 0.5:
            try:
                options = replaced(options, **{field.name: chance.choice(values)})
            except Problem:
                continue
    return options


def configs_of(name, chance):
    """The configs to be tried."""
    default = EXPERIMENTS[name].config_type()
    alone = [config for config in corners(default) if config != default]
    known = [replaced(default, **changes) for changes in KNOWN.get(name, ())]
    if not MORE:
        return [
            *known,
            *chance.sample(alone, k=min(FEW // 2, len(alone))),
            *(sampled(default, chance) for _ in range(FEW - FEW // 2)),
        ]
    return [*known, *alone, *(sampled(sampled(default, chance), chance) for _ in range(MORE))]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_corners(name, qtbot, monkeypatch):
    chance, wrong, late = Random(name), [], 0
    looker, configs = Looker(name, qtbot), configs_of(name, chance)
    for number, config in enumerate(configs):
        options, said = looked_at(name, chance) if MORE or number % 3 == 0 else None, []
        with watched(monkeypatch, said):
            looker.tried(config, options)
        if MORE and number % 10 == 9:
            print(f"{number + 1} of {len(configs)} are tried", flush=True)
        if said:
            wrong.append(f"{config}\n{options}\n{said[-1]}\n({len(said)} in all)")
            if MORE:
                print(wrong[-1], flush=True)
        late += looker.late_pictures(config)
    if MORE:
        print(f"{name}: {len(wrong)} wrong, {late} late")
    assert not wrong, f"{len(wrong)} of the corners:\n\n" + "\n\n".join(wrong[:40])


@pytest.mark.parametrize("name", ["optimizers.race", "losses.likelihood", "entropy.gaussian_fit"])
def test_a_pinned_run_joins_when_it_begins_and_again_when_it_ends(name, qtbot):
    looker = Looker(name, qtbot)
    playback, screen = looker.playback, looker.on_screen
    pinned = Runner(playback.experiment, playback.experiment.config_type())
    playback.pins = [KeptRun(pinned.config, pinned)]
    playback.runner.drive()
    looker.shown(playback.runner.recording.last)
    assert screen.moment().ghosts == ()
    pinned.drive(0)
    looker.shown(playback.runner.recording.last)
    begun = screen.moment().ghosts
    assert [ghost.recording for ghost in begun] == [pinned.recording]
    pinned.drive()
    looker.shown(playback.runner.recording.last)
    ended = screen.moment().ghosts  # another value, so that what was drawn of it is drawn anew
    assert [ghost.recording for ghost in ended] == [pinned.recording]
    assert ended is not begun


def test_a_picture_that_breaks_off_is_drawn_again(qtbot):
    looker = Looker("optimizers.race", qtbot)
    playback, screen = looker.playback, looker.on_screen
    playback.runner.drive()
    asked = []

    def breaks(at):
        asked.append(at.step)
        raise ValueError("once")

    screen.view.show_moment = breaks
    with pytest.raises(ValueError, match="once"):
        looker.shown(3)
    del screen.view.show_moment
    looker.shown(4)
    assert asked == [3]
    assert len(screen.view.curves.curves) == len(playback.config.racers)


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_a_number_that_is_none_is_found_in_whatever_is_painted(bad):
    good, gone = QPointF(1.0, 2.0), QPointF(1.0, bad)
    for make in (QPolygonF, list, lambda places: QRectF(*places), lambda places: (3, *places)):
        assert isfinite(whole((make([good, good]), 1.5)))
        assert not isfinite(whole((make([good, gone]), 1.5)))
    assert isfinite(whole((QPolygonF(), "text", [QLineF(good, good)])))
    assert not isfinite(whole(([QLineF(good, gone)],)))
