"""A bench on which the controls of one experiment are worked: what is done, what is seen, what comes back.

The picture is what the screen holds: only what asked to be painted anew is painted, so that a plot which
forgets to do so is found, and a look costs little.
"""

from math import inf
from typing import NamedTuple

from msgspec import to_builtins
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QComboBox
from shiboken6 import isValid

from engine.config import replaced, validated
from gui.app.undo import History
from gui.form.base import Editor
from gui.look.fold import Fold
from gui.plots.panel import Panel
from gui.screen.playback_state import PlaybackState

LEFT = Qt.MouseButton.LeftButton
STEP = 3  # where a run of many steps is looked at


class Picture(NamedTuple):
    """What is seen of an experiment: the view, the step, and the words of the transport."""

    pixels: bytes  # of the size of the view
    step: int
    words: str


class Desk(QObject):
    """A history over one screen, which shows what is taken back as the window does."""

    seen = None  # what was seen last before a control was worked

    def __init__(self, screen):
        super().__init__()
        self.on_screen, self.playback = screen, screen.playback
        self.history = History({self.playback.experiment.name: self.playback}, self)
        self.history.playback_wanted.connect(self.show)
        screen.touched.connect(self.note)
        self.note()

    def note(self):
        self.history.note(self.playback)

    def show(self, _name, state):
        looked_at = self.playback.options
        self.playback.become(state)
        self.history.came_back(self.playback)
        self.on_screen.begin_anew()
        if state.options != looked_at:
            self.on_screen.follow_options()

    def rest(self):
        """A moment passes in which nothing is held."""
        self.note()
        self.history.rest()

    def undo_all(self):
        while self.history.stack.canUndo():
            self.history.undo()


class Bench:
    """One experiment on a screen: `look` at it, do something, and go `back`."""

    def __init__(self, screen, step=STEP):
        self.on_screen, self.playback, self.step = screen, screen.playback, step
        self.desk = Desk(screen)
        self._found = {}
        self.playback.engine.wait_for = _computed  # the answer of the engine's thread, at once
        screen.form.setUpdatesEnabled(False)  # nobody looks at it
        unfold(screen.form)
        self.start: PlaybackState = self.playback.state()
        self.picture = self.looked_twice()
        self.said = self.complaints()

    def find(self, control, controls):
        """The widget of a control: the one that was found before, as long as it is there."""
        widget = self._found.get(control)
        if widget is None or not isValid(widget) or not (widget.isVisible() and widget.isEnabled()):
            self._found = controls(self.on_screen.form)
            widget = self._found.get(control)
        return widget

    def controls_of(self, config, controls):
        """What of the form could be worked with other settings; nothing is computed for that."""
        self.on_screen.form.set_config(config)
        unfold(self.on_screen.form)
        return controls(self.on_screen.form)

    def begin(self, config, look):
        """Go to other settings: what is done from now on comes back to these, and to their picture if that
        is to be looked at."""
        self.playback.edit(config)
        self.on_screen.form.set_config(self.playback.config)
        if look:
            self.picture = self.looked_twice()
        unfold(self.on_screen.form)
        self.desk.rest()
        self.desk.history.clear()
        self.desk.note()
        self.start, self.said = self.playback.state(), self.complaints()

    def look_otherwise(self, options):
        """Look at the page with these options, and all others as they come; what is done comes back to it."""
        kind = type(self.on_screen.view).options_type
        self.playback.options = to_builtins(replaced(kind(), **options))
        self.on_screen.follow_options()
        self.begin(self.playback.config, look=True)

    def settle(self):
        """Compute and draw all that is to be seen."""
        screen, playback = self.on_screen, self.playback
        playback.tick(0.0)
        if not playback.runner.cheap:
            playback.runner.drive(self.step)  # only then it is known how long it is
            playback.seek(min(self.step, playback.runner.last_step))
            playback.tick(0.0)
        draw(screen)
        for panel in screen.view.findChildren(Panel):
            if panel.isVisible() and panel._pointer is not None:  # leaving asks for another picture
                left(panel)
        screen.setFocus()

    def rest(self):
        """Wait until all is computed and drawn."""
        self.settle()
        QApplication.processEvents()
        QApplication.processEvents()  # a bar that has taken another line moves what is below it

    def look(self):
        """What is on the screen once all is computed and drawn."""
        self.rest()
        screen = self.on_screen
        screen.transport.refresh()
        whole = screen.screen().grabWindow(screen.winId()).toImage()
        corner = screen.view.mapTo(screen, QPoint())
        pixels = whole.copy(corner.x(), corner.y(), screen.view.width(), screen.view.height())
        bar = screen.transport.timeline
        return Picture(
            bytes(pixels.constBits()), self.playback.step, f"{bar.total} {screen.transport.status.text()}"
        )

    def looked_twice(self):
        """The picture once its parts have found their places: a sentence over the plots takes its lines."""
        self.rest()
        return self.look()

    def changed(self):
        """Whether settings or options are others now, and valid."""
        self.desk.rest()
        validated(self.playback.config)
        return self.playback.state() != self.start

    def back(self):
        """Take back all that was done; gives whether the settings are what they were."""
        self.desk.rest()
        self.desk.undo_all()
        came = self.playback.state() == self.start
        form = self.on_screen.form
        for editor in form.findChildren(Editor):
            if editor.error:
                editor.restore()  # as Escape does
        if form.config is not self.playback.config:
            form.set_config(self.playback.config)
        unfold(form)
        return came

    def shows_again(self):
        """Whether the picture before is back, after a moment in which its parts have found their places."""
        return self.look() == self.picture or self.look() == self.picture

    def complaints(self):
        """All that is said to be wrong."""
        errors = [editor.error for editor in self.on_screen.form.findChildren(Editor) if editor.error]
        return errors + ([self.on_screen.banner.text()] if self.on_screen.banner.isVisible() else [])


