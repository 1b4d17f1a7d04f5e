"""A formula on the clipboard: as LaTeX, or as a picture."""

from functools import partial

from PySide6.QtCore import QMimeData, QRectF
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui.look.formula import Order, Typeset, typeset_or_none
from gui.look.language import tr
from gui.look.theme import Theme

Colours = tuple[tuple[str, str], ...]  # of terms: LaTeX, colour
SHARP = 4  # pixels of a copied picture for each of the screen's
EDGE = 8  # of the screen's pixels, around the formula


def copying_actions(owner: QWidget, theme: Theme, latex: str, colours: Colours = ()) -> list[QAction]:
    """What copies a formula, for a menu of `owner`."""
    as_latex = QAction(tr("Copy as LaTeX"), owner)
    as_latex.triggered.connect(partial(copy_latex, latex))
    as_picture = QAction(tr("Copy as picture"), owner)
    as_picture.triggered.connect(partial(copy_picture, theme, latex, colours))
    as_picture.setEnabled(typeset_or_none(Order(latex, theme.px(17), theme.text, colours)) is not None)
    return [as_latex, as_picture]


def copy_latex(latex: str) -> None:
    """Put the LaTeX of a formula on the clipboard, as it was typeset."""
    QGuiApplication.clipboard().setText(latex)


def copy_picture(theme: Theme, latex: str, colours: Colours = ()) -> None:
    """Put a formula on the clipboard: as a picture, and as SVG for those who take that."""
    found = typeset_or_none(Order(latex, theme.px(17), theme.text, colours))
    if found is not None:
        both = QMimeData()
        both.setImageData(_picture(found, theme))
        both.setData("image/svg+xml", found.svg)
        QGuiApplication.clipboard().setMimeData(both)


def _picture(found: Typeset, theme: Theme) -> QImage:
    """The formula on the ground of the plots."""
    formula = found.image(SHARP)
    size = formula.size() / SHARP
    whole = QImage((size.width() + 2 * EDGE) * SHARP, (size.height() + 2 * EDGE) * SHARP, formula.format())
    whole.setDevicePixelRatio(SHARP)
    whole.fill(QColor(theme.plot))
    with QPainter(whole) as painter:
        painter.drawImage(QRectF(EDGE, EDGE, size.width(), size.height()), formula)
    return whole
