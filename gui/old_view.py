"""A view as they were before pages: it is begun for a run, then drawn at its steps. None is to be added."""

from collections.abc import Sequence
from typing import Any

from engine.config import Config, replaced
from engine.recording import Recording
from gui.moment import Ghost, Moment
from gui.notes import Live
from gui.questions import Answer
from gui.theme import Theme
from gui.view import View


class OldView(View):
    """Base of the views that are not yet pages."""

    checked: Any

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self._begun_with: tuple[object, ...] = ()

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a run of `config`; called before its first `draw`, and when ghosts change."""
        raise NotImplementedError

    def draw(self, recording: Recording, step: int) -> None:
        """Show the run as it was at `step`."""
        raise NotImplementedError

    def live(self, recording: Recording, step: int) -> list[Live] | None:
        """The formulas with their numbers at `step`; None while they are asked for: the old ones stand."""
        raise NotImplementedError

    def moment(self, recording: Recording, step: int) -> str | None:
        """Where in its run a figure shows it, in words; None where the timeline counts steps."""
        return None

    def show_moment(self, at: Moment[Any, Any]) -> None:
        """Begin where the run, or a pinned one, is another; then draw."""
        key = (at.config, at.recording, at.ghosts)
        if not self._begun_with or any(
            one is not other for one, other in zip(key, self._begun_with, strict=True)
        ):
            self._begun_with = ()
            self.options = at.options
            self.begin(at.config, at.ghosts)
            self._begun_with = key
        if at.last >= 0:
            self.draw(at.recording, at.step)

    def formulas(self, at: Moment[Any, Any]) -> list[Live] | None:
        return self.live(at.recording, at.step)

    def when(self, at: Moment[Any, Any]) -> str | None:
        return self.moment(at.recording, at.step)

    def _take_answer(self, answer: Answer) -> None:
        """Leave it to the view, which hears of answers itself, a check of its gradients among them."""

    def set_option(self, **changes: object) -> None:
        self.options = replaced(self.options, **changes)
        self.options_changed.emit(self.options)