def draw(screen):
    """Let a screen draw what has changed, and paint each plot once, also one that is filled late."""
    fills = screen.view.fills
    fills.paint = do_not
    try:
        screen.tick(0.0)
    finally:
        del fills.paint
    screen.view.catch_up()
    fills.paint()


def do_not():
    """Paint nothing."""


def _computed(runner, _step, _seconds):
    runner.drive(inf)
    return True


def unfold(form):
    """Open everything that can be folded away."""
    for fold in form.findChildren(Fold):
        if not fold.isChecked():
            fold.setChecked(True)
    QApplication.sendPostedEvents()  # rows that were made anew are shown


def ground(panel):
    """The widget of a plot that takes the mouse."""
    return panel.viewport() if isinstance(panel, QAbstractScrollArea) else panel


def left(panel):
    """The mouse leaves a plot: what takes it, and the plot around that."""
    for widget in dict.fromkeys((ground(panel), panel)):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def usable(whole, kind):
    """What of a widget can be worked: on the screen, enabled, and no part of another control."""
    return [
        widget
        for widget in whole.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and not isinstance(widget.parent(), QComboBox)
    ]


# What a drag leaves


def untidy(before, after):
    """The numbers of the settings that a drag has set and that have more than three digits.

    Of the chances of a distribution one is set, and the others give way.
    """
    old, new = (leaves(to_builtins(config)) for config in (before, after))
    told = {}
    for place, value in new.items():
        if isinstance(value, float) and old.get(place) != value and len(old) == len(new):
            told.setdefault(place.rpartition("[")[0] if ".values[" in place else place, []).append(value)
    return {
        place: some for place, some in told.items() if not any(float(f"{one:.3g}") == one for one in some)
    }


def leaves(value, place=""):
    """All that stands in settings, by where it stands."""
    if isinstance(value, dict):
        parts = {f"{place}.{name}": part for name, part in value.items()}
    elif isinstance(value, list | tuple):
        parts = {f"{place}[{k}]": part for k, part in enumerate(value)}
    else:
        return {place: value}
    return {where: one for name, part in parts.items() for where, one in leaves(part, name).items()}


# What a hand does


def clicked(widget, place=None):
    QTest.mouseClick(widget, LEFT, pos=place or QPoint(min(8, widget.width() // 2), widget.height() // 2))


def drag(widget, places):
    """Press at the first place, move over all others, let go at the last."""
    first, *others = places
    QTest.mousePress(widget, LEFT, pos=first)
    for place in others:
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, LEFT, pos=others[-1])


def wheel(widget, place=None, notches=1):
    """Turn the wheel by one notch, away from the user."""
    there = QPointF(place or widget.rect().center())
    event = QWheelEvent(
        there,
        widget.mapToGlobal(there),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def slid(far, near):
    """Drag a slider over much of its way: to `far` eighths, or to `near` where it is beyond the middle."""

    def act(slider):
        beyond = slider.value() - slider.minimum() > (slider.maximum() - slider.minimum()) / 2
        ends = (6, 5, near) if beyond else (2, 3, far)
        drag(slider, [QPoint(slider.width() * eighths // 8, slider.height() // 2) for eighths in ends])

    act.__name__ = f"slides {far} {near}"
    return act


def focus(widget):
    """Give a widget the focus, in the window that has the keys: a popup may have had them."""
    if not widget.isActiveWindow():
        widget.activateWindow()
        QApplication.processEvents()
    widget.setFocus()


def keys(*names):
    """Give the focus, and press keys."""

    def act(widget):
        focus(widget)
        for name in names:
            QTest.keyClick(widget, Qt.Key[f"Key_{name}"])

    act.__name__ = "keys " + " ".join(names)
    return act


def turned(notches):
    """Give the focus, and turn the wheel."""

    def act(widget):
        focus(widget)
        wheel(widget, notches=notches)

    act.__name__ = f"wheel {notches}"
    return act


def typed(text):
    """Write over what stands on a line, and press Return."""

    def act(line):
        clicked(line)
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if text.isascii():
            QTest.keyClicks(line, text)
        else:  # what no key has is pasted
            QApplication.clipboard().setText(text)
            QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(line, Qt.Key.Key_Return)

    act.__name__ = f"types {text}"
    return act


def picked(way):
    """Open a combo with the mouse, and click the next entry that can be chosen on one side."""

    def act(combo):
        rows = (
            range(combo.currentIndex() + 1, combo.count())
            if way > 0
            else range(combo.currentIndex() - 1, -1, -1)
        )
        model = combo.model()
        row = next(
            (row for row in rows if model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled), None
        )
        if row is None:
            return
        QApplication.processEvents()  # what closes other windows closes a list too
        clicked(combo)
        QApplication.processEvents()
        view = combo.view()
        clicked(view.viewport(), view.visualRect(model.index(row, 0)).center())

    act.__name__ = f"picks {way}"
    return act


def from_menu(button):
    """Click a button that has a menu, and take the first entry that can be taken by keys."""

    def press():
        menu = button.menu()
        for _ in menu.actions():
            QTest.keyClick(menu, Qt.Key.Key_Down)
            active = menu.activeAction()
            if active is not None and active.isEnabled():  # no heading
                break
        QTest.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(0, press)
    clicked(button)
    QApplication.processEvents()  # a menu that does not wait for its answer is open: it is given now
