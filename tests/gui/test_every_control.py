"""Every control of every form does something, by mouse and by key, in every scene and with every kind.

The controls are found in the widgets, not named: a new one is worked as soon as it is there.
"""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from engine.config import validated
from engine.experiments import EXPERIMENTS
from gui.editors.base import Editor
from gui.editors.numeric import NumberBox
from gui.editors.rows import Disclosure
from gui.editors.slider import Slider
from gui.editors.words import Combo
from gui.form import Form
from gui.theme import LIGHT
from tests.gui.test_seeds import variants

LEFT = Qt.MouseButton.LeftButton


def pulled(slider):
    """Drag a slider to a quarter and to three quarters: at one of them it was not before."""
    y = slider.height() // 2
    places = [QPoint(slider.width() * part // 8, y) for part in (2, 4, 6)]
    QTest.mousePress(slider, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(slider, place)
    QTest.mouseRelease(slider, LEFT, pos=places[-1])


def clicked(button):
    QTest.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))


def keys(*names):
    """Give the focus and press keys: one that leads on where the other one is at the end."""

    def act(widget):
        widget.setFocus()
        for name in names:
            QTest.keyClick(widget, Qt.Key[f"Key_{name}"])

    return act


WAYS = {
    Slider: (pulled, keys("Right"), keys("Left"), keys("PageUp"), keys("PageDown")),
    NumberBox: (keys("Up"), keys("Down")),
    QCheckBox: (clicked, keys("Space")),
    Combo: (keys("Down"), keys("Up")),
}
DEVICES = {Slider: ((0,), (1, 2), (3, 4)), NumberBox: ((0, 1),), QCheckBox: ((0,), (1,)), Combo: ((0, 1),)}


def shown(form, kind):
    return [found for found in form.findChildren(kind) if found.isVisibleTo(form) and found.isEnabled()]


def errors(form):
    return [editor.error for editor in form.findChildren(Editor) if editor.error]


def restored(form, config):
    """Show a config, with nothing refused any more and everything unfolded."""
    form.set_config(config)
    for editor in form.findChildren(Editor):
        editor.set_value(editor.value)
    for fold in form.findChildren(Disclosure):
        fold.setChecked(True)
    QApplication.processEvents()  # rows that were made anew are shown


def dead(form, config, worked=()):
    """The controls that do nothing on one of the ways to work them, with what is said to be wrong.

    What has been `worked` in every way in another scene is worked in one way in this.
    """
    found, edits = [], []
    form.edited.connect(edits.append)
    for kind, ways in WAYS.items():
        restored(form, config)
        for index, name in enumerate([one.accessibleName() for one in shown(form, kind)]):
            for device in DEVICES[kind][: 1 if (kind, name) in worked else None]:
                said, changed = [], False
                for way in device:
                    restored(form, config)
                    edits.clear()
                    ways[way](shown(form, kind)[index])
                    said += errors(form)
                    changed |= any(validated(edit) == edit != config for edit in edits)
                if not changed and not (
                    kind is Combo and said
                ):  # a choice may not go with the rest: it says so
                    found.append((kind.__name__, name, device, said))
    form.edited.disconnect(edits.append)
    return found


def opened(qtbot, config):
    """A form on the screen with everything unfolded."""
    form = Form(config, LIGHT)
    qtbot.addWidget(form)
    form.resize(320, 900)
    form.show()
    restored(form, config)
    return form


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_control_of_every_form_changes_the_settings(name, qtbot):
    seen, worked = set(), set()
    for config in variants(EXPERIMENTS[name].config_type()):
        form = opened(qtbot, config)
        controls = tuple((kind, one.accessibleName()) for kind in WAYS for one in shown(form, kind))
        if controls not in seen:  # another scene, or another kind, with controls of its own
            seen.add(controls)
            assert dead(form, config, worked) == []
            worked |= set(controls)
        form.close()


def test_the_gate_finds_a_dead_slider(qtbot):
    form = opened(qtbot, EXPERIMENTS["optimizers.race"].config_type())
    form.editor("steps").slider.moved.disconnect()
    found = dead(form, form.config)
    assert {kind for kind, *_ in found} == {"Slider"}
    assert len(found) == len(DEVICES[Slider])
