"""Every control of every form does something that is seen, by mouse, keys and wheel, and is taken back.

The controls are found in the widgets, not named: a new one is worked as soon as it is there. Each is worked
in the first scene that has it and does not refuse it; where another kind (of optimizer, of data) has a
control of the same name, that it changes the settings is enough: from there to the picture it is one way.
"""

from math import inf
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QPushButton,
    QWidget,
)

from engine.config import Problem, replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.gradients.dying_relu_config import BiasKick
from engine.experiments.lstm.train_config import Text
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.adam import Adam
from engine.optimizers.schedules import SCHEDULES
from engine.optimizers.table import OPTIMIZERS
from gui.form.base import Editor, FormSheet
from gui.form.field import fields_of, structs_in
from gui.form.line import WritingLine
from gui.form.list_reading import parse_list
from gui.form.numeric import NumberBox
from gui.form.rows import Rows
from gui.form.schedule_curve import ScheduleCurve
from gui.form.slider import Slider
from gui.look.combo import Combo
from gui.plots.target import spot_of
from tests.gui.bench import STEP, Bench, clicked, drag, from_menu, keys, picked, slid, turned, typed, usable
from tests.gui.form.test_seeds import variants

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)  # popups
REFUSES = "refuses"
RULES = [kind.__name__ for kind in (*OPTIMIZERS.values(), *SCHEDULES.values())]
TABLE = "x,y,kind\n" + "".join(f"{k % 7},{k % 5},{'ab'[k % 2]}\n" for k in range(300))


class Control(NamedTuple):
    """A control of a form: what it is, of which field, its name, and of which record."""

    kind: type[QWidget]
    field: str
    name: str
    record: str


def numbers(box):
    """Other numbers to write, one of which will be taken."""
    value = parse_list(box.text())[0]
    whole = above(box, Editor).field.kind in ("int", "seed")
    near = (value + 1, value - 1) if whole else (0.9 * value, value + 0.1, 1.1 * value)
    return [typed(f"{each:.4g}") for each in near]


def texts(line):
    """Other texts to write, one of which will be taken."""
    if above(line, Editor).field.kind == "file":
        return [typed(QFileDialog.getOpenFileName(line)[0])]
    text = line.text()
    try:
        parse_list(text.replace(";", ","))
    except Problem:
        return [typed(other) for other in (text + " + x", text + "a", "a")]
    backwards = ", ".join(reversed([part.strip() for part in text.split(",")]))
    return [typed(other) for other in (backwards, text + "; 1, 1", text + ", 1")]


