"""Figures without a window on a screen: every experiment of a session is run to its end and drawn.

The pictures are made by the widgets that the window shows, at a size that is asked for, so that what
is rendered is what is seen. No thread runs: the runner is driven here, with a line of progress.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from math import inf
from pathlib import Path
from types import TracebackType

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget

from engine.config import Problem
from engine.run_arrays import run_arrays
from engine.runner import Finish, Runner
from engine.session import Look, Session, SessionError, decode, home_of, placed
from gui.app.app import application
from gui.app.interrupt import held
from gui.app.render_order import ARRAYS, RenderOrder
from gui.app.session_views import check_looks
from gui.app.window import Window
from gui.export.animation import Film, can_film, shoot
from gui.export.carried import session_bytes
from gui.export.export import png_of
from gui.export.figures import FILMS, Figure, figures_of, file_name
from gui.export.files import write
from gui.export.stage import Stage
from gui.look.formula_label import Formula
from gui.look.plain import plain_name
from gui.look.preferences import Preferences
from gui.screen.playback import Playback

LONG = 600  # characters of a message in the terminal


class Reports:
    """Counts errors that are reported, not raised, and passes them on: a picture is wrong after one."""

    def __init__(self) -> None:
        self.number, self.before = 0, sys.excepthook

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.number += 1
        self.before(kind, error, trace)


def render_session(order: RenderOrder) -> int:
    """Make the figures; returns the exit code. What is wrong is said in one line.

    After an error that nobody expected the code is 1, also if there are pictures.
    """
    sys.excepthook = reports = Reports()
    try:
        return _try_to_render(order) or min(reports.number, 1)
    finally:
        sys.excepthook = reports.before


def _try_to_render(order: RenderOrder) -> int:
    try:
        names, formats, size = order.experiments(), order.formats(), order.pixels()
        order.check_numbers()
        order.paper()
    except Problem as problem:
        print(f"render: {problem}", file=sys.stderr)
        return 2
    try:
        session = placed(decode(session_bytes(order.session)), home_of(order.session))
        check_looks(session)
        order.check_files(session)
        order.out.mkdir(parents=True, exist_ok=True)
        for path in _render(
            order, session, names or list(session.experiments) or [session.open], formats, size
        ):
            print(path, flush=True)
    except Problem as problem:
        place = f" ({plain_name(problem.where, LONG)})" if problem.where else ""
        print(f"{order.session}: {plain_name(str(problem), LONG)}{place}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or order.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _render(
    order: RenderOrder, session: Session, names: list[str], formats: list[str], size: tuple[int, int]
) -> Iterator[Path]:
    application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(settings)
        preferences.theme = order.theme or session.theme or "light"
        preferences.motion = "less"
        preferences.language = order.language or session.language or "en"
        with held():
            window = Window(preferences, Path(folder))
            window.restore(replace(session, language=preferences.language, theme=preferences.theme))
        for name in names:
            with held():
                window.show_experiment(name)
            _run_to_end(window.playback, session.looks.get(name, Look()).step)
            with held():
                _show(window, size)
            yield from _save(window, order, name, formats)
        window.clock.stop()
        window.deleteLater()


def _run_to_end(playback: Playback, step: int | None) -> None:
    """Run the playback's run and those behind it; stand at the step of the session, or else at the end."""
    for runner in [playback.runner, *(pin.runner for pin in playback.behind)]:
        _drive(runner)
    playback.playing = False
    playback.playhead = float(playback.runner.recording.last if step is None else step)
    with held():
        playback.tick(0.0)


def _drive(runner: Runner) -> None:
    runner.goal = inf
    shown = -1
    try:
        while runner.has_work:
            runner.advance()
            percent = 100 * max(runner.recording.last, 0) // max(runner.last_step, 1)
            if percent != shown:
                shown = percent
                _tell(runner.experiment.name, percent)
    finally:
        if shown >= 0:
            _tell()
    if runner.finish is Finish.FAILED and runner.problem is not None:
        raise SessionError(runner.problem.sentence, where=runner.experiment.name, **runner.problem.values)


def _show(window: Window, size: tuple[int, int]) -> None:
    """Lay the window out at a size and draw, without it ever being on a screen."""
    window.resize(*size)
    window.show()
    window.on_screen.tick(0.0)
    _settle(window)
    window.on_screen.draw()
    window.on_screen.view.catch_up()
    window.on_screen.draw()
    window.uncover()
    _settle(window)


def _settle(widget: QWidget) -> None:
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QApplication.processEvents()
        for formula in widget.findChildren(Formula):
            formula.finish()
    widget.repaint()


def _save(window: Window, order: RenderOrder, name: str, formats: list[str]) -> Iterator[Path]:
    if order.window:
        path = order.out / f"{name}-window.png"
        with held():
            write(path, png_of(window.grab().toImage()))
        yield path
        return
    for kind in formats:
        if kind in ARRAYS:
            playback, path = window.playback, order.out / f"{file_name(name)}.{kind}"
            found = run_arrays(playback.experiment, playback.config, playback.recording, playback.step)
            write(path, ARRAYS[kind](found))
            yield path
            continue
        if kind in FILMS:
            yield from _films(window, order, name, kind)
            continue
        for figure in figures_of(window.on_screen, order.paper()):
            path = order.out / f"{figure.name}.{kind}"
            if kind != "csv" and figure.panel is None and (reason := _no_room(figure)):
                print(f"{figure.name}: {reason}", file=sys.stderr)  # each plot alone may have room
                continue
            with closing(figure.save(path, kind, order.dpi, order.bom)) as work:
                for share in _each_held(work):
                    _tell(path.name, round(100 * share))
            _tell()
            yield path


def _no_room(figure: Figure) -> str:
    """Why the plots of a figure do not fit on its paper; nothing where they do."""
    try:
        figure.drawing.check()
    except Problem as problem:
        return str(problem)
    return ""


def _films(window: Window, order: RenderOrder, name: str, kind: str) -> Iterator[Path]:
    """The animations of an experiment, where it has steps."""
    if not can_film(window.playback.recording):
        print(f"{name}: no steps, no animation", file=sys.stderr)
        return
    film = Film(frames=order.frames, fps=order.fps, width=order.width)
    with closing(Stage(window.on_screen, order.paper())) as stage:
        for index, figure in enumerate(figures_of(window.on_screen)):
            path = order.out / f"{figure.name}.{kind}"
            with closing(shoot(stage, index, path, film)) as work:
                for share in _each_held(work):
                    _tell(path.name, round(100 * share))
            _tell()
            yield path


def _each_held(work: Iterator[float]) -> Iterator[float]:
    """The same work, that Ctrl+C ends between two of its parts."""
    while True:
        with held():
            share = next(work, None)
        if share is None:
            return
        yield share


def _tell(what: str = "", percent: int | None = None) -> None:
    """Say on the terminal how far it is, in one line; without words, go to the next."""
    if sys.stderr.isatty():
        print(
            "" if percent is None else f"\r{what}: {percent} %",
            end="\n" if percent is None else "",
            file=sys.stderr,
            flush=True,
        )
