"""Where the widgets of a page stand: under a sentence; one large plot, the hero, small ones beside it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.look.theme import Theme
from gui.screen.finding import Finding

SHARE = 64  # per cent of the room that the hero gets
CHANGES = {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
WIDE = 1.35  # ratio of width to height from which on the small plots stand beside the hero


class WithHero(QSplitter):
    """A large plot with small ones; the borders between them can be dragged.

    In a wide room the small plots stand in a column beside the hero, in a high room in a row below it. If no
    small plot is shown, the hero takes the whole room; if there is no hero, they share it.
    """

    def __init__(
        self,
        theme: Theme,
        hero: QWidget,
        others: Sequence[QWidget],
        shares: Sequence[int] = (),
        share: int = SHARE,
        wide: float = WIDE,
    ) -> None:
        """Lay out `others` in the order of their importance; `shares` says how they share a column, a row is
        shared equally.

        In a lecture only the first of them is shown.
        """
        super().__init__(Qt.Orientation.Horizontal)
        self.hero, self._small, self._share, self._wide = hero, list(others), share, wide
        self.others = QSplitter(Qt.Orientation.Vertical)
        self.addWidget(hero)
        self.addWidget(self.others)
        left_out = QWidget(self)  # holds the plots that a lecture does not show
        left_out.hide()
        for rank, widget in enumerate(others):
            if theme.presenting and rank:
                widget.setParent(left_out)
                self._small.remove(widget)
                continue
            self.others.addWidget(widget)
        self._hidden: list[bool] = []  # which of them were hidden at the last layout
        for widget in (hero, *self._small):
            widget.installEventFilter(self)
        for splitter in (self, self.others):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        even = [1.0] * len(others)
        across = Qt.Orientation.Horizontal
        self._ways = {across: even, Qt.Orientation.Vertical: [float(one) for one in shares or even]}
        self.others.splitterMoved.connect(self._keep_shares)
        self.share_out()

    @property
    def _shares(self) -> list[float]:
        """Return the shares of the small plots in their present layout."""
        return self._ways[self.others.orientation()]

    def _keep_shares(self) -> None:
        """Keep the sizes that the user has dragged, for when a small plot is hidden and shown again."""
        sizes = self.others.sizes()
        seen = [rank for rank, size in enumerate(sizes[: len(self._shares)]) if size]
        shares = self._shares
        whole, pixels = sum(shares[rank] for rank in seen), sum(sizes[rank] for rank in seen)
        for rank in seen:
            shares[rank] = whole * sizes[rank] / pixels

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave no empty room where small plots are hidden, and restore the sizes when they are back."""
        if event.type() in CHANGES and self._hidden != (hidden := self._hidden_now()):
            self._hidden = hidden
            self._look()
            self._turn()
            self._share_out_small()
        return super().eventFilter(watched, event)

    def _hidden_now(self) -> list[bool]:
        return [widget.isHidden() for widget in (self.hero, *self._small)]

    def _look(self) -> None:
        seen = any(not widget.isHidden() for widget in self._small)
        if seen == self.others.isHidden():
            self.others.setVisible(seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change between column and row if that gives the plots better shapes."""
        self._turn()
        super().resizeEvent(event)

    def _turn(self) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        beside = self.width() >= self._wide * self.height()
        wanted = (across if beside else down, down if beside ^ self.hero.isHidden() else across)
        if wanted != (self.orientation(), self.others.orientation()):
            self.setOrientation(wanted[0])
            self.others.setOrientation(wanted[1])
            self.share_out()

    def share_out(self) -> None:
        """Give every plot its share of the room."""
        self.setSizes([100 * self._share, 100 * (100 - self._share)])
        self.setStretchFactor(0, self._share)
        self.setStretchFactor(1, 100 - self._share)
        self._share_out_small()

    def _share_out_small(self) -> None:
        parts = [round(100 * share) for share in self._shares]
        self.others.setSizes(parts)
        for rank, part in enumerate(parts):
            self.others.setStretchFactor(rank, part)


class PageColumn(QVBoxLayout):
    """The widgets of a view below each other, under its sentence."""

    def __init__(self, view: QWidget, finding: Finding | None, widgets: Sequence[QWidget]) -> None:
        """Lay the widgets out; the free room goes to the splitters, or without one to the last widget."""
        super().__init__(view)
        self._finding, self._tells = finding, True
        splitters: list[QWidget] = [widget for widget in widgets if isinstance(widget, QSplitter)]
        self._roomy = splitters or [*widgets[-1:]]
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)
        if finding is not None:
            self.addWidget(finding)
        for widget in widgets:
            self.addWidget(widget, int(widget in self._roomy))
        self.addStretch(0)

    def show_plots(self, on: bool) -> bool:
        """Show the plots and the sentence, or hide them; return whether the sentence must be said anew."""
        if on == self._tells:
            return False
        self._tells = on
        for widget in self._roomy:
            widget.setVisible(on)
        if self._finding is None or on:
            return False
        self._finding.set_text("")
        return True


def show_one(chosen: str, parts: Mapping[str, QWidget | Sequence[QWidget]]) -> None:
    """Show one of several parts, by name; a part is one widget or several."""
    for name, part in parts.items():
        for widget in [part] if isinstance(part, QWidget) else part:
            widget.setVisible(name == chosen)
