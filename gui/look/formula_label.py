"""A formula in the window: typeset, or as it was typed, until it is and where it would be too small."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.formula import Order, Typeset, shelf, typeset_or_none
from gui.look.formula_thread import Job, Typesetter, typesetter
from gui.look.theme import Theme

LEGIBLE = 0.5  # a formula that the user typed is not set smaller than half its size
LINES = 14  # nor higher than so many lines of text
WRAPPED = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Formula(QWidget):
    """One typeset formula, scaled down when it is wider than its place. Broken LaTeX is shown as it is.

    In an open window it is typeset in another thread. Meanwhile the formula before stands, or the `plain`
    form of one that the user typed.
    """

    def __init__(self, theme: Theme, latex: str = "", px: int | None = None) -> None:
        super().__init__()
        self._theme, self._px = theme, px or theme.px(17)
        self._latex, self._plain = "", ""
        self._job: Job | None = None
        self._typesetter: Typesetter | None = None
        self._typeset: Typeset | None = None
        self._image: QImage | None = None
        self.setFont(theme.font())
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.set_latex(latex)

    @property
    def latex(self) -> str:
        """What is shown."""
        return self._latex

    @property
    def is_plain(self) -> bool:
        """Whether the formula stands there as it was typed: not yet typeset, or too large for that."""
        return bool(self._plain) and (self._typeset is None or not self._fits(self._typeset))

    def _fits(self, found: Typeset) -> bool:
        scale = self.width() / found.width
        return scale >= LEGIBLE and found.height * min(1.0, scale) <= LINES * self._px

    @property
    def _order(self) -> Order:
        return Order(self._latex, self._px, self._theme.text)

    def set_latex(self, latex: str, plain: str = "") -> None:
        """Show another formula; `plain` is how it reads in one line of ordinary text."""
        if (latex, plain) == (self._latex, self._plain):
            return
        self._latex, self._plain = latex, plain
        self.setAccessibleName(plain or latex)
        if self._job is not None:
            self._job.wanted = False
            self._job = None
        if shelf().get(self._order) or not latex or not (plain or self.window().isVisible()):
            self._take()
            return
        if plain:
            self._show(None)
        self._job = self._thread().start(self._order)

    def _thread(self) -> Typesetter:
        if self._typesetter is None:
            self._typesetter = typesetter()
            self._typesetter.done.connect(self._arrived)
        return self._typesetter

    def finish(self) -> None:
        """Be typeset now, whatever it takes: a picture is made of it."""
        if self._job is not None:
            self._take()

    def _arrived(self, order: Order) -> None:
        if self._job is not None and order == self._order:
            self._take()

    def _take(self) -> None:
        self._job = None
        self._show(typeset_or_none(*self._order))

    def _show(self, found: Typeset | None) -> None:
        self._typeset, self._image = found, None
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The size of the formula at full size, or the height of its plain form in the present width."""
        if self.is_plain:
            room = QRect(0, 0, max(self.width(), self._px * 4), 10_000)
            return QSize(self._px * 10, self.fontMetrics().boundingRect(room, WRAPPED, self._plain).height())
        if self._typeset is None:
            return QSize(self._px * 10, self._px * 2 if self._latex else 0)
        return QSize(round(self._typeset.width) + 1, round(self._typeset.height) + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width the plain form may have more lines, or not be needed."""
        if self._plain and event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from the image of the last time while size and resolution stay the same."""
        with QPainter(self) as painter:
            if self._typeset is None and self._job is not None and not self._plain:
                return  # it will be here at once
            if self.is_plain or self._typeset is None:
                painter.setFont(self._theme.font())
                painter.setPen(QColor(self._theme.text if self._plain else self._theme.quiet))
                painter.drawText(self.rect(), WRAPPED, self._plain or self._latex)
                return
            scale = min(1.0, self.width() / self._typeset.width)
            size = QSize(round(self._typeset.width * scale), round(self._typeset.height * scale))
            ratio = painter.device().devicePixelRatioF()
            if self._image is None or self._image.deviceIndependentSize().toSize() != size:
                self._image = self._typeset.image(ratio, scale)
            painter.drawImage(QPointF(0, (self.height() - size.height()) / 2), self._image)
