"""What is set up in a window, without any widget: the page of each experiment, one of them on the screen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engine.experiments import EXPERIMENTS
from engine.session import Look, Session
from gui.engine_thread import EngineThread
from gui.page import Page
from gui.page_state import Memo
from gui.shelf import Shelf
from gui.view import follower, view_type


class Desk:
    """The pages, and what is set up for the experiments that have none yet."""

    def __init__(self, engine: EngineThread, first: str) -> None:
        self.engine = engine
        self.pages: dict[str, Page] = {}  # by experiment; the latest shown is the last
        self._opened = Session()
        self._memos: Mapping[str, Memo] | None = None  # where the session was here before
        self._shelf = Shelf(engine)
        self.page = self.bring(first)

    def bring(self, name: str) -> Page:
        """Have the page of an experiment on the screen."""
        if name not in self.pages:
            view = view_type(name)
            page = Page(EXPERIMENTS[name], self.engine, view.pace, follower(view), self._shelf)
            look, again = self._opened.looks.get(name, Look()), self._memos is not None
            page.restore(self._opened.config(name), look, again)
            page.memo = (self._memos or {}).get(name, Memo())
            self.pages[name] = page
        self.page = self.pages[name] = self.pages.pop(name)
        return self.page

    def session(self, language: str, theme: str) -> Session:
        """All of it, as it is now."""
        configs = {name: page.config for name, page in self.pages.items()}
        looks = {name: page.look() for name, page in self.pages.items()}
        return Session(
            experiments={**self._opened.experiments, **configs},
            open=self.page.experiment.name,
            language=language,
            theme=theme,
            looks={**self._opened.looks, **looks},
        )

    def memos(self) -> dict[str, Memo]:
        """What of the experiments stands in no session."""
        return {**(self._memos or {}), **{name: page.memo for name, page in self.pages.items()}}

    @contextmanager
    def replaced_by(self, session: Session, memos: Mapping[str, Memo] | None = None) -> Iterator[None]:
        """Have a session here in place of everything; where the block raises, all is again as it was.

        One that was here before has `memos`, and finds the runs again that it had.
        """
        opened, page, pages, done = (self._opened, self._memos), self.page, dict(self.pages), False
        self.pages.clear()
        try:
            self._opened, self._memos = session, memos
            self.bring(session.open)
            yield
            done = True
        finally:
            for other in (pages if done else self.pages).values():
                other.close()
            if not done:
                (self._opened, self._memos), self.page = opened, page
                self.pages.clear()
                self.pages.update(pages)
