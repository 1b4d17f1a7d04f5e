"""Gradients ▸ Gallery of mistakes: the loss of right and wrong, the gradient check, the symptom; a quiz."""

from typing import Annotated

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from engine.config import Config, number, plain, replaced
from engine.experiments.gradients.mistakes_check import both_checks
from engine.experiments.gradients.mistakes_config import QUESTIONS, MistakesConfig
from engine.experiments.gradients.mistakes_table import MISTAKES
from engine.optimizers.update_rule import GradientRule
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.bars import BarsPanel
from gui.plots.curves import CurvesPanel
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term
from gui.screen.view import Followed, Live, Moment, Question, Room, Urgency, View, config_of, nothing
from gui.views.curve_plots import fill_history
from gui.views.gradients import mistakes_plots as plots
from gui.views.gradients import mistakes_words as words
from gui.views.gradients.mistakes_quiz import Quiz
from gui.views.schedule_blocks import schedule_blocks, schedule_terms


class MistakesOptions(Config, frozen=True):
    """The options of the view, and the answers of the quiz."""

    log_loss: Annotated[bool, plain("Log loss", "Show the loss on a logarithmic axis.")] = True
    curve: Annotated[
        int, number("Curve", "The curve of the quiz that is asked about.", ge=1, le=QUESTIONS)
    ] = 1
    answers: Annotated[
        tuple[str, ...],
        plain("Answers", "What was said of each curve of the quiz.", max_length=QUESTIONS),
    ] = ()


At = Moment[MistakesConfig, MistakesOptions]


class MistakesView(View):
    """Above the plots the two lines; large the loss; small the gradient check and the symptom."""

    config_type, options_type = MistakesConfig, MistakesOptions

    def build(self, theme: Theme) -> None:
        tip = tr("Show the next mistake of the gallery")
        self.following = push_button(tr("Next mistake"), tip)
        self.on(self.following.clicked, next_mistake)
        self.bar = self.options_bar(self.following, "", "log_loss")
        self.lines = TwoLines(theme)
        self.loss = CurvesPanel("", theme)
        self.components = BarsPanel(tr("Gradient check"), theme)
        self.symptom = CurvesPanel("", theme)
        for panel in (self.loss, self.components, self.symptom):
            panel.setMinimumSize(theme.px(120), theme.px(72))
        self.ask("checks", checks_wanted, Urgency.SELDOM)
        self.fill(self.lines, show_lines, by=config_of, early=True)
        fill_history(self, self.loss, plots.loss)
        self.fill(self.components, plots.show_components, of="checks", by=nothing)
        fill_history(self, self.symptom, plots.symptom)
        self.quiz = Quiz(self)
        self.tell(words.finding, of="checks")
        self.page = WithHero(theme, self.loss, (self.components, self.symptom), share=68)
        self.setMinimumSize(theme.px(260), theme.px(260))
        self.lay_out(self.bar, self.lines, self.page, self.quiz.page)

    def arrange(self, at: At, room: Room) -> bool:
        """Show the plots of one mistake, or the quiz."""
        asked = at.config.show == "quiz"
        for widget in (self.lines, self.page):
            widget.setVisible(not asked)
        self.bar.setVisible(not asked and not self.theme.presenting)
        self.quiz.show(asked)
        return False

    @classmethod
    def followed(cls, options: Config, before: MistakesConfig, after: MistakesConfig) -> Followed:
        """Forget the answers when the quiz is another."""
        if before.seed != after.seed:
            options = replaced(options, answers=(), curve=1)
        return options, after

    def formulas(self, at: At) -> list[Live]:
        if at.config.show == "quiz":
            return words.quiz_blocks(at)
        blocks = words.blocks(at.config.mistake, self.answer("checks"))
        return [*blocks, *schedule_blocks(rule_of(at), at.step)]

    def terms(self, at: At) -> list[Term]:
        if at.config.show == "quiz":
            return []
        return [*words.terms(at.config.mistake, self.components), *schedule_terms(rule_of(at), at.step)]


class TwoLines(QWidget):
    """The right line and the wrong line, as in the program."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px, font = theme.px, QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.text_px)
        grid = QGridLayout(self)
        grid.setContentsMargins(px(12), px(2), px(12), px(4))
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(1))
        grid.setColumnStretch(1, 1)
        self.code: dict[str, QLabel] = {}
        for row, (side, name) in enumerate((("right", tr("right")), ("wrong", tr("wrong")))):
            title, code = QLabel(name), QLabel()
            title.setStyleSheet(f"color: {theme.ink(theme.stroke(side).colour)};")
            code.setFont(font)
            code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it may be long
            code.setObjectName("code")
            code.setStyleSheet(f'#code {{ font-family: "{font.family()}"; }}')
            code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(title, row, 0)
            grid.addWidget(code, row, 1)
            self.code[side] = code


def show_lines(lines: TwoLines, at: At) -> None:
    """Write both lines."""
    mistake = at.config.mistake
    for side, line in (("right", mistake.right), ("wrong", mistake.wrong)):
        lines.code[side].setText(words.code(mistake, line))


def next_mistake(view: View, *_: object) -> None:
    """Show the next one of the gallery; after the last one the first."""
    kinds = [*MISTAKES.values()]
    place = kinds.index(type(view.at.config.mistake))
    view.edit(mistake=kinds[(place + 1) % len(kinds)]())


def rule_of(at: At) -> GradientRule:
    """The optimizer of the right training, with the learning rate and the schedule of both."""
    return at.data.pairs[0][0].rule


def checks_wanted(at: At) -> Question:
    """Ask for the gradient check of both trainings; in a quiz there is none."""
    if at.config.show == "quiz":
        return no_check, at.config
    return both_checks, at.data, at.snapshot


def no_check(config: MistakesConfig) -> None:
    """Nothing."""
