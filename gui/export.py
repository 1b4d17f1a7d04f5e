"""Figures for slides and papers: PNG at any resolution, SVG, PDF, and the numbers as CSV.

A figure is one plot, or all plots of an experiment as they stand on the screen, under a line that says
what it is and a line with the settings that matter. The plots paint themselves, as vectors; so
what is exported is what was seen.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSaveFile, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engine.config import Problem
from gui.language import tr
from gui.plots.panel import Panel
from gui.theme import Theme

SCREEN_DPI = 96
FORMATS = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "csv": "CSV"}
LARGEST = 30_000  # pixels a side


@dataclass(frozen=True)
class Figure:
    """Plots at their places (logical pixels) under a title."""

    name: str  # for a file, without ending
    title: str
    subtitle: str
    parts: Sequence[tuple[Panel, QRectF]]
    theme: Theme

    @property
    def size(self) -> QSizeF:
        """Width and height in logical pixels, head included."""
        extent = QRectF()
        for _, rect in self.parts:
            extent = extent.united(rect)
        edge = self.theme.px(8)
        return QSizeF(extent.right() + edge, self._head(extent.width()) + extent.bottom() + edge)

    def save(self, path: Path, kind: str, dpi: int = 192) -> None:
        """Write the figure to a file, whole or not at all.

        Raises:
            Problem: the file cannot be written, or so many pixels are too many.
        """
        data = {"png": lambda: self._png(dpi), "svg": self._svg, "pdf": self._pdf,
                "csv": lambda: self.csv_text().encode("utf-8-sig")}[kind]()  # fmt: skip
        file = QSaveFile(str(path))
        written = (
            file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()
        )
        if not written:
            raise Problem("“{name}” cannot be written: {reason}", name=path.name, reason=file.errorString())

    def image(self, dpi: int) -> QImage:
        """The figure as pixels."""
        ratio = dpi / SCREEN_DPI
        pixels = (self.size * ratio).toSize()
        if max(pixels.width(), pixels.height()) > LARGEST:
            raise Problem("{n} pixels a side are too many; choose a lower resolution.",
                          n=max(pixels.width(), pixels.height()))  # fmt: skip
        image = QImage(pixels, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.setDotsPerMeterX(round(dpi / 0.0254))
        image.setDotsPerMeterY(round(dpi / 0.0254))
        self._paint_on(image)
        return image

    def csv_text(self) -> str:
        """The numbers behind the plots: a column each, in full precision, with name and unit on top."""
        columns = [
            (f"{panel.title}: {name}" if len(self.parts) > 1 else name, values)
            for panel, _ in self.parts
            for name, values in panel.table()
        ]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([name for name, _ in columns])
        for row in zip_longest(*(values for _, values in columns), fillvalue=""):
            writer.writerow([_exact(value) for value in row])
        return text.getvalue()

    def _png(self, dpi: int) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image(dpi).save(buffer, "PNG")  # type: ignore[call-overload]
        buffer.close()
        return data.data()

    def _svg(self) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(SCREEN_DPI)
        size = self.size
        generator.setSize(QSize(round(size.width()), round(size.height())))
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle(self.title)
        generator.setDescription(self.subtitle)
        self._paint_on(generator)
        return data.data()

    def _pdf(self) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(SCREEN_DPI)
        writer.setTitle(self.title)
        writer.setCreator("Nabla")
        points = self.size * (72 / SCREEN_DPI)
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        self._paint_on(writer)
        buffer.close()
        return data.data()

    def _paint_on(self, device: QPaintDevice) -> None:
        painter = QPainter(device)
        size, theme = self.size, self.theme
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(theme.window))
        width = size.width() - theme.px(8)
        head = self._head(width)
        painter.setFont(theme.font(theme.px(15), bold=True))
        painter.setPen(QColor(theme.text))
        edge = theme.px(10)
        line = QRectF(edge, theme.px(8), width - edge, theme.px(22))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.quiet))
        rest = QRectF(edge, line.bottom(), width - edge, head - line.bottom())
        painter.drawText(rest, self._wrap(), self.subtitle)
        for panel, rect in self.parts:
            panel.paint(painter, rect.translated(0, head))
        painter.end()

    def _head(self, width: float) -> float:
        """Height of title and subtitle."""
        metrics = QFontMetricsF(self.theme.font())
        available = QRectF(0, 0, max(width - self.theme.px(10), 50), 10_000)
        return self.theme.px(36) + metrics.boundingRect(available, self._wrap(), self.subtitle).height()

    @staticmethod
    def _wrap() -> int:
        return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _exact(value: object) -> object:
    """A number as it can be read back to the last bit; what was not measured is left blank."""
    if isinstance(value, str | int):
        return value
    number = float(value)  # type: ignore[arg-type]
    return "" if number != number else repr(number)


def file_name(*words: str) -> str:
    """A name that every file system takes, from words in any language."""
    return "-".join(filter(None, (re.sub(r"[^\w.]+", "-", word).strip("-.").lower() for word in words)))


def figures(
    panels: Sequence[Panel], origin: Panel | None, name: str, title: str, subtitle: str
) -> list[Figure]:
    """The whole experiment as a figure, then each of its plots as one.

    `panels` are those on show; their places are taken from the screen, below their common parent.
    """
    shown = [panel for panel in panels if panel.width() > 1 and panel.height() > 1]
    parts = [(panel, _place(panel)) for panel in shown]
    if not parts:
        raise Problem("There is nothing to export yet.")
    left = min(rect.left() for _, rect in parts)
    top = min(rect.top() for _, rect in parts)
    edge = shown[0].theme.px(8)
    placed = [(panel, rect.translated(edge - left, -top)) for panel, rect in parts]
    found = [Figure(name, title, subtitle, placed, shown[0].theme)]
    for panel in shown:
        alone = [(panel, QRectF(edge, 0, panel.width(), panel.height()))]
        own = panel.title or panel.accessibleName() or tr("plot")
        found.append(Figure(f"{name}-{file_name(own)}", f"{title} ▸ {own}", subtitle, alone, panel.theme))
    return found if origin is None else [found[1 + shown.index(origin)]]


def _place(panel: Panel) -> QRectF:
    """Where a panel is in its window."""
    return QRectF(panel.mapTo(panel.window(), panel.rect().topLeft()).toPointF(), panel.size().toSizeF())
