"""Whatever is done in an experiment can be taken back and done again: several things, by their own controls.

`test_every_plot`, which has every experiment open, does it in each.
"""

from msgspec import convert
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QCheckBox, QComboBox, QSpinBox

from gui.form.numeric import NumberBox
from gui.plots.panel import Panel
from tests.gui.app.test_undo import drag


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(8, widget.height() // 2))


def turn(widget):
    """One further by a key: in a combo or a number; the other way where this one ends."""
    widget.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        before = widget.currentIndex() if isinstance(widget, QComboBox) else widget.value()
        QTest.keyClick(widget, key)
        if before != (widget.currentIndex() if isinstance(widget, QComboBox) else widget.value()):
            return


def slide(widget):
    y = widget.height() // 2
    drag(widget, [QPoint(widget.width() * part // 8, y) for part in (4, 5, 7)])


def pull(panel):
    """Drag across a plot from its middle, and click: what can be moved there moves."""
    middle = panel.rect().center()
    drag(panel, [middle, middle + QPoint(9, 7), middle + QPoint(24, 15)])
    click(panel)


def count(box):
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)


ACTS = {
    QAbstractSlider: slide,
    QCheckBox: click,
    QComboBox: turn,
    QSpinBox: turn,
    NumberBox: count,
    Panel: pull,
}


def controls(screen):
    """Two controls of every kind in the form, and two in the view: where they are, and what to do."""
    for part in ("form", "view"):
        for kind, act in ACTS.items():
            every = getattr(screen, part).findChildren(kind)
            usable = [w for w in every if w.isVisibleTo(screen) and w.isEnabled()]
            yield from ((part, kind, every.index(widget), act) for widget in usable[:2])


def all_is_taken_back_to_the_start_and_done_again_to_the_end(screen, desk):
    desk.history.clear()
    desk.note()
    playback, stack = screen.playback, desk.history.stack
    start = playback.state()
    states = [start]
    for part, kind, index, act in list(controls(screen)):
        every = getattr(screen, part).findChildren(kind)
        if index < len(every) and every[index].isVisibleTo(screen) and every[index].isEnabled():
            act(every[index])
            desk.rest()
            if playback.state() != states[-1]:
                states.append(playback.state())
    playback.pin()
    desk.rest()
    states.append(playback.state())
    assert len(states) > 3
    assert stack.count() >= len(states) - 1
    texts = [stack.text(index) for index in range(stack.count())]
    assert all(text and len(text) < 110 and "_" not in text for text in texts), texts
    back = []
    while stack.canUndo():
        desk.history.undo()
        back.append(playback.state())
    assert back[-1] == start
    assert [state for state in back if state in states] == list(reversed(states[:-1])), texts
    assert screen.view.options == convert(start.options, screen.view.options_type)
    while stack.canRedo():
        desk.history.redo()
    assert playback.state() == states[-1]
    assert screen.view.options == convert(states[-1].options, screen.view.options_type)
    screen.tick(0.0)
    assert screen.form.config == playback.config
    screen.playback.unpin()
