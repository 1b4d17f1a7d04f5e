"""The quiz of the gallery: six loss curves without names, and the names to choose from."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from engine.experiments.gradients.mistakes_base import Mistake
from engine.experiments.gradients.mistakes_config import QUESTIONS, quiz_of
from engine.experiments.gradients.mistakes_recipe import STEPS
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.theme import GREY, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.screen.options_widgets import entitle, push_button
from gui.screen.view import View, every, whole_run
from gui.views.curve_plots import Plot, fill_plot, over_steps
from gui.views.gradients.mistakes_words import At, answers, in_order, score
from gui.views.pinned import column_curve

ACROSS = 3  # curves in a row


class Quiz:
    """The six plots and the list of names; the view shows them in place of its own plots."""

    def __init__(self, view: View) -> None:
        theme = view.theme
        self.panels = [QuizCurve("", theme, "paper") for _ in range(QUESTIONS)]
        self.list = AnswerList(theme)
        grid = QWidget()
        layout = QGridLayout(grid)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for k, panel in enumerate(self.panels):
            panel.setMinimumSize(theme.px(100), theme.px(80))
            layout.addWidget(panel, k // ACROSS, k % ACROSS)
            fill_plot(view, panel, partial(curve_of, k=k), by=whole_run)
            view.fill(panel, partial(entitle_curve, k=k), by=every)
            view.on(panel.picked, partial(choose_curve, k))
        view.fill(self.list, show_list, early=True)
        view.on(self.list.chosen, answer)
        view.on(self.list.anew.clicked, draw_anew)
        view.on(self.list.before.clicked, partial(go_on, -1))
        view.on(self.list.after.clicked, partial(go_on, 1))
        self.page: QSplitter = side_by_side((grid, self.list), (76, 24))

    def show(self, on: bool) -> None:
        """Show it, or hide it with all its plots, which are then not exported."""
        self.page.setVisible(on)


class QuizCurve(CurvesPanel):
    """A curve of the quiz. It is `picked` by a click anywhere on the panel, or with Return."""

    picked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick it at its title and its axes too: the frame of the focus is around it then."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick it with Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit()
        else:
            super().keyPressEvent(event)


class AnswerList(QWidget):
    """The names of the mistakes of a quiz as buttons; `chosen` carries the one that was pressed."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.px
        self.asked, self.score = QLabel(), QLabel()
        self.asked.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.names: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(8))
        column.setSpacing(px(6))
        self.before = push_button("◀", tr("Ask about the curve before"), name=tr("The curve before"))
        self.after = push_button("▶", tr("Ask about the next curve"), name=tr("The next curve"))
        head = QHBoxLayout()
        head.addWidget(self.before)
        head.addWidget(self.asked, 1)
        head.addWidget(self.after)
        column.addLayout(head)
        self.group = QButtonGroup(self)
        self.group.setExclusive(False)
        for k in range(QUESTIONS):
            button = push_button("", tr("Say that the chosen curve shows this mistake"))
            button.setCheckable(True)
            self.group.addButton(button, k)
            column.addWidget(button)
        self.group.idClicked.connect(self._press)
        column.addWidget(self.score)
        self.anew = push_button(tr("New curves"), tr("Draw six mistakes by another seed"))
        column.addWidget(self.anew)
        column.addStretch(1)

    def show_names(self, mistakes: list[Mistake], said: str, right: bool) -> None:
        """Show the names to choose from, and the chosen one with a tick if it is right, else with a cross."""
        self.names = tuple(mistake.name for mistake in mistakes)
        for button, mistake in zip(self.group.buttons(), mistakes, strict=True):
            chosen = mistake.name == said
            mark = (" ✓" if right else " ✗") if chosen else ""
            button.setChecked(chosen)
            entitle(button, tr(mistake.title) + mark)  # type: ignore[arg-type]

    def _press(self, k: int) -> None:
        self.chosen.emit(self.names[k])


def choose_curve(k: int, view: View) -> None:
    """Ask about the curve that was picked."""
    view.set_option(curve=k + 1)


def go_on(by: int, view: View, *_: object) -> None:
    """Ask about the next curve, or the one before; after the last comes the first."""
    view.set_option(curve=(view.at.options.curve - 1 + by) % QUESTIONS + 1)


def answer(view: View, name: str) -> None:
    """Store the answer for the chosen curve."""
    said = answers(view.at)
    said[view.at.options.curve - 1] = name
    view.set_option(answers=tuple(said))


def draw_anew(view: View, *_: object) -> None:
    """Begin another quiz."""
    view.edit(seed=view.at.config.seed + 1)


def show_list(names: AnswerList, at: At) -> None:
    """Show the names to choose from, and the score."""
    if at.config.show != "quiz":
        return
    k = at.options.curve - 1
    said, mistake = answers(at)[k], quiz_of(at.config.seed)[k]
    names.asked.setText(tr("Curve {n} shows", n=k + 1))
    names.show_names(in_order(at.config.seed), said, said == mistake.name)
    names.score.setText(tr("Named rightly: {k} of {n}", k=score(at), n=QUESTIONS))


def curve_of(at: At, theme: Theme, k: int) -> Plot:
    """A pair of losses: the wrong one in its colour, the right one grey; its name once it is found."""
    if at.config.show != "quiz":
        return Plot(over_steps(STEPS, tr("loss")), ())
    right, wrong = (f"{k + 1}.{side}.loss" for side in ("right", "wrong"))
    curves: list[Curve] = []
    if wrong in at.recording.names:
        grey = Stroke(GREY[theme.dark])
        curves = [
            column_curve(at.recording, right, tr("right"), grey, width=1.4),
            column_curve(at.recording, wrong, tr("wrong"), theme.stroke("wrong"), width=2.0),
        ]
    return Plot(over_steps(STEPS, tr("loss"), log=True), curves)


def entitle_curve(panel: CurvesPanel, at: At, k: int) -> None:
    """Number a curve, name it once it is found, and ask about the chosen one."""
    if at.config.show != "quiz":
        return
    mistake, said = quiz_of(at.config.seed)[k], answers(at)[k]
    title = f"{k + 1} ✗" if said else str(k + 1)
    if said == mistake.name:
        title = f"{k + 1} ✓ {tr(mistake.title)}"
    chosen = k + 1 == at.options.curve and said != mistake.name
    panel.entitle(title, tr("which mistake is it?") if chosen else "")
