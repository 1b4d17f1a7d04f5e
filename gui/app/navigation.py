"""The ways from one experiment to another: the tabs, and the list of the experiments of one tab."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QTabBar

from engine.experiments import CATALOGUE
from gui.look.language import tr


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
    """The tabs, at that of one experiment."""

    chosen = Signal(str)  # the name of a tab

    def __init__(self, experiment: str) -> None:
        super().__init__()
        self.setExpanding(False)
        self.setAccessibleName(tr("Tabs"))
        for title in tab_titles():
            self.addTab(title)
        self.setCurrentIndex(tab_names().index(tab_of(experiment)))
        self.currentChanged.connect(self._choose)

    def _choose(self, index: int) -> None:
        self.chosen.emit(tab_names()[index])


class ExperimentList(QListWidget):
    """The experiments of the tab of one of them, with that one chosen."""

    chosen = Signal(str)  # the name of an experiment

    def __init__(self, experiment: str) -> None:
        super().__init__()
        self._tab = CATALOGUE[tab_of(experiment)]
        self.setObjectName("experiments")
        self.setAccessibleName(tr("Experiments"))
        self.addItems([tr(one.title) for one in self._tab])
        self.setCurrentRow([one.name for one in self._tab].index(experiment))
        self.setFixedHeight(self.sizeHintForRow(0) * len(self._tab) + 4)
        self.currentRowChanged.connect(self._choose)

    def _choose(self, row: int) -> None:
        self.chosen.emit(self._tab[row].name)
