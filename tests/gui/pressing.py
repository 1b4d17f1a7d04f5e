"""What of a plot answers to the mouse: found by feeling it with every gesture, while what it tells is caught.

A plot tells what a click or a drag means by its signals. Those that anything hears are what it can do here.
For a moment each is replaced by a net, and the whole plot is felt: what falls into the net, and where, is
what can be done, and nothing has been done yet.
"""

from math import isfinite
from typing import NamedTuple

from PySide6.QtCore import QEvent, QMetaMethod, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots.bars import BarsPanel
from gui.plots.contours import FieldPanel
from gui.plots.panel import Panel
from gui.plots.zoom import ZoomPanel
from tests.gui.bench import LEFT

ACROSS, DOWN, SKIP = 14, 11, 31  # places at which a plot is felt, and how far apart one after the other
SMALL = 12  # places of small things that are felt
FEW = 24  # places from which one drags, and at which one clicks with Ctrl
ENOUGH = 3  # things that a signal is heard to tell
PLAIN, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
# What tells where the mouse is, how the plot is looked at, asks for what every plot has, or is of its menu
PASSIVE = ("hovered", "view_changed", "looked_elsewhere", "menu_requested", "enlarge_wanted", "options_asked")
TOLD = QMetaMethod.MethodType.Signal


class Gesture(NamedTuple):
    """A press at a place, and the release: there, or further on."""

    place: QPoint
    keys: Qt.KeyboardModifier = PLAIN
    way: QPoint = QPoint()

    def do(self, panel):
        """Press, move and release over a plot."""
        send(panel, QEvent.Type.MouseButtonPress, self.place, LEFT, self.keys)
        if not self.way.isNull():
            for part in (0.5, 1.0):
                send(panel, QEvent.Type.MouseMove, self.place + self.way * part, LEFT, self.keys)
        send(panel, QEvent.Type.MouseButtonRelease, self.place + self.way, LEFT, self.keys)
        if isinstance(panel, ZoomPanel):
            panel.answer_click()  # no second one follows
            if panel.zoomed:  # a drag beside what can be dragged has panned: places are others now
                panel.reset_zoom()


def send(panel, kind, place, button, keys=PLAIN):
    """Send an event of the mouse, as the system does."""
    moved, held = kind == QEvent.Type.MouseMove, kind != QEvent.Type.MouseButtonRelease
    there, ground = QPointF(place), panel.viewport()
    event = QMouseEvent(
        kind,
        there,
        ground.mapToGlobal(there),
        Qt.MouseButton.NoButton if moved else button,
        button if held else Qt.MouseButton.NoButton,
        keys,
    )
    QApplication.sendEvent(ground, event)


class Net:
    """Stands in the place of a signal, and keeps what it would have told."""

    def __init__(self):
        self.caught = []

    def emit(self, *told):
        self.caught.append(told)


def heard(panel):
    """The signals of a plot that tell what a hand did, and that anything listens to."""
    told = panel.metaObject()
    methods = [told.method(k) for k in range(Panel.staticMetaObject.methodCount(), told.methodCount())]
    return [
        bytes(method.name()).decode()
        for method in methods
        if method.methodType() == TOLD
        and panel.isSignalConnected(method)
        and bytes(method.name()).decode() not in PASSIVE
    ]


def gestures(panel):
    """All that is tried: clicks, clicks with Ctrl, and drags, first where something is known to lie; then
    clicks everywhere."""
    wide, high = panel.width(), panel.height()
    places = [
        QPoint(wide * (2 * column + 1) // (2 * ACROSS), high * (2 * row + 1) // (2 * DOWN))
        for row in range(DOWN)
        for column in range(ACROSS)
    ]
    places = [*known_places(panel), *(places[k * SKIP % len(places)] for k in range(len(places)))]
    middle = panel.rect().center()
    for keys, far in ((PLAIN, 0), (PLAIN, 24), (CTRL, 0)):
        for place in places[:FEW]:
            towards = QPoint(1 if place.x() < middle.x() else -1, 1 if place.y() < middle.y() else -1)
            yield Gesture(place, keys, towards * far)
    yield from map(Gesture, places[FEW : ACROSS * DOWN])


def known_places(panel):
    """Handles, locks and points of a path, which are small and may lie between the places felt."""
    if not isinstance(panel, ZoomPanel):
        return []
    if isinstance(panel, BarsPanel) and panel.lockable:
        return [panel._lock_spot(panel.axes(), 0, k).center().toPoint() for k in range(len(panel.labels))]
    plane, axes = panel.axes().plane, (panel.x_axis, panel.y_axis)
    places = [(axes[0].coordinate(one.x), axes[1].coordinate(one.y)) for one in getattr(panel, "handles", ())]
    if isinstance(panel, FieldPanel):
        places += [panel.start] if panel.start else []
        for path in panel.paths:
            early = [4**k for k in range(6) if 4**k < len(path.xy)]  # a path is slow where it ends
            places += path.xy[early].tolist() if path.head else []
    points = [plane.point(float(x), float(y)) for x, y in places if isfinite(x) and isfinite(y)]
    return [point.toPoint() for point in points if plane.rect.contains(point)][:SMALL]


class Found(NamedTuple):
    """What a plot answers to: by each signal, for what it tells; and where the pointer has another shape."""

    told: dict[str, dict[tuple[object, ...], Gesture]]
    shapes: dict[Qt.CursorShape, QPoint]


def felt(panel, wanted, again=False):
    """Feel a plot until each of the wanted signals has told enough, or everything was tried.

    A plot that is felt `again`, in another scene, is not searched everywhere.
    """
    found, nets = Found({name: {} for name in wanted}, {}), {name: Net() for name in wanted}
    for name, net in nets.items():
        setattr(panel, name, net)
    panel.setUpdatesEnabled(False)
    for number, gesture in enumerate(gestures(panel)):
        heard_enough = all(enough(told) for told in found.told.values())
        if number < FEW:
            QTest.mouseMove(panel.viewport(), gesture.place)
            found.shapes.setdefault(panel.cursor().shape(), gesture.place)
        elif heard_enough or (again and number >= 3 * FEW):
            break
        if heard_enough:  # only the shapes of the pointer are still looked for
            continue
        gesture.do(panel)
        for name, net in nets.items():
            if net.caught:
                found.told[name].setdefault(net.caught[0], gesture)
                net.caught.clear()
    panel.setUpdatesEnabled(True)
    for name in nets:
        delattr(panel, name)
    return found


def enough(told):
    """Whether a signal has told enough: a few things, or of a drag, which is an answer by itself."""
    return len(told) >= ENOUGH or any(not gesture.way.isNull() for gesture in told.values())
