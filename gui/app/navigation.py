"""The ways from one experiment to another: the tabs, and the list of the experiments of one tab."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QTabBar, QToolButton, QWidget

from engine.experiments import CATALOGUE, EXPERIMENTS
from gui.look.language import tr
from gui.look.seen import see


def tab_names() -> list[str]:
    """The tabs that have experiments, in order."""
    return [name for name, experiments in CATALOGUE.items() if experiments]


def tab_titles() -> list[str]:
    """What stands on these tabs."""
    titles = {
        "entropy": tr("Entropy"),
        "losses": tr("Losses"),
        "optimizers": tr("Optimizers"),
        "lstm": tr("LSTM"),
        "gradients": tr("Gradients"),
    }
    return [titles[name] for name in tab_names()]


def tab_of(experiment: str) -> str:
    """The tab that an experiment is on."""
    return experiment.split(".")[0]


def latest_of(tab: str, shown: Iterable[str]) -> str:
    """The experiment of a tab that was on the screen last (of `shown`, the last), or its first."""
    seen = [name for name in shown if tab_of(name) == tab]
    return seen[-1] if seen else CATALOGUE[tab][0].name


class TabBar(QTabBar):
    """The tabs, with the one of an experiment selected."""

    chosen = Signal(str)  # the name of a tab

    def __init__(self, experiment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setExpanding(False)
        self.setAccessibleName(tr("Tabs"))
        for title in tab_titles():
            self.addTab(title)
        self.setCurrentIndex(tab_names().index(tab_of(experiment)))
        self.currentChanged.connect(self._choose)

    def _choose(self, index: int) -> None:
        self.chosen.emit(tab_names()[index])


ONWARD: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
EDGE = 10  # pixels at the ends of the line that hold no experiment
APART = 4  # pixels between the switches and the experiments, of which a narrow window shows a part
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class PageTitle(QLabel):
    """Which experiment this is, where neither the tabs nor the list of experiments say it."""

    def __init__(self, experiment: str, parent: QWidget) -> None:
        tab = tab_titles()[tab_names().index(tab_of(experiment))]
        super().__init__(f"{tab} ▸ {tr(EXPERIMENTS[experiment].title)}", parent)
        self.setObjectName("page")


class ExperimentList(QListWidget):
    """The experiments of the tab of one of them in one line, with that one chosen."""

    chosen = Signal(str)  # the name of an experiment

    def __init__(self, experiment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = CATALOGUE[tab_of(experiment)]
        self.setObjectName("experiments")
        self.setAccessibleName(tr("Experiments"))
        self.addItems([tr(one.title) for one in self._tab])
        self.setCurrentRow([one.name for one in self._tab].index(experiment))
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(self.sizeHintForRow(0) + 4)
        self.currentRowChanged.connect(self._choose)
        self.ends = self._end("‹", self._go_back), self._end("›", self._go_on)
        bar = self.horizontalScrollBar()
        bar.valueChanged.connect(self._show_ends)
        bar.rangeChanged.connect(self._show_ends)

    def _end(self, sign: str, go: Callable[[], None]) -> QToolButton:
        """A button at an end of the line, which is there while the line has no room for all experiments."""
        button = QToolButton(self)
        button.setText(sign)
        button.setObjectName("end")
        button.setToolTip(tr("More experiments"))
        button.setAccessibleName(tr("More experiments"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys go along the line
        button.clicked.connect(go)
        button.hide()
        return button

    def _go_back(self) -> None:
        self._move(-self.viewport().width() // 2)

    def _go_on(self) -> None:
        self._move(self.viewport().width() // 2)

    def _move(self, by: int) -> None:
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + by)

    def _show_ends(self) -> None:
        bar, (left, right) = self.horizontalScrollBar(), self.ends
        cut = self.contentsSize().width() > self.width() + EDGE
        room = left.sizeHint().width() if cut else 0
        if self.viewportMargins().left() != room:
            self.setViewportMargins(room, 0, room, 0)
        before, behind = bar.value() - bar.minimum(), bar.maximum() - bar.value()
        for button, more in ((left, before > EDGE), (right, behind > EDGE)):
            see(button, cut)
            button.setEnabled(more)
            button.resize(room, self.height())
        right.move(self.width() - room, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_ends()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Either wheel moves the line along."""
        turned = event.angleDelta()
        self._move(-(turned.x() or turned.y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every arrow key goes along the line."""
        by = ONWARD.get(event.key())
        if by is None or event.modifiers() not in PLAIN:
            super().keyPressEvent(event)
            return
        self.setCurrentRow(max(0, min(self.currentRow() + by, self.count() - 1)))

    def _choose(self, row: int) -> None:
        self.chosen.emit(self._tab[row].name)


class Header(QWidget):
    """The line under the tabs: a switch for the settings, the experiments, a switch for the notes."""

    form_wanted = Signal(bool)
    notes_wanted = Signal(bool)

    def __init__(self, experiment: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = _switch(tr("Settings"), "F8", self)
        self.experiments = ExperimentList(experiment, self)
        self.notes = _switch(tr("Formulas and notes"), "F9", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(APART)
        for widget, share in ((self.form, 0), (self.experiments, 1), (self.notes, 0)):
            row.addWidget(widget, share)
        self.form.clicked.connect(self.form_wanted)
        self.notes.clicked.connect(self.notes_wanted)


def _switch(title: str, key: str, parent: QWidget) -> QToolButton:
    """A button that stays down while what it names is there."""
    button = QToolButton(parent)
    button.setText(title)
    button.setToolTip(tr("{title} ({key})", title=title, key=key))
    button.setCheckable(True)
    button.setObjectName("drawer")
    return button
