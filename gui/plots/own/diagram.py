"""A diagram of boxes and wires with numbers: how values flow through a cell.

Places are in units of a sheet of a given size, which is scaled to fit the plot; in a low plot more along x
than along y. Text grows with the plot; in a small plot it is as small as the room between the wires requires.
"""

from collections.abc import Sequence
from functools import partial
from math import hypot, isnan

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QPolygonF

from gui.look.language import tr
from gui.look.theme import Theme, metrics_of
from gui.plots.described import Columns
from gui.plots.lines import dot
from gui.plots.motion import LONGEST, part
from gui.plots.own.diagram_parts import Box, End, Place, Wire
from gui.plots.own.flow import along_line, stages
from gui.plots.painting import CENTRE, mixed, outline, put_note
from gui.plots.panel import Panel
from gui.plots.things import Thing, area, through
from gui.plots.ticks import value_text

THIN, THICK = 1.4, 4.5  # pixels of a wire that carries 0, or 1 and more
WIDER, HIGHER = 1.9, 1.2  # the largest ratio of the units of x to those of y, and of y to x
ORDINARY, LARGEST = 5.0, 2.2  # pixels of a unit at the ordinary size of text; its largest factor
TALLEST = (2.8, 4.0)  # the greatest height of letters beside a wire, in units of x and of y
AHEAD = 0.3  # in an animation, opacity of boxes that no number has reached yet
REACH = {True: (2.7, 4.3), False: (5.6, 4.3)}  # units from the middle of a box (round or not) to its wires


