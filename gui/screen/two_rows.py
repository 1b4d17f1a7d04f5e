"""A row of widgets: where it is too narrow it hides their titles, and then goes on in a second row."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.look.theme import Theme

Item = tuple[QWidget | None, int, QLabel | None]  # a widget, or None for free room; its stretch; its title


class TwoRows(QVBoxLayout):
    """The layout of a bar of options; `fit` is called when its width or a widget in it has changed."""

    def __init__(self, theme: Theme, bar: QWidget) -> None:
        super().__init__(bar)
        self._edge = theme.px(8)
        self.setContentsMargins(self._edge, theme.px(6), self._edge, theme.px(6))
        self.setSpacing(theme.px(4))
        self._items: list[tuple[QWidget | None, int]] = []
        self._titles: dict[QLabel, QWidget] = {}  # each with the widget that it stands before
        self._below = 0  # the place of the first item that is in the second row; 0 while there is one row
        self._row, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._row, self._second):
            row.setSpacing(theme.px(8))
            self.addLayout(row)
        self._second.addStretch(0)
        self._second.addStretch(0)

    def append(self, widget: QWidget | None, stretch: int, title: QLabel | None) -> None:
        """Put a widget at the end, with its title before it."""
        if title is not None and widget is not None:
            self._titles[title] = widget
            self.append(title, 0, None)
        self._items.append((widget, stretch))
        if widget is None:
            self._row.addStretch(stretch)
        else:
            self._row.addWidget(widget, stretch)

    def show_widget(self, widget: QWidget, on: bool) -> None:
        """Show or hide a widget with its title."""
        widget.setVisible(on)
        for title, of in self._titles.items():
            if of is widget:
                title.setVisible(on)

    def fit(self, width: int) -> None:
        """Show the titles if there is room for them; without room even for the rest, make two rows of it."""
        titles, room = self._shown_titles(), width - self._margins
        likes = sum(self._bare(_liked)) + self._wide(titles)
        for title in titles:
            title.setVisible(likes <= room)
        needs, below = self._bare(_needed), 0
        if sum(needs) > room:
            fitting = (k for k in range(len(needs) - 1, 0, -1) if needs[k] and sum(needs[:k]) <= room)
            below = next(fitting, 0)
        if below != self._below:
            self._wrap(below)

    @property
    def least(self) -> int:
        """The width that it needs without the titles, in one row."""
        return sum(self._bare(_needed)) + self._margins

    @property
    def _margins(self) -> int:
        return 2 * self._edge - self._row.spacing()

    def _shown_titles(self) -> list[QLabel]:
        """Return the titles of the widgets that are shown."""
        return [title for title, widget in self._titles.items() if not widget.isHidden()]

    def _wide(self, titles: Sequence[QLabel]) -> int:
        return sum(title.sizeHint().width() + self._row.spacing() for title in titles)

    def _bare(self, wish: Callable[[QWidget], int]) -> list[int]:
        """How much room each item needs without the titles, by what a widget wishes; 0 if it is hidden."""
        between = self._row.spacing()
        return [
            0 if widget is None or widget.isHidden() or widget in self._titles else wish(widget) + between
            for widget, _ in self._items
        ]

    def _wrap(self, below: int) -> None:
        """Move the widgets from a place on into the second row; those in it before go back into the first."""
        moved = list(enumerate(self._items))
        for k, (widget, stretch) in moved[self._below :] if self._below else []:
            if widget is not None:
                self._second.removeWidget(widget)
                self._row.insertWidget(k, widget, stretch)
        for k, (widget, stretch) in moved[below:] if below else []:
            if widget is not None:
                self._row.removeWidget(widget)
                self._second.insertWidget(k - below + 1, widget, stretch)
        parts = self._items[:below], self._items[below:]
        before, after = (any(stretch for _, stretch in part) for part in parts)  # whether it has free room
        self._second.setStretch(0, int(before and not after))
        self._second.setStretch(self._second.count() - 1, int(not before and not after))
        self._below = below


def _needed(widget: QWidget) -> int:
    """The least width of a widget in a row, as Qt's rows reckon it."""
    policy, least = widget.sizePolicy().horizontalPolicy(), widget.minimumSizeHint().width()
    if policy is QSizePolicy.Policy.Ignored:
        least = 0
    elif not policy.value & QSizePolicy.PolicyFlag.ShrinkFlag.value:
        least = max(least, widget.sizeHint().width())
    return max(min(least, widget.maximumWidth()), widget.minimumWidth())


def _liked(widget: QWidget) -> int:
    """The width that a widget likes to have in a row."""
    if widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
        return widget.minimumWidth()
    liked = max(widget.sizeHint().width(), widget.minimumSizeHint().width())
    return max(min(liked, widget.maximumWidth()), widget.minimumWidth())