def pulled(way):
    """Drag the ring of the warm-up so many pixels to the right."""

    def act(curve):
        form = above(curve, FormSheet)
        form.ensureWidgetVisible(curve)
        ring = spot_of(curve.axes(), curve.handles[0]).toPoint()
        drag(curve.viewport(), [ring, ring + QPoint(way // 2, 0), ring + QPoint(way, 0)])

    return act


def pressed(opened):
    """Press a button; one that has a menu opens it."""

    def act(button):
        if isinstance(button, QPushButton) and button.menu() is not None:
            from_menu(button)
        else:
            opened(button)

    return act


# Settings of short runs in which every field is seen early, beside the first ones, and the step looked at
BEGIN = {
    "entropy.fit": ({"steps": 20}, inf),
    "entropy.gaussian_fit": ({"steps": 30}, inf),
    "losses.classifier": ({"width": 8}, STEP),
    "optimizers.maps": ({"steps": 40, "resolution": "128"}, STEP),
    "optimizers.landscape": ({"steps": 4, "grid": "17", "width": 4, "digits": (0, 1, 2), "centre": 2}, inf),
    "lstm.train": ({"task": Text(length=8), "hidden": 8, "batch_size": 4}, STEP),
    "lstm.memory": ({"delay": 5, "hidden": 4, "clipping": 1e-4}, STEP),  # shorter than the gradient
    "gradients.deep_network": ({"depth": 4}, STEP),
    "gradients.clipping": ({"steps": 30}, inf),
    "gradients.dying_relu": ({"kick": BiasKick(step=20, size=0.3)}, 21),
}
# Fields whose controls refuse, with a sentence, what one press makes of them in every scene, and why
REFUSED = {
    ("optimizers.batches", "digits"): "two are told apart: one is given up first, then another is chosen"
}
# Fields that are seen only where one looks at the page otherwise
SEEN_WITH = {("lstm.cell", "gru_reset"): {"cell": "gru"}} | {
    ("entropy.two_distributions", name): {"pane": "message"} for name in ("length", "block", "seed")
}
# Racers with settings that each have a part in their path: at their own a bound is hardly ever met
SHOWING = {
    "ASGD": {"learning_rate": 0.001, "averaging_start": 3, "lambd": 1.0},
    "Rprop": {"learning_rate": 0.05, "shortest": 0.01, "longest": 0.05},
}
# The rule that ends a run is seen only there, far beyond the step that is looked at.
WHERE_IT_ENDS = ["stop", "limit", "patience", "seconds"]
# Fields that the picture does not show, or not the same twice, and why not
UNSEEN = {
    "optimizers.newton": ["largest", "examples", "repeats", "seed"],  # seconds, measured anew
    "losses.classifier": WHERE_IT_ENDS,
    # While there is no file there is no run, and the last picture stays.
    "lstm.train": ["path", *WHERE_IT_ENDS],
    "gradients.deep_network": WHERE_IT_ENDS,
    "gradients.dying_relu": WHERE_IT_ENDS,
    "entropy.fit": WHERE_IT_ENDS,
    "optimizers.race": WHERE_IT_ENDS,
    "optimizers.batches": WHERE_IT_ENDS,
    "lstm.cell": ["count_inputs", "count_hidden"],  # told by a formula of the notes
}


# For each class of control its devices (mouse, keys, wheel), and for each device ways that lead elsewhere:
# where the first one leads nowhere, as up at the upper end, the next one is tried.
WAYS = {
    ScheduleCurve: [(pulled(30), pulled(-30)), (keys("Right"), keys("Left"))],
    Slider: [
        (slid(6, 2), slid(2, 5)),
        (keys("Right"), keys("Left")),
        (keys("PageUp"), keys("PageDown")),
        (turned(1), turned(-1)),
    ],
    NumberBox: [numbers, (keys("Up"), keys("Down")), (turned(1), turned(-1))],
    WritingLine: [texts],
    QCheckBox: [(clicked,), (keys("Space"),)],
    Combo: [(picked(1), picked(-1)), (keys("Down"), keys("Up")), (turned(-1), turned(1))],
    QAbstractButton: [(pressed(clicked),), (pressed(keys("Space")),)],
}


def above(widget, kind):
    """The nearest widget of a kind that holds another."""
    while widget is not None and not isinstance(widget, kind):
        widget = widget.parentWidget()
    return widget


def kind_of(widget):
    return next((kind for kind in WAYS if isinstance(widget, kind)), None)


def controls(form):
    """All that takes the keys in a form, by what it is."""
    found = {}
    for widget in usable(form, QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            editor, rows = above(widget, Editor), above(widget, Rows)
            name = widget.property("told") or widget.accessibleName() or getattr(widget, "text", str)()
            field = editor.field.name if editor is not None else ""
            found.setdefault(
                Control(kind_of(widget), field, name, type(rows.config).__name__ if rows else ""), widget
            )
    return found


def effect(bench):
    """What a control that changes no setting may do: fold something, or ask."""
    shown = sum(widget.isVisible() for widget in bench.on_screen.form.findChildren(QWidget))
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    for dialog in dialogs:
        dialog.reject()
    if dialogs:  # the window has the keys again: to have them a popup would close as it opens
        bench.on_screen.activateWindow()
        QApplication.processEvents()
    return shown, len(dialogs)


def worked(bench, control, device):
    """Work a control with a device; give whether that did something, and what is wrong with it.

    An entry that is refused does nothing: another one is tried.
    A button, or the name of a file, need not change a setting.
    """
    free, refused = issubclass(control.kind, QAbstractButton | WritingLine), []
    before = effect(bench) if free else None
    for way in range(3):
        widget = bench.find(control, controls)
        ways = device(widget) if callable(device) else device
        if way >= len(ways):
            break
        ways[way](widget)
        moved, said = bench.changed(), [one for one in bench.complaints() if one not in bench.said]
        if moved and (not said or way == 2 or way + 1 == len(ways)):
            return True, said
        if not moved and free and not said and effect(bench) != before:
            return True, []
        refused = refused or said
        bench.back()
    return False, refused


def faults(bench, control, briefly=False, look=False):
    """What is wrong with a control, worked with one device or with each; `look` at what the first does."""
    for device in WAYS[control.kind][: 1 if briefly else None]:
        does, said = worked(bench, control, device)
        if not does or said:
            yield control, said if does else REFUSES if said else "does nothing", str(device)
        moved = bench.playback.state() != bench.start
        changed = bench.look() if look and moved else bench.picture
        if not bench.back():
            yield control, "is not taken back", str(device)
        elif look and moved and changed == bench.picture:
            yield control, "is not seen"
        elif look and moved and not bench.shows_again():
            yield control, "its picture does not come back"
        look = False


def told(fault):
    """A fault in words."""
    control, *rest = fault
    said = [getattr(part, "__name__", str(part)) for part in rest]
    return " · ".join((control.kind.__name__, control.field, control.name, control.record, *said))


def scenes(config):
    """The config, every variant of it, every racer alone, and one with every schedule."""
    yield from variants(config)
    for field in fields_of(type(config)):
        if field.kind == "racers":
            yield from (replaced(config, **{field.name: (racer,)}) for racer in racers_of(field.type))
    if isinstance(config, RaceConfig):
        for schedule in SCHEDULES.values():
            yield replaced(config, racers=(Adam(schedule=schedule(warmup_steps=9)),))


def racers_of(kinds):
    """A racer of each kind."""
    return [kind(**SHOWING.get(kind.__name__, {})) for kind in structs_in(kinds)]


@pytest.fixture
def bench(on_screen, monkeypatch, tmp_path):
    """Make a bench for an experiment; who asks for a file gets one."""
    table = tmp_path / "table.csv"
    table.write_text(TABLE)

    def make(name):
        settings, step = BEGIN.get(name, ({}, STEP))
        settings = settings | (
            {"optimizer": Adam()} if name == "optimizers.maps" else {}
        )  # has β₂ to be drawn
        cheap = EXPERIMENTS[name].is_cheap(EXPERIMENTS[name].config_type())
        return Bench(on_screen(name, goal=inf if cheap else step, notes=False, **settings), step)

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    double = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(0)  # a combo takes no click as part of the one that opened it
    yield make
    QApplication.setDoubleClickInterval(double)


def tour(bench, unseen):
    """Work all controls of an experiment, scene by scene; gives what is wrong.

    The picture is looked at for the first control of each field. The settings of an optimizer are worked in
    every way, and looked at, in the race, and in one way where else they can be set: they lead to the same.
    """
    name, first = bench.playback.experiment.name, bench.playback.config
    race = name == "optimizers.race"
    known, refused, seen = {}, {}, {*unseen, *([] if race else ["schedule"])}
    for config in scenes(first):
        fresh = [each for each in bench.controls_of(config, controls) if each not in known]
        own = [each for each in fresh if race or each.record not in RULES]
        looks = {
            each.field: each for each in reversed(own) if each.name != "Browse…" and each.field not in seen
        }
        seen |= set(looks)
        if fresh and config != first:
            bench.begin(config, bool(looks))
        for control in fresh:
            otherwise = SEEN_WITH.get((name, control.field))
            if otherwise:
                bench.look_otherwise(otherwise)
            alike = control._replace(record="", name="" if control.name[-1:].isdigit() else control.name)
            briefly = alike in known.values() or control not in own
            wrong = list(faults(bench, control, briefly, looks.get(control.field) == control))
            if any(fault[1] == REFUSES for fault in wrong):
                refused[control] = wrong
            else:
                yield from wrong
                refused.pop(control, None)
            if control not in refused or (name, control.field) in REFUSED:
                known[control] = alike
            if otherwise:
                bench.look_otherwise({})
    for control, wrong in refused.items():
        if (name, control.field) not in REFUSED:
            yield from wrong


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_control_of_every_form_is_seen_to_work_and_is_taken_back(name, bench):
    wrong = list(tour(bench(name), UNSEEN.get(name, ())))
    assert not wrong, "\n".join(map(told, wrong))


def test_the_gate_finds_a_slider_whose_signal_leads_nowhere(bench):
    one = bench("optimizers.race")
    one.on_screen.form.editor("steps").slider.moved.disconnect()
    control = next(
        each for each in controls(one.on_screen.form) if each.kind is Slider and each.field == "steps"
    )
    assert [fault[1] for fault in faults(one, control)] == ["does nothing"] * len(WAYS[Slider])


def test_the_gate_takes_no_refusal_for_an_effect(bench):
    one = bench("optimizers.batches")
    every = controls(one.on_screen.form)
    control = next(each for each in every if each.name == "Digits, 0")
    assert {fault[1] for fault in faults(one, control)} == {REFUSES}
    for other in (3, 0):  # one is given up, and another chosen
        clicked(next(widget for each, widget in every.items() if each.name == f"Digits, {other}"))
    assert one.changed()
    assert one.playback.config.digits == (0, 8)
    assert one.complaints() == []


def test_the_gate_finds_a_control_that_is_not_seen(bench, monkeypatch):
    one = bench("losses.neuron")
    monkeypatch.setattr(one.on_screen.view, "show_moment", lambda _moment: None)
    control = next(
        each for each in controls(one.on_screen.form) if each.kind is Slider and each.field == "weight"
    )
    assert [fault[1] for fault in faults(one, control, look=True)] == ["is not seen"]


def test_the_gate_finds_an_undo_that_forgets_the_picture(bench, monkeypatch):
    one = bench("losses.neuron")
    monkeypatch.setattr(one.playback, "_resume", lambda _state: None)
    control = next(
        each for each in controls(one.on_screen.form) if each.kind is Slider and each.field == "weight"
    )
    assert "its picture does not come back" in [fault[1] for fault in faults(one, control, look=True)]
