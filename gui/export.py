"""Pictures and data for elsewhere: PNG, SVG, PDF, CSV and the clipboard.

A plot paints itself as vectors into whatever it is given, so all pictures are one drawing on different
paper. Files appear whole or not at all.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRect,
    QRectF,
    QSaveFile,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from engine.config import Problem
from gui.plots.panel import LEFT, Columns, Panel, put_text, saved
from gui.theme import Theme

DOTS = 96.0  # logical pixels in an inch
SHARP = 3  # pixels for each of a widget's, which styles draw with things that PDF and SVG lack
LARGEST = 20_000  # pixels along a side of a picture
SEPARATOR = " · "  # between two settings
ENTRIES = re.compile(r"(?<=,) (?![^(]*\))")  # between two entries of a list, but not inside brackets
Size = tuple[float, float]


class Drawing(Protocol):
    """Anything that paints itself: a `Panel` or a `Composite`."""

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint into `rect`, in logical pixels."""

    def table(self) -> Columns:
        """Return the numbers behind it, in columns."""


@dataclass(frozen=True)
class Composite:
    """Several plots and widgets as they are laid out on the screen, under a title and the settings."""

    title: str
    subtitle: str
    parts: Sequence[tuple[QWidget, QRectF]]
    theme: Theme
    margin: float = field(default=12.0)

    @property
    def size(self) -> Size:
        """Its natural size."""
        area = self._area()
        return area.width() + 2 * self.margin, area.height() + self._head() + 2 * self.margin

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint everything, the parts enlarged or reduced in place so that they fill `rect`."""
        with saved(painter):
            painter.fillRect(rect, QColor(self.theme.window))
            self._paint_head(painter, rect)
            area = self._area()
            space = rect.adjusted(self.margin, self.margin + self._head(), -self.margin, -self.margin)
            across, down = space.width() / max(area.width(), 1), space.height() / max(area.height(), 1)
            for widget, place in self.parts:
                spot = QRectF(space.left() + (place.left() - area.left()) * across,
                              space.top() + (place.top() - area.top()) * down,
                              place.width() * across, place.height() * down)  # fmt: skip
                _paint_part(painter, widget, spot)

    def table(self) -> Columns:
        """The columns of all plots, each headed by the title of its plot."""
        panels = [widget for widget, _ in self.parts if isinstance(widget, Panel)]
        return [(f"{panel.title}: {name}", values) for panel in panels for name, values in panel.table()]

    def _area(self) -> QRectF:
        area = QRectF()
        for _, place in self.parts:
            area = area.united(place)
        return area

    def _head(self) -> float:
        lines = (1.7 if self.title else 0.0) + 1.5 * len(self._settings())
        return self.theme.text_px * lines + (6 if lines else 0)

    def _settings(self) -> list[str]:
        """The subtitle in as many lines as it takes, broken between settings, or entries of a long one."""
        metrics, room = QFontMetricsF(self.theme.font()), self._area().width()
        lines: list[str] = []
        for part in filter(None, self.subtitle.split(SEPARATOR)):
            whole = metrics.horizontalAdvance(part) <= room
            for k, piece in enumerate([part] if whole else ENTRIES.split(part)):
                longer = (lines[-1] + (" " if k else SEPARATOR) if lines else "") + piece
                if lines and metrics.horizontalAdvance(longer) <= room:
                    lines[-1] = longer
                else:
                    lines.append(piece)
        return lines

    def _paint_head(self, painter: QPainter, rect: QRectF) -> None:
        y, px = rect.top() + self.margin, self.theme.text_px
        lines = [(self.title, self.theme.text, round(1.25 * px), 1.7)]
        lines += [(line, self.theme.quiet, px, 1.5) for line in self._settings()]
        for text, colour, size, share in lines:
            if text:
                painter.setFont(self.theme.font(size, bold=size > px))
                painter.setPen(QColor(colour))
                put_text(
                    painter,
                    QRectF(rect.left() + self.margin, y, rect.width() - 2 * self.margin, share * px),
                    LEFT,
                    text,
                )
                y += share * px


def _paint_part(painter: QPainter, widget: QWidget, spot: QRectF) -> None:
    if isinstance(widget, Panel):
        widget.paint(painter, spot)
        return
    image = QImage(widget.size() * SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARP)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image)
    painter.drawImage(spot, image)


# Files


def save_png(drawing: Drawing, path: Path | str, size: Size, dpi: float = DOTS) -> None:
    """Write a picture of `size` (logical pixels) with `dpi` / 96 pixels to each of them."""
    buffer = _buffer()
    if not QImageWriter(buffer, QByteArray(b"png")).write(picture(drawing, size, dpi)):
        raise Problem("The picture could not be made")
    write(path, bytes(buffer.data().data()))


def picture(drawing: Drawing, size: Size, dpi: float = DOTS) -> QImage:
    """Paint a picture of `size` (logical pixels) with `dpi` / 96 pixels to each of them."""
    ratio = dpi / DOTS
    pixels = QSize(round(size[0] * ratio), round(size[1] * ratio))
    if not (0 < pixels.width() <= LARGEST and 0 < pixels.height() <= LARGEST):
        raise Problem("A picture has between 1 and {limit} pixels to a side", limit=LARGEST)
    image = QImage(pixels, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise Problem("There is not enough memory for a picture of this size")
    image.setDevicePixelRatio(ratio)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        drawing.paint(painter, QRectF(0, 0, *size))
    return image


def save_svg(drawing: Drawing, path: Path | str, size: Size, title: str = "") -> None:
    """Write a vector picture of `size` (logical pixels) for browsers and drawing programs."""
    buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.1, because 1.2 Tiny cannot clip
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(size[0]), round(size[1])))
    generator.setViewBox(QRect(0, 0, round(size[0]), round(size[1])))
    generator.setResolution(round(DOTS))
    generator.setTitle(title)
    with QPainter(generator) as painter:
        drawing.paint(painter, QRectF(0, 0, *size))
    write(path, bytes(buffer.data().data()))


def save_pdf(drawing: Drawing, path: Path | str, size: Size, title: str = "") -> None:
    """Write a PDF page of `size` (logical pixels), fonts embedded."""
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(round(DOTS))
    points = QSizeF(size[0] * 72 / DOTS, size[1] * 72 / DOTS)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Nabla")
    with QPainter(writer) as painter:
        drawing.paint(painter, QRectF(0, 0, *size))
    write(path, bytes(buffer.data().data()))


def save_csv(drawing: Drawing, path: Path | str) -> None:
    """Write the numbers with full precision under a row of names."""
    write(path, csv_text(drawing.table()).encode("utf-8"))


def csv_text(columns: Columns, separator: str = ",") -> str:
    """Write columns as text; where one is shorter than others its cells stay blank, as do unknown values."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(
        zip_longest(*([_cell(value) for value in values] for _, values in columns), fillvalue="")
    )
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return "" if value != value else repr(value)
    return str(value)


