"""The right column: the text on the scene, the formulas with their present numbers, and the explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine.config import Config
from engine.gradient_check import GradientCheck
from gui.look.fold import Fold
from gui.look.language import tr
from gui.look.linked_formula import LinkedFormula
from gui.look.numbers import short_text
from gui.look.plain import as_plain
from gui.look.shown_terms import ShownTerm
from gui.look.theme import Theme
from gui.screen.growing_text import GrowingText
from gui.screen.reading import Explanation, SceneNotes
from gui.screen.scenes import Scene, scene_of, scenes_in

GOOD = ("#00734F", "#2EC49A")  # in the light theme, in the dark
NOTES = Path(__file__).resolve().parents[2] / "resources" / "notes"


@dataclass(frozen=True)
class Check:
    """The result of a numeric gradient check: the relative error, and whether it is small enough."""

    max_relative_error: float
    passed: bool


Badge = GradientCheck | Check
Terms = tuple[ShownTerm, ...]


@dataclass(frozen=True)
class Live:
    """One formula (translated title, LaTeX) and its present values, as text.

    `plain` is a formula of the user, as it was typed. If the letters do not have their present values in it,
    as in "if p were 1", it is not `told`: no values are shown for the letters.
    """

    title: str
    latex: str
    numbers: str = ""
    check: Badge | None = None
    plain: str = ""
    told: bool = True


def notes_file(experiment: str, language: str) -> Path:
    """Return the file of the explanation of an experiment such as "optimizers.race"; English if there is no
    other.
    """
    tail = Path(*experiment.split(".")).with_suffix(".md")
    found = NOTES / language / tail
    return found if found.exists() else NOTES / "en" / tail


class NotesPanel(QScrollArea):
    """Shows formulas whose numbers change sixty times a second, and a text."""

    experiment_requested = Signal(str)  # a link names another experiment
    tried = Signal(object)  # what a button of the scene does: a Try
    entry_requested = Signal(str)  # a word or a term of a formula is in the glossary: the key of its entry

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.experiment = ""  # what the notes are about
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the text in it takes the focus
        self.setAccessibleName(tr("Notes"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(theme.px(240))
        self.blocks: list[LiveBlock] = []
        self.setStyleSheet(
            f"QScrollArea, #notes, QTextBrowser {{ background: transparent; border: none; }}"
            f"QTextBrowser {{ font-size: {theme.notes_px}px; }}"
            f"QTextBrowser:focus {{ border: 1px solid {theme.accent}; }}"
        )
        inside = QWidget(self.viewport())
        inside.setObjectName("notes")
        self.setWidget(inside)  # while it is empty, because Qt measures it here
        self.scene, self.text = SceneNotes(theme), Explanation(theme)
        self.scene.tried.connect(self.tried)
        self.more = Fold(tr("Read on"), "read on", theme)
        self.more.toggled.connect(self.text.setVisible)
        self._scenes: tuple[Scene, ...] = ()
        self._scene_of: tuple[object, ...] = ()  # the scenes, settings and options of the scene that is shown
        for text in (self.text, self.scene.words):
            text.anchorClicked.connect(self._follow)
            text.entry_requested.connect(self.entry_requested)
        margin = theme.px(16)
        column = QVBoxLayout(inside)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.px(16))
        self._live = QVBoxLayout()
        self._live.setSpacing(theme.px(14))
        column.addWidget(self.scene)
        column.addLayout(self._live)
        column.addWidget(self.more)
        column.addWidget(self.text)
        column.addStretch(1)

    def set_live(self, blocks: Sequence[Live], terms: Sequence[Terms] = ()) -> None:
        """Show formulas and numbers; if only numbers have changed, only they are drawn again.

        `terms` are those of each formula that can be pointed at.
        """
        while len(self.blocks) < len(blocks):
            before = [self.scene.words, *self.scene.buttons, *(block.formula for block in self.blocks)][-1]
            self.blocks.append(LiveBlock(self.theme))
            self._live.addWidget(self.blocks[-1])
            self.setTabOrder(before, self.blocks[-1].formula)
        for k, (block, live) in enumerate(zip(self.blocks, blocks, strict=False)):
            block.show_live(live, terms[k] if k < len(terms) else ())
        for index, block in enumerate(self.blocks):
            if block.isHidden() == (index < len(blocks)):
                block.setVisible(index < len(blocks))

    def show_file(self, path: Path, experiment: str = "") -> None:
        """Show the explanation of an experiment; a file that is not there leaves the place empty."""
        self.experiment = self.text.experiment = self.scene.words.experiment = experiment
        self.show_markdown(path.read_text(encoding="utf-8") if path.is_file() else "")

    def show_markdown(self, markdown: str) -> None:
        """Show an explanation in Markdown with $formulas$; if it has scenes, the rest is folded."""
        self._scenes, rest = scenes_in(markdown)
        self.more.setVisible(bool(self._scenes))
        self.text.setVisible(not self._scenes or self.more.isChecked())
        self.text.set_markdown(rest)

    def show_scene(self, config: Config, look: Config) -> None:
        """Show the text for the scene of these settings; called with every change of the numbers."""
        if (self._scenes, config, look) != self._scene_of:
            self._scene_of = self._scenes, config, look
            self.scene.show_scene(scene_of(self._scenes, config), config, look)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "experiment":
            self.experiment_requested.emit(url.path())


class LiveBlock(QWidget):
    """Title, badge, formula and numbers below each other; or all in one line, without the badge."""

    def __init__(self, theme: Theme, beside: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head, self.formula = Head(theme), LinkedFormula(theme)
        self.numbers = GrowingText(theme, theme.text_px, Qt.AlignmentFlag.AlignTop)
        self._beside = beside
        whole: QBoxLayout = QHBoxLayout(self) if beside else QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(20 if beside else 4))
        for widget, share in ((self.head, 0), (self.formula, 3), (self.numbers, 2)):
            whole.addWidget(widget, share * beside)

    def show_live(self, live: Live, terms: Terms = ()) -> None:
        """Show a formula with its terms, and its numbers."""
        self.head.show_head(live.title, None if self._beside else live.check)
        if self._beside:
            self.head.setFixedWidth(self.head.wanted)
        self.head.setVisible(bool(live.title) or live.check is not None)
        if live.latex != self.formula.latex:
            self.numbers.forget_height()
        self.formula.show_terms(live.latex, live.plain, terms)
        self.numbers.set_text(live.numbers)


class Head(QWidget):
    """A quiet title, with the badge of the gradient check at the right end of its line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[str, Badge | None] = ("", None)
        self.setFixedHeight(theme.px(18))

    def show_head(self, title: str, check: Badge | None) -> None:
        """Show a title and a check."""
        if (title, check) != self._shown:
            self._shown = (title, check)
            self.setAccessibleName(f"{title} {self.badge}".strip())
            self.setToolTip(as_plain(title))
            self.update()

    @property
    def wanted(self) -> int:
        """Return the width of its title."""
        return QFontMetrics(self._theme.font(self._theme.px(12))).horizontalAdvance(self._shown[0]) + 2

    @property
    def badge(self) -> str:
        """The text of the badge; "" without a check."""
        check = self._shown[1]
        if check is None:
            return ""
        digits = 1 if check.passed else 2  # 0.97 is not written as 1
        error = short_text(check.max_relative_error, digits)
        return tr("gradient check {error}", error=error) + (" ✓" if check.passed else " ✗")

    def _badge_width(self) -> int:
        metrics = QFontMetrics(self._theme.font(self._theme.small_px))
        return metrics.horizontalAdvance(self.badge) + self._theme.px(14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the title, then the badge in green or red."""
        theme, (title, check) = self._theme, self._shown
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(theme.px(12)))
            painter.setPen(QColor(theme.quiet))
            room = self.width() - (self._badge_width() + theme.px(6) if check is not None else 0)
            words = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)
            if check is not None:
                self._paint_badge(painter, check.passed)

    def _paint_badge(self, painter: QPainter, passed: bool) -> None:
        theme, badge = self._theme, self.badge
        colour = QColor(GOOD[theme.dark] if passed else theme.error)
        painter.setFont(theme.font(theme.small_px))
        width = self._badge_width()
        area = QRectF(self.width() - width, 0.5, width - 0.5, self.height() - 1)
        soft = QColor(colour)
        soft.setAlphaF(0.12)
        painter.setBrush(soft)
        painter.setPen(colour)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, badge)
