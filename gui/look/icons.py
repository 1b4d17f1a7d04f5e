"""Icons, drawn from small SVG files in one colour of the theme."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parents[2] / "resources" / "icons"
SIZE = 64  # pixels; Qt scales down


@cache
def _svg(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """The icon of a name, in a colour, and in another while it cannot be pressed."""
    result = QIcon(QPixmap.fromImage(_image(name, colour)))
    if disabled is not None:
        result.addPixmap(QPixmap.fromImage(_image(name, disabled)), QIcon.Mode.Disabled)
    return result


@cache
def _image(name: str, colour: str) -> QImage:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        renderer.render(painter)
    return image