def write(path: Path | str, content: bytes) -> None:
    """Put a file where it belongs in one stroke: a failure leaves what was there before.

    Raises:
        Problem: when it cannot be written.
    """
    with saving(path) as put:
        put(content)


@contextmanager
def saving(path: Path | str) -> Iterator[Callable[[bytes], None]]:
    """Give what adds bytes to a file that appears at the end, whole; whatever goes wrong, it does not appear.

    Raises:
        Problem: when it cannot be written.
    """
    file = QSaveFile(str(path))

    def check(good: bool) -> None:
        if not good:
            reason = file.errorString()
            raise Problem(
                "{file} could not be written: {reason}", where=str(path), file=Path(path).name, reason=reason
            )

    check(file.open(QIODevice.OpenModeFlag.WriteOnly))
    try:
        yield lambda content: check(file.write(content) == len(content))
        check(file.commit())
    finally:
        if file.isOpen():
            file.cancelWriting()
            file.commit()  # removes what was written so far


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


SAVERS: dict[str, Callable[[Drawing, Path | str, Size], None]] = {
    "png": save_png,
    "svg": save_svg,
    "pdf": save_pdf,
    "csv": lambda drawing, path, size: save_csv(drawing, path),
}


# Clipboard and names


def copy_picture(drawing: Drawing, size: Size, dpi: float = 2 * DOTS) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(picture(drawing, size, dpi))


def copy_data(drawing: Drawing) -> None:
    """Put the numbers on the clipboard, parted by tabs, so that a spreadsheet takes them as cells."""
    # Plain text: Qt would delete a QMimeData of ours after Python has gone, and end the program badly.
    QGuiApplication.clipboard().setText(csv_text(drawing.table(), separator="\t"))


def suggested_name(experiment: str, panel: str = "", settings: str = "") -> str:
    """A file name, without its ending, that every system takes: "race-contours-rosenbrock-seed-1"."""
    parts = (experiment.rpartition(".")[2], panel, settings)
    words = [re.sub(r"[^\w.+−-]+", "-", part, flags=re.UNICODE).strip("-._").lower() for part in parts]
    return "-".join(word for word in words if word)[:80].rstrip("-._") or "nabla"
