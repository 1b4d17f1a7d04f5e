"""What is set up in a window, without any widget: the page of each experiment, one of them on the screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.experiments import EXPERIMENTS
from engine.session import Look, Session
from gui.engine_thread import EngineThread
from gui.page import Page
from gui.view import follower, view_type


class Desk:
    """The pages, and what is set up for the experiments that have none yet."""

    def __init__(self, engine: EngineThread, first: str) -> None:
        self.engine = engine
        self.pages: dict[str, Page] = {}  # by experiment; the latest shown is the last
        self._opened = Session()
        self.page = self.bring(first)

    def bring(self, name: str) -> Page:
        """Have the page of an experiment on the screen."""
        if name not in self.pages:
            view = view_type(name)
            page = self.pages[name] = Page(EXPERIMENTS[name], self.engine, view.pace, follower(view))
            page.restore(self._opened.config(name), self._opened.looks.get(name, Look()))
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

    @contextmanager
    def replaced_by(self, session: Session) -> Iterator[None]:
        """Have a session here in place of everything; where the block raises, all is again as it was."""
        opened, page, pages, done = self._opened, self.page, dict(self.pages), False
        self.pages.clear()
        try:
            self._opened = session
            self.bring(session.open)
            yield
            done = True
        finally:
            for other in (pages if done else self.pages).values():
                other.close()
            if not done:
                self._opened, self.page = opened, page
                self.pages.clear()
                self.pages.update(pages)
