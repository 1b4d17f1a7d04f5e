"""Over the settings: whether an edit holds from the start of the run, or from the step on the screen on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gui.form.base import LIVE
from gui.look.language import tr
from gui.look.theme import Theme
from gui.screen.playback import Playback

SMALL = 12  # pixels of its letters, at the ordinary size of text
LONG = 100_000  # steps whose number has no room in a narrow form


class SinceChoice(QWidget):
    """Two buttons side by side, of which one is pressed in. It shows a playback, and sets what it wants."""

    chosen = Signal()

    def __init__(self, playback: Playback, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.playback, px = playback, theme.px
        self.setObjectName("since")
        self.setAccessibleName(tr("From which step on a setting holds"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"#since QToolButton {{ border: 1px solid {theme.hairline}; background: {theme.plot};"
            f" padding: {px(3)}px {px(1)}px; margin: 0; font-size: {px(SMALL)}px; color: {theme.quiet}; }}"
            f"#since QToolButton:checked {{ color: {theme.accent_text}; background: {theme.accent};"
            f" border-color: {theme.accent}; }}"
            f"#since QToolButton:focus {{ text-decoration: underline; }}"
        )
        self.start = self._button(tr("From the start"))
        self.here = self._button("")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(8), px(8), px(2))
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for button in (self.start, self.here):
            self._group.addButton(button)
            row.addWidget(button, 1)
        self._group.buttonClicked.connect(self._choose)
        self._branches: bool | None = None  # whether there are any, as the tip says
        self._step: int | None = None  # what is shown: the step, or −1 − step where nothing can change there
        self.refresh()

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _choose(self, button: QToolButton) -> None:
        self.playback.from_here = button is self.here
        self.refresh()
        self.chosen.emit()

    def refresh(self) -> None:
        """Show from which step on an edit would hold, and which of the two is wanted."""
        here, playback = self.playback.here, self.playback
        wanted = self.here if playback.from_here and here is not None else self.start
        if not wanted.isChecked():
            wanted.setChecked(True)
        if (branches := bool(playback.branches)) != self._branches:
            self._branches = branches
            self.start.setToolTip(_tip_of_start(branches))
        step = playback.step
        if (told := step if here is not None else -1 - step) == self._step:
            return
        self._step = told
        self.here.setEnabled(here is not None)
        self.here.setText(tr("From step {step}", step=step) if step < LONG else tr("From here on"))
        self.here.setAccessibleName(self.here.text())
        self.here.setToolTip(_tip(step, here is not None))


def _tip_of_start(branches: bool) -> str:
    if branches:
        return tr(
            "What is set below holds from the first step on: the run and its branches start over,"
            " each with its own changes of everything else"
        )
    return tr("What is set below holds from the first step on: the run starts over")


def _tip(step: int, able: bool) -> str:
    if able:
        return tr(
            "What has a {mark} below may change now: the run goes on from this step with the same batches"
            " and the same chance. Everything else starts the run over.",
            mark=LIVE,
        )
    if step == 0:
        return tr("At the start of the run both are the same: let it run, or go to a later step")
    return tr("The run ends at this step: go back to an earlier one to change what comes after it")
