"""The numbers in the formulas: shown so seldom that they can be read, and only while they are seen."""

from math import inf

from gui.plots.painting import reported
from gui.screen.notes import NotesPanel
from gui.screen.showing import Showing
from gui.screen.speech import Speech
from gui.screen.view import View

EVERY = 0.05  # seconds between changes of the numbers, so that they can be read
PLAYED, SELDOM = 0.1, 0.2  # … while a run is played, and at full speed


class LiveNumbers:
    """Shows the formulas of a view with the numbers of the step, or later if it is too soon."""

    def __init__(self, speech: Speech, notes: NotesPanel, presenting: bool) -> None:
        self._speech, self._notes, self._presenting = speech, notes, presenting
        self.age = inf  # seconds since they were shown
        self.late = False  # whether there are newer ones

    def due(self, every: float = EVERY) -> bool:
        """Whether there are newer ones, and the last ones could be read."""
        return self.late and self.age >= every

    def offer(self, view: View, showing: Showing) -> None:
        """Show them if it is not too soon; while a run streams, and in a drag, later with the next ones."""
        self.late = True
        if self.age >= EVERY and not view.fills.hurried:
            self.show(view, showing)

    def show(self, view: View, showing: Showing) -> None:
        """Show the numbers of the step, once the view shows this run."""
        self.late = True
        if not showing.has_begun:
            return
        if not (self._notes.isVisible() or self._presenting):
            self._speech.forget()  # they are shown when they become visible
            return
        self.late = False
        if self._notes.isVisible():
            self._notes.show_scene(showing.run.config, view.options)
        at = showing.moment(view)
        with reported():  # the rest of the screen follows the step nevertheless
            live = view.formulas(at) if at.last >= 0 else []
            if live is not None:  # else they are shown as soon as there is the answer that they wait for
                self.age = 0.0
                self._speech.show(live, at, self._presenting)
                self.late = view.waits  # formulas take values from plots, which are not drawn yet
