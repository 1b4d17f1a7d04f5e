"""Where the focus is can be seen: a frame in the accent colour, in both themes."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from gui.look.fold import Fold
from gui.look.theme import THEMES


def frame(widget, colour):
    """How many pixels of a widget are of a colour."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    wanted = [int(colour[k : k + 2], 16) for k in (5, 3, 1)]
    return int((np.abs(rows[:, :, :3].astype(int) - wanted).max(axis=-1) <= 12).sum())


@pytest.mark.opens_on("optimizers.race")
def test_the_focus_frames_tabs_and_buttons_and_moves_nothing(window, qtbot):
    for theme in ("light", "dark"):
        window.appearance.set_theme(theme)
        window.activateWindow()
        what_stands_around_is_framed(window, qtbot, theme)
        what_is_small_is_framed_and_moves_nothing(window, qtbot, theme)


def what_stands_around_is_framed(window, qtbot, theme):
    for widget, colour in (
        (window.middle.tabs, THEMES[theme].accent),
        (window.on_screen.transport.reset, THEMES[theme].accent),
        (window.on_screen.transport.run, THEMES[theme].text),
    ):
        window.middle.experiments.setFocus()
        qtbot.waitUntil(window.middle.experiments.hasFocus)
        before = frame(widget, colour)
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        around = 2 * (min(widget.width(), 60) + widget.height())
        assert frame(widget, colour) > before + around, "two pixels wide, all round"


def what_is_small_is_framed_and_moves_nothing(window, qtbot, theme):
    form = window.on_screen.form
    more = next(one for one in form.findChildren(Fold) if one.isVisible() and one.text())
    for widget in (form.editor("racers").cards[0].copy, more):
        form.ensureWidgetVisible(widget)
        window.middle.experiments.setFocus()
        qtbot.waitUntil(window.middle.experiments.hasFocus)
        before, place, wanted = frame(widget, THEMES[theme].accent), widget.geometry(), widget.sizeHint()
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        around = 2 * (widget.width() + widget.height())
        assert frame(widget, THEMES[theme].accent) > before + around, "two pixels wide, all round"
        assert (widget.geometry(), widget.sizeHint()) == (place, wanted)


def test_the_focus_frames_an_experiment_and_cuts_nothing_of_its_name(window, qtbot):
    window.activateWindow()
    line, seen = window.middle.experiments, []
    inside = line.visualItemRect(line.currentItem()).adjusted(3, 3, -3, -3)
    for widget in (window.middle.tabs, line):
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        seen.append(line.viewport().grab(inside).toImage())
    assert seen[0] == seen[1]