class DiagramPanel(Panel):
    """Boxes, wires and ends. A signal carries the key of a box that was clicked; "" for a click beside them.

    Keys: the arrows go from box to box, Return chooses the framed box, Escape none.
    """

    selected = Signal(str)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.sheet = (100.0, 60.0)
        self.boxes: tuple[Box, ...] = ()
        self.wires: tuple[Wire, ...] = ()
        self.ends: tuple[End, ...] = ()
        self.notes: list[QRectF] = []  # the places of the numbers of the wires
        self.strong: frozenset[str] = frozenset()  # keys of the emphasised parts; empty for all
        self._framed = -1  # the box that the keys have chosen
        self._ways: dict[str, tuple[Place, ...]] = {}
        self._stages: dict[str, int] = {}  # the order of the wires in the animation

    def set_diagram(
        self,
        sheet: Place,
        boxes: Sequence[Box],
        wires: Sequence[Wire],
        ends: Sequence[End],
        strong: Sequence[str] = (),
    ) -> None:
        """Show these parts on a sheet of a size; if some are `strong`, the others are pale."""
        self.sheet, self.boxes, self.wires, self.ends = sheet, tuple(boxes), tuple(wires), tuple(ends)
        self.strong = frozenset(strong)
        ways = {wire.key: wire.points for wire in self.wires}
        if ways != self._ways:
            self._ways, self._stages = ways, stages(ways, self._box_at)
        self.update()

    def _box_at(self, at: Place) -> str | None:
        """Return the key of the box at a place where a wire begins or ends, if there is one."""
        for box in self.boxes:
            wide, tall = REACH[box.round]
            if abs(at[0] - box.at[0]) <= wide and abs(at[1] - box.at[1]) <= tall:
                return box.key
        return None

    def _motion_time(self) -> int:
        return LONGEST

    def _come(self, wire: Wire) -> float:
        """Return how far the number of a wire has moved along it."""
        return part(self.share, self._stages[wire.key], max(self._stages.values()) + 1)

    def _reached(self, box: Box) -> bool:
        """Whether all numbers that lead to a box have arrived."""
        return all(self._come(one) == 1.0 for one in self.wires if self._box_at(one.points[-1]) == box.key)

    def table(self) -> Columns:
        """Return a row for each number in the picture."""
        known = [(box.text, box.value) for box in self.boxes if not isnan(box.value)]
        known += [(end.text, end.value) for end in self.ends if not isnan(end.value)]
        return [(tr("part"), [name for name, _ in known]), (tr("value"), [value for _, value in known])]

    def thing(self, key: str) -> Thing | None:
        """Return a box or a wire by its key, or a name at the edge by its text."""
        rect = self._content(self.paper())
        box = next((one for one in self.boxes if one.key == key), None)
        if box is not None:
            return area(box.text, box.stroke.colour, self._outline(rect, box), value=_told(box.value))
        wire = next((one for one in self.wires if one.key == key), None)
        if wire is not None:
            where = partial(through, self._points(rect, wire))
            return Thing("", wire.stroke.colour, where, value=_told(wire.value))
        return super().thing(key)

    # Drawing

    def _scale(self, rect: QRectF) -> Place:
        """Return the pixels of a unit along x and y."""
        across, down = rect.width() / self.sheet[0], rect.height() / self.sheet[1]
        return min(across, WIDER * down), min(down, HIGHER * across)

    def _place(self, rect: QRectF, at: Place) -> QPointF:
        across, down = self._scale(rect)
        return rect.center() + QPointF(
            across * (at[0] - self.sheet[0] / 2), down * (at[1] - self.sheet[1] / 2)
        )

    def _met(self, rect: QRectF, at: Place) -> QPointF:
        """Return the end of a wire: at the outline of the box that it leads to, else at its own end."""
        point = self._place(rect, at)
        for box in self.boxes:
            dx, dy = at[0] - box.at[0], at[1] - box.at[1]
            wide, tall = REACH[box.round]
            if abs(dx) <= wide and abs(dy) <= tall:
                spot = self._outline(rect, box)
                if abs(dx) > abs(dy):
                    return QPointF(spot.right() if dx > 0 else spot.left(), point.y())
                return QPointF(point.x(), spot.bottom() if dy > 0 else spot.top())
        return point

    def _grown(self, rect: QRectF) -> float:
        """Return the factor of the size of text in a plot of this size."""
        return min(max(min(self._scale(rect)) / (ORDINARY * self.theme.scale), 1.0), LARGEST)

    def _px(self, rect: QRectF, px: float) -> int:
        """Return the size of letters, limited by the room at their places."""
        room = (units * k for units, k in zip(TALLEST, self._scale(rect), strict=True))
        return max(6, int(min(px * self._grown(rect), *room)))

    def _outline(self, rect: QRectF, box: Box) -> QRectF:
        (across, down), grown = self._scale(rect), self._grown(rect)
        middle = self._place(rect, box.at)
        if box.round:
            radius = min(2.6 * across, 2.6 * down, grown * self.theme.px(14))
            return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        wide = min(11.0 * across, grown * self.theme.px(92))
        tall = min(8.4 * down, 2.5 * grown * self.line_height)
        return QRectF(middle.x() - wide / 2, middle.y() - tall / 2, wide, tall)

    def _alpha(self, key: str) -> float:
        return 0.3 if self.marked and self.strong and key not in self.strong else 1.0

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.boxes:
            self._say(painter, rect, self.empty_words)
            return
        for wire in sorted(self.wires, key=lambda wire: self._alpha(wire.key)):
            self._draw_wire(painter, rect, wire, 1.0 if self._come(wire) else AHEAD)
        for box in self.boxes:
            self._draw_box(painter, rect, box)
        painter.setOpacity(1.0)
        for end in self.ends:
            self._draw_end(painter, rect, end)
        self.notes = []
        for wire in self.wires:
            if 0.0 < self._come(wire) < 1.0:
                self._draw_on_its_way(painter, rect, wire)
            elif wire.label is not None and not isnan(wire.value) and self._come(wire):
                self._draw_value(painter, rect, wire, self._place(rect, wire.label))
        painter.setOpacity(1.0)
        if live and self.hasFocus() and 0 <= self._framed < len(self.boxes):
            outline(painter, self.theme.accent, 2)
            spot = self._outline(rect, self.boxes[self._framed]).adjusted(-4, -4, 4, 4)
            painter.drawRoundedRect(spot, 6, 6)

    def _points(self, rect: QRectF, wire: Wire) -> list[QPointF]:
        """Return the points of a wire, in pixels."""
        points = [self._place(rect, at) for at in wire.points]
        points[0], points[-1] = self._met(rect, wire.points[0]), self._met(rect, wire.points[-1])
        return points

    def _draw_on_its_way(self, painter: QPainter, rect: QRectF, wire: Wire) -> None:
        """Draw the number of a wire, or a dot, at its present place in the animation."""
        place = along_line(self._points(rect, wire), self._come(wire))
        if wire.label is not None and not isnan(wire.value):
            self._draw_value(painter, rect, wire, place)
        else:
            dot(painter, place.x(), place.y(), self.theme.px(4), wire.stroke.colour, self.theme.plot)

    def _draw_wire(self, painter: QPainter, rect: QRectF, wire: Wire, share: float) -> None:
        size = 0.0 if isnan(wire.value) else min(abs(wire.value), 1.0)
        width = self.theme.scale * (THIN + (THICK - THIN) * size)
        colour = mixed(wire.stroke.colour, self.theme.quiet, 0.25 + 0.75 * size)
        line = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
        points = self._points(rect, wire)
        painter.setOpacity(share * self._alpha(wire.key))
        painter.setPen(line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)
        if wire.arrow:
            self._draw_head(painter, points[-2], points[-1], colour)
        painter.setOpacity(1.0)

    def _draw_head(self, painter: QPainter, before: QPointF, tip: QPointF, colour: QColor) -> None:
        step = tip - before
        length = hypot(step.x(), step.y()) or 1.0
        along = QPointF(step.x() / length, step.y() / length) * self.theme.px(8)
        across = QPointF(-along.y(), along.x()) * 0.55
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([tip + along * 0.15, tip - along + across, tip - along - across]))

    def _draw_box(self, painter: QPainter, rect: QRectF, box: Box) -> None:
        theme, spot = self.theme, self._outline(rect, box)
        painter.setOpacity(self._alpha(box.key) * (1.0 if self._reached(box) else AHEAD))
        share = 0.12 if isnan(box.value) else 0.12 + 0.5 * min(abs(box.value), 1.0)
        painter.setBrush(mixed(box.stroke.colour, theme.plot, share))
        painter.setPen(QPen(QColor(box.stroke.colour), 2.4 if box.clamped else 1.5))
        radius = spot.height() / 2 if box.round else min(theme.px(7), spot.height() / 4)
        painter.drawRoundedRect(spot, radius, radius)
        painter.setPen(QColor(theme.text))
        if isnan(box.value):
            px = min(self._px(rect, theme.text_px), int(0.8 * spot.height()))
            painter.setFont(self._fitting(box.text, spot.width() - 4, px, bold=box.round))
            painter.drawText(spot, CENTRE | Qt.TextFlag.TextDontClip, box.text)
            return
        half = spot.height() / 2
        px = max(6, int(min(self._grown(rect) * theme.text_px, 0.82 * half)))
        painter.setFont(self._fitting(box.text, spot.width() - 6, px))
        painter.drawText(QRectF(spot.left(), spot.top() + 1, spot.width(), half), CENTRE, box.text)
        number = value_text(box.value)
        painter.setFont(self._fitting(number, spot.width() - 6, px))
        painter.drawText(QRectF(spot.left(), spot.center().y() - 1, spot.width(), half), CENTRE, number)

    def _fitting(self, text: str, wide: float, px: int, bold: bool = False) -> QFont:
        """Return the font, small enough for the text."""
        while px > 6 and QFontMetricsF(self.theme.font(px, bold)).horizontalAdvance(text) > wide:
            px -= 1
        return self.theme.font(px, bold)

    def _draw_value(self, painter: QPainter, rect: QRectF, wire: Wire, at: QPointF) -> None:
        """Write the number of a wire, centred on a place."""
        painter.setFont(self.theme.font(self._px(rect, self.theme.px(12))))
        painter.setOpacity(self._alpha(wire.key))
        top = at - QPointF(0, metrics_of(painter.font()).height() / 2)
        ink = QColor(self.theme.ink(wire.stroke.colour))
        self.notes.append(put_note(painter, self.theme, top, value_text(wire.value), share=0.5, ink=ink))

    def _draw_end(self, painter: QPainter, rect: QRectF, end: End) -> None:
        at = self._place(rect, end.at)
        painter.setFont(self.theme.font(self._px(rect, self.theme.text_px), bold=True))
        painter.setPen(QColor(self.theme.ink(end.stroke.colour)))
        metrics = metrics_of(painter.font())
        line = metrics.height()
        text = end.text if isnan(end.value) else f"{end.text} = {value_text(end.value).strip()}"
        wide = metrics.horizontalAdvance(text)
        left = min(max(at.x() - wide / 2, rect.left()), rect.right() - wide)
        painter.drawText(
            QRectF(left, at.y() - line / 2, wide + 2, line), CENTRE | Qt.TextFlag.TextDontClip, text
        )

    # The mouse and the keys

    def _click(self, place: QPointF) -> None:
        rect, reach = self.content, QMarginsF(3, 3, 3, 3)
        hit = (box.key for box in self.boxes if (self._outline(rect, box) + reach).contains(place))
        self.selected.emit(next(hit, ""))

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        self._framed = min(max(self._framed + right - up, 0), len(self.boxes) - 1)
        self.update()
        return bool(self.boxes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._framed < len(self.boxes):
            self.selected.emit(self.boxes[self._framed].key)
        elif key == Qt.Key.Key_Escape and not self.alone:
            self.selected.emit("")
        else:
            super().keyPressEvent(event)


def _told(value: float) -> str:
    return "" if isnan(value) else value_text(value)
