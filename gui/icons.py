"""Icons, drawn from small SVG files in one colour of the theme."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent.parent / "resources" / "icons"
SIZE = 64  # pixels; Qt scales down


@cache
def _svg(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """The icon of a name, in a colour, and in another while it cannot be pressed."""
    result = QIcon(_pixmap(name, colour))
    if disabled is not None:
        result.addPixmap(_pixmap(name, disabled), QIcon.Mode.Disabled)
    return result


def _pixmap(name: str, colour: str) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
