"""Export of pictures and data: PNG, SVG, PDF, CSV and the clipboard.

A plot paints itself with vectors on any paint device, so every format is made by the same drawing. A file
is written completely or not at all, and holds nothing about the machine that it was made on.
"""

import csv
import io
import re
from collections.abc import Callable, Generator
from itertools import zip_longest
from math import ceil
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engine.config import Problem
from gui.export.carried import ATTACHED, KEYWORD, in_svg
from gui.export.composite import Size
from gui.export.files import saving, write
from gui.export.paper import DOTS, MILLIMETRES
from gui.export.png import PngWriter
from gui.look import fonts
from gui.plots.described import Columns

LARGEST = 20_000  # pixels along a side of a picture
AT_ONCE = 60_000_000  # the most pixels of a picture that is kept in memory
BAND = 2_000_000  # pixels that are painted in one go
MARK = b"\xef\xbb\xbf"  # the byte order mark: it tells a program that a text is UTF-8


class Paintable(Protocol):
    """Anything that paints itself: a `Panel` or a `Composite`."""

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint into `rect`, in logical pixels."""

    def table(self) -> Columns:
        """Return the numbers behind it, in columns."""


# Pictures of pixels


def save_png(drawing: Paintable, path: Path | str, size: Size, dpi: float = DOTS, zoom: float = 1.0) -> None:
    """Write a picture of `size` (logical pixels, each `zoom` / 96 inch long) with `dpi` dots an inch."""
    for _ in paint_png(drawing, path, size, dpi, zoom):
        pass


def paint_png(
    drawing: Paintable,
    path: Path | str,
    size: Size,
    dpi: float = DOTS,
    zoom: float = 1.0,
    transparent: bool = True,
    session: str = "",
) -> Generator[float]:
    """Write the same picture band by band, which takes little memory; yield after each the fraction done.

    If the generator is closed before its end, there is no file. It carries `session`, if there is one.
    """
    width, height = pixels_of(size, dpi, zoom)
    rows = max(1, BAND // width)
    with saving(path) as put:
        text = (KEYWORD, session) if session else ("", "")
        writer = PngWriter(put, (width, height), 4 if transparent else 3, dpi, text)
        for top in range(0, height, rows):
            band = _band(drawing, size, dpi * zoom / DOTS, width, top, min(rows, height - top))
            writer.add(_bytes(band, transparent))
            yield min(1.0, (top + rows) / height)
        writer.end()


def pixels_of(size: Size, dpi: float, zoom: float = 1.0) -> tuple[int, int]:
    """Return the width and height of a picture in pixels.

    Raises:
        Problem: there are too many, or none.
    """
    width, height = (round(side * zoom * dpi / DOTS) for side in size)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise Problem(
            "A picture has between 1 and {limit} pixels to a side, not {width} × {height}: "
            "choose a lower resolution or a smaller size",
            limit=LARGEST,
            width=width,
            height=height,
        )
    return width, height


def picture(drawing: Paintable, size: Size, dpi: float = DOTS, zoom: float = 1.0) -> QImage:
    """Paint a picture of `size` (logical pixels, each `zoom` / 96 inch long) with `dpi` dots an inch."""
    width, height = pixels_of(size, dpi, zoom)
    if width * height > AT_ONCE:
        raise Problem(
            "A picture of {width} × {height} pixels is too large to copy: export it to a file",
            width=width,
            height=height,
        )
    image = _band(drawing, size, dpi * zoom / DOTS, width, 0, height)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    return image


def png_of(image: QImage) -> bytes:
    """Return an image, such as that of a window, as the bytes of a PNG file."""
    buffer = _buffer()
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise Problem("The picture could not be made")
    return bytes(buffer.data().data())


def _band(drawing: Paintable, size: Size, ratio: float, width: int, top: int, rows: int) -> QImage:
    """Paint the rows of a picture from `top` on."""
    image = QImage(QSize(width, rows), QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise Problem("There is not enough memory for a picture of this size")
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setClipRect(QRectF(0, 0, width / ratio, rows / ratio))
        painter.translate(0, -top / ratio)
        drawing.paint(painter, QRectF(0, 0, *size))
    return image


def _bytes(image: QImage, transparent: bool) -> NDArray[np.uint8]:
    """Return the pixels of an image, shape (rows, columns, 3 or 4)."""
    layout = QImage.Format.Format_RGBA8888 if transparent else QImage.Format.Format_RGB888
    plain = image.convertToFormat(layout)
    channels = 4 if transparent else 3
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * channels].reshape(plain.height(), plain.width(), channels).copy()


# Vectors


def save_svg(
    drawing: Paintable, path: Path | str, size: Size, title: str = "", zoom: float = 1.0, session: str = ""
) -> None:
    """Write a vector picture of `size` (logical pixels) for browsers and drawing programs."""
    svg = svg_of(drawing, size, title, zoom)
    write(path, in_svg(svg, session) if session else svg)


def svg_of(drawing: Paintable, size: Size, title: str = "", zoom: float = 1.0) -> bytes:
    """Such a picture, as the bytes of a file."""
    buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.1, because 1.2 Tiny cannot clip
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(size[0]), round(size[1])))
    generator.setViewBox(QRectF(0, 0, *size))
    generator.setResolution(round(DOTS))
    generator.setTitle(title)
    generator.setDescription("Nabla")
    with QPainter(generator) as painter:
        drawing.paint(painter, QRectF(0, 0, *size))
    text = bytes(buffer.data().data()).decode("utf-8")
    return _readable(text, size, zoom).encode("utf-8")


def _readable(svg: str, size: Size, zoom: float) -> str:
    """Return an SVG with its exact size, and with font families that other machines have."""
    wide, high = (f"{side * zoom / MILLIMETRES:.4f}".rstrip("0").rstrip(".") for side in size)
    svg = re.sub(
        r'<svg width="[^"]*" height="[^"]*"', f'<svg width="{wide}mm" height="{high}mm"', svg, count=1
    )
    return re.sub(r'font-family="[^"]*"', f'font-family="{fonts.stack()}"', svg)


def save_pdf(
    drawing: Paintable, path: Path | str, size: Size, title: str = "", zoom: float = 1.0, session: str = ""
) -> None:
    """Write a PDF page of `size` (logical pixels), fonts embedded, pictures to the last bit."""
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(round(DOTS))
    points = size[0] * zoom * 72 / DOTS, size[1] * zoom * 72 / DOTS
    whole = QSizeF(ceil(points[0]), ceil(points[1]))  # Qt rounds a page to whole points
    writer.setPageSize(QPageSize(whole, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Nabla")
    if session:
        writer.addFileAttachment(ATTACHED, QByteArray(session.encode("utf-8")), "application/json")
    with QPainter(writer) as painter:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        painter.scale(zoom, zoom)
        drawing.paint(painter, QRectF(0, 0, *size))
    write(path, copyable(cut(bytes(buffer.data().data()), points)))


def cut(pdf: bytes, size: Size) -> bytes:
    """Return a PDF with its pages cut to `size` (points) from the upper left corner; no byte moves."""

    def box(found: re.Match[bytes]) -> bytes:
        high = float(found[1])
        shown = f"/MediaBox [0 {high - size[1]:.4f} {size[0]:.4f} {high:.0f}]".encode()
        return shown.ljust(len(found[0])) if len(shown) <= len(found[0]) else found[0]

    return re.sub(rb"/MediaBox \[0 0 [\d.]+ ([\d.]+)\]", box, pdf)


def copyable(pdf: bytes) -> bytes:
    """Return a PDF whose glyph tables name ideographs, not the radicals that look the same.

    Qt takes the first code point of a glyph, and radicals come first: 骨 would be copied and searched as ⾻.
    """
    same = {
        f"<{ord(sign):04X}>".encode(): f"<{ord(one):04X}>".encode()
        for sign, one in fonts.ideographs().items()
    }

    def mended(table: re.Match[bytes]) -> bytes:
        return re.sub(rb"<2[EF][0-9A-F]{2}>", lambda code: same.get(code[0], code[0]), table[0])

    return re.sub(rb"begincmap.*?endcmap", mended, pdf, flags=re.DOTALL)


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


# Numbers


def save_csv(drawing: Paintable, path: Path | str, marked: bool = False) -> None:
    """Write the numbers with full precision under a row of names; `marked` adds the UTF-8 mark for Excel."""
    write(path, (MARK if marked else b"") + csv_text(drawing.table()).encode("utf-8"))


def csv_text(columns: Columns, separator: str = ",") -> str:
    """Return columns as text. The missing cells of shorter columns, and unknown values, are blank."""
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
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if value != value else repr(value)
    return str(value)


SAVERS: dict[str, Callable[[Paintable, Path | str, Size], None]] = {
    "png": save_png,
    "svg": save_svg,
    "pdf": save_pdf,
    "csv": lambda drawing, path, size: save_csv(drawing, path),
}


# Clipboard


def copy_picture(drawing: Paintable, size: Size, dpi: float = 2 * DOTS, zoom: float = 1.0) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(picture(drawing, size, dpi, zoom))


def copy_data(drawing: Paintable) -> None:
    """Put the numbers on the clipboard, separated by tabs, so that a spreadsheet puts them into cells."""
    # Plain text: Qt would delete our own QMimeData after Python has ended, and crash.
    QGuiApplication.clipboard().setText(csv_text(drawing.table(), separator="\t"))
