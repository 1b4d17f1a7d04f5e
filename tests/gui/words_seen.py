"""Reads a painted panel as someone who looks at it: every word, where it stands, and on what.

`faults` tells which words cover data or one another, are cut, are too small, or too faint for their ground.
A panel is painted once, without its words, which gives the ground; meanwhile all calls of `drawText` are put
down, and what is data is painted a second time into a picture of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gui.plots.bar_graph import HouseBars
from gui.plots.line import CurveLine
from gui.plots.panel import Panel
from gui.plots.part import Layer, Part
from gui.plots.path import PathLine
from gui.plots.scatter import Points
from gui.plots.target import Target
from gui.plots.zoom import ZoomPanel

SMALLEST = 12  # pixels
LEAST_CONTRAST = 4.5  # WCAG 2, AA
MOST_FAINT = 0.2  # of the ground under a word, on which it may be less (its neighbour's shadow, a grid line)
FEW = 4  # pixels of data that a word may touch
DATA = (CurveLine, PathLine, Target, Points, HouseBars)
LAYERS = ("_draw_arrows", "_draw_heads", "_draw_words")  # whose marks are data


@dataclass(frozen=True)
class Word:
    """One text as it was painted: `box` is the ink, in pixels of the panel."""

    text: str
    box: QRectF
    colour: QColor
    size: float
    cut: bool


@dataclass
class Seen:
    """What was found in a panel."""

    words: list[Word] = field(default_factory=list)
    data: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    ground: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8))


def read(panel: Panel) -> Seen:
    """Paint a panel as on the screen, and read it."""
    seen = Seen()
    mask = QImage(panel.size(), QImage.Format.Format_ARGB32)
    mask.fill(Qt.GlobalColor.transparent)
    with _reading(panel, seen, mask):
        if isinstance(panel, ZoomPanel):
            panel.redraw()
        ground = panel.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32)
    if isinstance(panel, ZoomPanel):
        panel.redraw()
    seen.ground = _pixels(ground)[:, :, 2::-1]
    own = _pixels(mask)
    paper = QColor(panel.theme.plot)
    far = np.abs(own[:, :, 2::-1].astype(int) - (paper.red(), paper.green(), paper.blue())).max(axis=2)
    seen.data = (own[:, :, 3] > 70) & (far > 40)
    return seen


def faults(panel: Panel) -> list[str]:
    """What is wrong with the words of a panel, in sentences."""
    seen = read(panel)
    found = []
    for word in seen.words:
        if word.cut:
            found.append(f"cut: {word.text!r}")
        if word.size < SMALLEST:
            found.append(f"small: {word.text!r} has {word.size:.3g} px")
        if _under(seen.data, word.box).sum() > FEW:
            found.append(f"over data: {word.text!r}")
        share = _faint(word, _under(seen.ground, word.box))
        if share > MOST_FAINT:
            found.append(f"faint: {word.text!r} {word.colour.name()}")
    for one, other in combinations(seen.words, 2):
        if one.box.adjusted(1, 1, -1, -1).intersects(other.box):
            found.append(f"over a name: {one.text!r}, {other.text!r}")
    return found


@contextmanager
def _reading(panel: Panel, seen: Seen, mask: QImage) -> Iterator[None]:
    masking = False
    within, rounded = Part.draw_within, QPainter.drawRoundedRect

    def put_down(painter: QPainter, *what: Any) -> None:
        if not masking:
            seen.words += _words(panel, painter, what)

    def box(painter: QPainter, *what: Any) -> None:
        if not masking:
            rounded(painter, *what)

    def twice(part: Any, painter: QPainter, axes: Any, live: bool) -> None:
        nonlocal masking
        within(part, painter, axes, live)
        if _is_data(part):
            masking = True
            with QPainter(mask) as other:
                panel.ready(other)
                within(part, other, axes, live)
            masking = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", put_down)
        patch.setattr(QPainter, "drawRoundedRect", box)
        patch.setattr(Part, "draw_within", twice)
        yield


def _is_data(part: object) -> bool:
    if isinstance(part, Layer):
        paint = part._paint()
        return paint is not None and paint.__name__ in LAYERS
    return isinstance(part, DATA)


def _words(panel: Panel, painter: QPainter, what: tuple[Any, ...]) -> list[Word]:
    """The word that `drawText` was called with, where there is ink."""
    metrics = QFontMetricsF(painter.font())
    text = next(one for one in what if isinstance(one, str))
    if not text.strip():
        return []
    place = what[0]
    if isinstance(place, QPointF):
        ink = metrics.tightBoundingRect(text).translated(place)
    else:
        flags = int(getattr(what[1], "value", what[1]))
        box = painter.boundingRect(QRectF(place), flags, text)
        ink = box
        if not flags & Qt.TextFlag.TextWordWrap.value and "\n" not in text:
            ink = metrics.tightBoundingRect(text).translated(box.left(), box.top() + metrics.ascent())
    clip = painter.clipBoundingRect() if painter.hasClipping() else None
    away = clip is not None and not clip.adjusted(-1.5, -1.5, 1.5, 1.5).contains(ink)
    if away and clip is not None and not clip.intersects(ink):
        return []
    to_panel = painter.worldTransform()
    size = painter.font().pixelSize() * to_panel.mapRect(QRectF(0, 0, 1, 1)).height()
    ink = to_panel.mapRect(ink)
    room = QRectF(panel.rect()).adjusted(-1, -1, 1, 1)
    cut = text.endswith("…") or away or not room.contains(ink)
    return [Word(text, ink, painter.pen().color(), size, cut)]


def _pixels(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def _under(pixels: np.ndarray, box: QRectF) -> np.ndarray:
    top, left = max(round(box.top()), 0), max(round(box.left()), 0)
    return pixels[top : max(round(box.bottom()), top), left : max(round(box.right()), left)]


def _light(colour: np.ndarray) -> np.ndarray:
    """Relative luminance (WCAG 2) of colours 0 … 255."""
    part = colour / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def _faint(word: Word, ground: np.ndarray) -> float:
    """The share of the ground on which a word cannot be read."""
    if not ground.size:
        return 0.0
    alpha = word.colour.alphaF()
    own = np.array([word.colour.red(), word.colour.green(), word.colour.blue()])
    one, other = _light(alpha * own + (1 - alpha) * ground), _light(ground.astype(float))
    contrast = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return float((contrast < LEAST_CONTRAST).mean())
