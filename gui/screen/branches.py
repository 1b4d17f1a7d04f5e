"""The branches of a run, as a small tree under the timeline: a line each, the oldest on top.

A branch begins where it leaves an older one. A click leads to it, and so do the arrow keys; the Delete key,
its menu or its cross lets it go.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from engine.config import Config
from gui.look.language import tr
from gui.look.seen import see
from gui.look.theme import Theme
from gui.screen.branch_tree import HIGH, Branch, BranchRow, BranchTree, branches_of
from gui.screen.playback import Playback
from gui.screen.timeline import Timeline

SEEN, SEEN_LOW = 5, 2  # rows that are seen at once, and where the window is low
LOW = 800  # pixels of its height, at the ordinary size of text, below which it is


class Branches(QScrollArea):
    """The tree of a playback: not there before the first fork; of many branches some are seen at a time."""

    changed = Signal()  # another branch is on the screen, or one is gone
    opened = Signal(bool)  # whether there is a tree now

    def __init__(self, playback: Playback, timeline: Timeline, theme: Theme) -> None:
        super().__init__()
        self.playback, self.theme = playback, theme
        self.tree = BranchTree(timeline, theme)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows take the focus
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setAccessibleName(tr("Branches of the run"))
        self.setWidget(self.tree)
        self.viewport().setAutoFillBackground(False)
        self.tree.setAutoFillBackground(False)
        self._shown: object = None
        self.hide()

    @property
    def rows(self) -> Sequence[BranchRow]:
        """A row each, the oldest branch on top."""
        return self.tree.rows

    def refresh(self) -> None:
        """Show the branches as they are now."""
        playback = self.playback
        ends = [pin.runner.recording.last for pin in playback.others]
        run = playback.recording, playback.recording.last, playback.step
        shown = (playback.branches, playback.config, run, ends)
        if shown != self._shown:
            self._shown, before = shown, (len(self.rows), self._present())
            self._show(branches_of(playback))
            if len(self.rows) != before[0]:
                self._take_room()
            elif self._present() != before[1]:
                self._bring_into_sight()
        if self.rows:
            self._be_as_high()

    def _show(self, branches: Sequence[Branch]) -> None:
        while len(self.tree.rows) > len(branches):
            gone = self.tree.rows.pop()
            gone.setParent(None)
            gone.deleteLater()
        while len(self.tree.rows) < len(branches):
            self.tree.rows.append(self._row())
        for row, branch in zip(self.tree.rows, branches, strict=True):
            row.show_branch(branch, branch.config == self.playback.config)
        self.tree.step = self.playback.step
        self.tree.update()

    def _take_room(self) -> None:
        """Have a place for each row, and bring the present one into sight."""
        self.tree.place_rows()
        self._be_as_high()
        see(self, bool(self.rows))
        self.opened.emit(bool(self.rows))
        for row in self.rows:
            row.show()
        self._bring_into_sight()

    def _present(self) -> int | None:
        """The row of the branch on the screen."""
        return next((k for k, row in enumerate(self.rows) if row.isChecked()), None)

    def _bring_into_sight(self) -> None:
        if (present := self._present()) is not None:
            self.ensureWidgetVisible(self.rows[present], 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The present branch stays in sight, also where a session or a page is just being opened."""
        super().resizeEvent(event)
        self._bring_into_sight()

    def _be_as_high(self) -> None:
        """Be as high as the rows that are seen at once: few where the plots have little room."""
        low = self.window().height() < self.theme.px(LOW)
        high = self.theme.px(HIGH) * min(len(self.rows), SEEN_LOW if low else SEEN)
        if high != self.height():
            self.setFixedHeight(high)

    def _row(self) -> BranchRow:
        row = BranchRow(self.theme, self.tree)
        row.wanted.connect(self._go_to)
        row.closed.connect(self._close)
        row.left.connect(self._go_on)
        return row

    def _go_to(self, config: Config) -> None:
        self.playback.go_to(config)
        self._done()

    def _close(self, config: Config) -> None:
        had_focus = any(row.hasFocus() for row in self.rows)
        self.playback.close_branch(config)
        self._done()
        if had_focus:
            self._focus()

    def _go_on(self, by: int) -> None:
        """Be on the branch above or below."""
        place = self.playback.branches.index(self.playback.config) + by
        if 0 <= place < len(self.rows):
            self._go_to(self.playback.branches[place])
            self._focus()

    def _focus(self) -> None:
        """Have the focus on the branch that is on the screen."""
        if (present := self._present()) is not None:
            self.rows[present].setFocus(Qt.FocusReason.OtherFocusReason)
            self._bring_into_sight()

    def _done(self) -> None:
        self.refresh()
        self.changed.emit()
