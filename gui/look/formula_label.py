"""A formula in the window: typeset, or as it was typed, until it is and where it would be too large."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.formula import Order, Typeset, shelf, typeset_or_none
from gui.look.formula_thread import Job, Typesetter, typesetter
from gui.look.theme import Theme

ORDINARY, SMALLEST = 17, 13  # pixels that the letters of a formula are high, and the least
STRIDE = 8  # pixels by which a room grows before a formula is broken into other lines
LINES = 14  # so many lines of text a formula that the user typed may be high
WRAPPED = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Formula(QWidget):
    """One typeset formula, in several lines when it is wider than its place, and as a last resort smaller.

    In an open window it is typeset in another thread. Meanwhile the formula before stands, or the `plain`
    form of one that the user typed. Broken LaTeX is shown as it is.
    """

    def __init__(self, theme: Theme, latex: str = "", px: int | None = None) -> None:
        super().__init__()
        self.theme, self._px = theme, px or theme.px(ORDINARY)
        self._latex, self._plain = "", ""
        self._colours: tuple[tuple[str, str], ...] = ()  # of its terms
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

    @property
    def letters(self) -> float:
        """How high its letters are now, in pixels."""
        return self._px * self._scale

    @property
    def _least(self) -> float:
        """The smallest that it may be drawn: the share of its size."""
        return self.theme.px(SMALLEST) / self._px

    @property
    def _scale(self) -> float:
        wide = self._typeset.width if self._typeset is not None else 1.0
        return min(1.0, max(self.width() / wide, self._least))

    def _fits(self, found: Typeset) -> bool:
        return found.width * self._least <= self.width() and found.height <= LINES * self._px

    @property
    def _order(self) -> Order:
        room = max(self.width() // STRIDE * STRIDE, STRIDE)
        return Order(self._latex, self._px, self.theme.text, self._colours, float(room))

    def set_latex(self, latex: str, plain: str = "", colours: tuple[tuple[str, str], ...] = ()) -> None:
        """Show another formula; `plain` is how it reads in one line of ordinary text.

        `colours` are those of its terms, (LaTeX, colour) each.
        """
        if (latex, plain, colours) == (self._latex, self._plain, self._colours):
            return
        self._latex, self._plain, self._colours = latex, plain, colours
        self.setAccessibleName(plain or latex)
        if plain and not shelf().get(self._order):
            self._show(None)
        self._set()

    def _set(self) -> None:
        """Be typeset: now, or in an open window soon."""
        if self._job is not None:
            self._job.wanted = False
            self._job = None
        order = self._order
        if shelf().get(order) or not self._latex or not (self._plain or self.window().isVisible()):
            self._take()
        else:
            self._job = self._thread().start(order)

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
        if self._job is not None and order.latex == self._latex:
            self._set()  # at once, unless another width asks for other lines

    def _take(self) -> None:
        self._job = None
        self._show(typeset_or_none(self._order))

    def _show(self, found: Typeset | None) -> None:
        self._typeset, self._image = found, None
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The size of the formula in the present width, or the height of its plain form there."""
        if self.is_plain:
            room = QRect(0, 0, max(self.width(), self._px * 4), 10_000)
            return QSize(self._px * 10, self.fontMetrics().boundingRect(room, WRAPPED, self._plain).height())
        if self._typeset is None:
            return QSize(self._px * 10, self._px * 2 if self._latex else 0)
        return QSize(round(self._typeset.width) + 1, round(self._typeset.height) + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width there may be more lines or fewer."""
        super().resizeEvent(event)
        if event.oldSize().width() == event.size().width():
            return
        found = self._typeset
        if self._job is not None or (
            found is not None and (found.width < found.natural or found.natural > self.width())
        ):
            self._set()
        if self._plain or found is not None:
            self.updateGeometry()

    def _place(self) -> QRect:
        """Where the typeset formula is drawn."""
        assert self._typeset is not None
        wide, high = (round(side * self._scale) for side in (self._typeset.width, self._typeset.height))
        return QRect(0, (self.height() - high) // 2, wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from the image of the last time while size and resolution stay the same."""
        with QPainter(self) as painter:
            if self._typeset is None and self._job is not None and not self._plain:
                return  # it will be here at once
            if self.is_plain or self._typeset is None:
                painter.setFont(self.theme.font())
                painter.setPen(QColor(self.theme.text if self._plain else self.theme.quiet))
                painter.drawText(self.rect(), WRAPPED, self._plain or self._latex)
                return
            place, ratio = self._place(), painter.device().devicePixelRatioF()
            if self._image is None or self._image.deviceIndependentSize().toSize() != place.size():
                self._image = self._typeset.image(ratio, self._scale)
            painter.drawImage(QPointF(place.topLeft()), self._image)
