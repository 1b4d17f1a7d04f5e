"""What is set up in a window, without any widget: the playback of each experiment; one is on the screen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engine.experiments import EXPERIMENTS
from engine.session import Look, Session
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.playback_state import PlaybackMemo
from gui.screen.shelf import Shelf
from gui.screen.view import follower, view_type


class Desk:
    """The playbacks, and what is set up for the experiments that have none yet."""

    def __init__(self, engine: EngineThread, first: str) -> None:
        self.engine = engine
        self.playbacks: dict[str, Playback] = {}  # by experiment; the latest shown is the last
        self._opened = Session()
        self._memos: Mapping[str, PlaybackMemo] | None = None  # where the session was here before
        self._shelf = Shelf(engine)
        self.playback = self.bring(first)

    def bring(self, name: str) -> Playback:
        """Have the playback of an experiment on the screen."""
        if name not in self.playbacks:
            self.playbacks[name] = self._made(name)
        self.playback = self.playbacks[name] = self.playbacks.pop(name)
        return self.playback

    def _made(self, name: str) -> Playback:
        """The playback of an experiment as the session has it."""
        view, opened = view_type(name), self._opened
        memo = None if self._memos is None else self._memos.get(name, PlaybackMemo())
        return Playback(
            EXPERIMENTS[name],
            self.engine,
            view.pace,
            follower(view),
            self._shelf,
            config=opened.config(name),
            look=opened.looks.get(name, Look()),
            memo=memo,
        )

    def session(self, language: str, theme: str) -> Session:
        """Everything as it is now."""
        configs = {name: playback.config for name, playback in self.playbacks.items()}
        looks = {name: playback.look() for name, playback in self.playbacks.items()}
        return Session(
            experiments={**self._opened.experiments, **configs},
            open=self.playback.experiment.name,
            language=language,
            theme=theme,
            looks={**self._opened.looks, **looks},
        )

    def state(self) -> tuple[object, ...]:
        """What is saved in a session of the playback on the screen, to see whether any of it has changed."""
        playback = self.playback
        pins = tuple(pin.runner for pin in playback.pins)
        return playback, playback.config, pins, playback.branches, str(playback.options)

    def memos(self) -> dict[str, PlaybackMemo]:
        """What is remembered of the experiments but not saved in a session."""
        return {**(self._memos or {}), **{name: playback.memo for name, playback in self.playbacks.items()}}

    @contextmanager
    def replaced_by(
        self, session: Session, memos: Mapping[str, PlaybackMemo] | None = None
    ) -> Iterator[None]:
        """Have a session here in place of everything; where the block raises, all is again as it was.

        One that was here before has `memos`, and finds the runs again that it had.
        """
        opened, playback, done = (self._opened, self._memos), self.playback, False
        playbacks = dict(self.playbacks)
        self.playbacks.clear()
        try:
            self._opened, self._memos = session, memos
            self.bring(session.open)
            yield
            done = True
        finally:
            for other in (playbacks if done else self.playbacks).values():
                other.close()
            if not done:
                (self._opened, self._memos), self.playback = opened, playback
                self.playbacks.clear()
                self.playbacks.update(playbacks)
