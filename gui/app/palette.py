"""The search (Ctrl+K): one line to type in, and under it what fits, the best first; keys are enough."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.app.list_keys import ListKeys
from gui.app.search_index import Findable, find
from gui.look.language import tr
from gui.look.theme import Theme

WIDTH, ROWS, ROW = 680, 12, 30  # pixels at the ordinary size of text; rows in sight
THING, OTHER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
CUT = Qt.TextElideMode.ElideRight


class SearchPalette(QDialog):
    """Lists things; `chosen` tells which one is wanted, once it is closed. Escape closes it alone.

    The focus of the window stays where it was: the dialog has one of its own.
    """

    chosen = Signal(object)  # a Findable

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        first: Sequence[Findable],
        things: Callable[[], list[Findable]] | None = None,
        shown: str = "",
    ) -> None:
        """`first` is what is listed before anything is typed, `shown` the experiment on the screen.

        All `things` are asked for once the dialog is seen, since they take longer than that may; without
        them only `first` is searched, which are questions.
        """
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Search"))
        self._first, self._ask, self._shown = list(first), things, shown
        self._known: list[Findable] | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(
            tr("Search questions")
            if things is None
            else tr("Search experiments, settings, lessons, words, questions, commands")
        )
        self.line.setAccessibleName(tr("Search"))
        self.line.textChanged.connect(self._list)
        self.line.returnPressed.connect(self._choose)
        self.list = QListWidget()
        ListKeys(self.line, self.list)
        self.list.setAccessibleName(tr("What fits"))
        self.list.setItemDelegate(_Row(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        self.setStyleSheet(
            f"QDialog {{ background: {theme.panel}; border: 1px solid {theme.quiet}; }}"
            f"QLineEdit {{ font-size: {theme.title_px}px; padding: {theme.px(6)}px; }}"
            f"QListWidget {{ background: transparent; border: none; outline: none; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.px(8)] * 4)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self._place(window, theme)
        self._list("")
        QTimer.singleShot(0, self, lambda: self.things)

    @property
    def things(self) -> list[Findable]:
        """All that is searched."""
        if self._known is None:
            self._known = self._first if self._ask is None else self._ask()
        return self._known

    def _place(self, window: QWidget, theme: Theme) -> None:
        """In the middle, a little below the top of the window, and never larger than it."""
        wide = min(theme.px(WIDTH), window.width() - theme.px(20))
        high = min(theme.px(ROW) * ROWS + theme.px(64), window.height() - theme.px(80))
        self.resize(wide, high)
        self.move(window.mapToGlobal(QPoint((window.width() - wide) // 2, theme.px(60))))

    def _list(self, typed: str) -> None:
        found = find(self.things, typed, self._shown) if typed.strip() else [(one, "") for one in self._first]
        self.list.clear()
        for thing, other in found:
            item = QListWidgetItem(thing.title, self.list)
            item.setData(THING, thing)
            item.setData(OTHER, other)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{thing.title}, {place_of(thing)}")
        self.list.setCurrentRow(0)
        if not found:
            QListWidgetItem(tr("Nothing fits."), self.list).setFlags(Qt.ItemFlag.NoItemFlags)

    def _choose(self) -> None:
        item = self.list.currentItem()
        thing = item.data(THING) if item is not None else None
        if isinstance(thing, Findable):
            self.accept()
            self.chosen.emit(thing)


def kind_title(kind: str) -> str:
    """What a kind of thing is called in the list."""
    titles = {
        "experiment": tr("Experiment"),
        "entry": tr("Glossary"),
        "question": tr("Question"),
        "command": tr("Command"),
        "lesson": tr("Lesson"),
        "stop": tr("Lesson"),
        "example": tr("Example session"),
        "setting": tr("Setting"),
    }
    return titles[kind]


def place_of(thing: Findable) -> str:
    """What stands at the right: the kind, and where it is."""
    return " · ".join(filter(None, (thing.where, kind_title(thing.kind))))


class _Row(QStyledItemDelegate):
    """A row: the title, quietly the name that was typed, and at the right the kind and the place."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self._theme.px(ROW))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw it; where there is little room, the place is cut first."""
        theme, thing = self._theme, index.data(THING)
        row: QRect = option.rect
        chosen = index.row() == self._list.currentRow()
        ink, quiet = (theme.accent_text,) * 2 if chosen else (theme.text, theme.quiet)
        if chosen:
            painter.fillRect(row, QColor(theme.accent))
        area = row.adjusted(theme.px(8), 0, -theme.px(8), 0)
        metrics, title = painter.fontMetrics(), str(index.data())
        painter.setPen(QColor(ink if thing is not None else theme.quiet))
        painter.drawText(area, LEFT, metrics.elidedText(title, CUT, area.width()))
        if thing is None:
            return
        painter.setPen(QColor(quiet))
        area.setLeft(area.left() + metrics.horizontalAdvance(title) + theme.px(12))
        other = str(index.data(OTHER))
        if other and area.width() > 0:
            painter.drawText(area, LEFT, metrics.elidedText(other, CUT, area.width()))
            area.setLeft(area.left() + metrics.horizontalAdvance(other) + theme.px(12))
        if area.width() > theme.px(40):
            painter.drawText(area, RIGHT, metrics.elidedText(place_of(thing), CUT, area.width()))

    @property
    def _list(self) -> QListWidget:
        parent = self.parent()
        assert isinstance(parent, QListWidget)
        return parent
