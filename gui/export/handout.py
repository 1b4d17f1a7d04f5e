"""The content of a handout, a lesson on paper. `handout_html` and `handout_pdf` write it."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QApplication, QWidget

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.lessons.check import config_of
from engine.lessons.facts import RunFacts
from engine.lessons.lesson import Lesson, LessonStop, StopText
from engine.lessons.question import DrawQuestion, NumberQuestion, ReachQuestion
from engine.runner import Finish, Runner
from engine.session import Look
from engine.setting_paths import plain_values, with_values
from gui.export.composite import Composite
from gui.export.export import Paintable, png_of, svg_of
from gui.export.export import picture as picture_of
from gui.export.figures import figures_of
from gui.export.paper import MILLIMETRES, Paper
from gui.form.settings_text import differences_text
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.look.theme import LIGHT
from gui.plots.own.sketch import SketchPanel
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.playback_state import StopScene
from gui.screen.screen import Screen
from gui.screen.view import view_type

WIDTH = 170.0  # millimetres of a figure, as wide as the text
TALLEST = 125.0  # the greatest height of a figure in millimetres, if its plots have room in it
LETTERS = 7.5  # size of the letters in points
STAGE = 860, 560  # size in pixels of the page from which a figure is made
SKETCH = 420, 220  # size in pixels of a plot to sketch in
LARGEST = 150_000  # a vector drawing with more bytes is replaced by a picture of pixels
FINE = 192  # dots an inch of such a picture
EMPTY = re.compile(r"<g [^>]*>\s*</g>\s*")
FAMILY = re.compile(r'font-family="[^"]*" ?')
AT_ONCE = 200  # frames of a run between two shares that are told


@dataclass(frozen=True)
class HandoutPicture:
    """A picture as a file and as recorded painting; its size is in pixels of 1/96 inch."""

    kind: str  # "svg+xml" or "png"
    data: bytes
    strokes: QPicture
    width: float
    height: float
    caption: str = ""


@dataclass(frozen=True)
class HandoutStop:
    """A stop of a handout."""

    number: int
    text: StopText
    minutes: float
    question: str = ""  # its kind, as in the file of the lesson: "choose", "number" …; empty without one
    unit: str = ""
    solution: str = ""  # what is right, where that is a number or a state
    figure: HandoutPicture | None = None
    sketch: HandoutPicture | None = None  # axes to sketch into
    curve: HandoutPicture | None = None  # what comes


@dataclass(frozen=True)
class Handout:
    """A lesson in one language, with or without the notes for the teacher."""

    title: str
    about: str
    minutes: float
    language: str
    teacher: bool
    stops: tuple[HandoutStop, ...]


def language_for(lesson: Lesson, wanted: str) -> str:
    """Return the language of a handout: the wanted one if every stop has it, else the first."""
    known = lesson.languages or tuple(lesson.stops[0].texts)
    return wanted if wanted in known else known[0]


def handout_of(lesson: Lesson, language: str, teacher: bool = False) -> Generator[float, None, Handout]:
    """Make the handout of a lesson in a language, with its figures; yield the fraction done.

    Raises:
        Problem: the scene of a stop cannot be shown.
    """
    stops, count = [], len(lesson.stops)
    for k, stop in enumerate(lesson.stops):
        text = stop.texts.get(language) or next(iter(stop.texts.values()))
        made = yield from _shares(_stop(k + 1, stop, text, language), k, count)
        stops.append(made)
    title = lesson.titles.get(language, lesson.titles[""])
    about = lesson.about.get(language, "")
    return Handout(title, about, lesson.minutes, language, teacher, tuple(stops))


def _shares(
    work: Generator[float, None, HandoutStop], done: int, count: int
) -> Generator[float, None, HandoutStop]:
    """The shares of one piece of work, as shares of all."""
    while True:
        try:
            share = next(work)
        except StopIteration as end:
            made: HandoutStop = end.value
            return made
        yield max(done + share, 0.01) / count


def _stop(
    number: int, stop: LessonStop, text: StopText, language: str
) -> Generator[float, None, HandoutStop]:
    scene, question = stop.scene, stop.scene.question
    kind = str(question.__struct_config__.tag) if question is not None else ""
    with _on_stage(stop, language) as screen:
        playback = screen.playback
        asks = isinstance(question, DrawQuestion)  # then what comes is not in the figure
        playback.scene = StopScene((scene.step or 0) if asks else None)
        yield from _drive(playback.runner, inf if scene.step is None else scene.step)
        _stand(screen, scene.step)
        figure = _figure(screen)
        playback.scene = None
        sketch = curve = None
        if isinstance(question, DrawQuestion):
            yield from _drive(playback.runner, question.steps)
            sketch, curve = (_sketch(question, playback.runner, told) for told in (False, True))
        facts = RunFacts(
            playback.config, playback.runner.recording, scene.step or 0, playback.runner.last_step
        )
    return HandoutStop(
        number,
        text,
        scene.minutes,
        kind,
        question.unit_in(language) if isinstance(question, NumberQuestion) else "",
        _solution(stop, facts, language),
        figure,
        sketch,
        curve,
    )


def _solution(stop: LessonStop, facts: RunFacts, language: str) -> str:
    """What is right: the number, or settings that reach the state; empty where the text alone says it."""
    question = stop.scene.question
    if isinstance(question, NumberQuestion):
        right = question.right(facts)
        return "" if right is None else f"{number_text(right).strip()} {question.unit_in(language)}".strip()
    if isinstance(question, ReachQuestion) and question.solution is not None:
        solved = with_values(facts.config, question.solution.settings)
        words = [differences_text(facts.config, solved)] if solved != facts.config else []
        if question.solution.step is not None:
            words.append(tr("step {k}", k=question.solution.step))
        return ", ".join(words)
    return ""


# Figures


@contextmanager
def _on_stage(stop: LessonStop, language: str) -> Iterator[Screen]:
    """The page of a stop, out of sight, with nothing computed yet."""
    scene, name = stop.scene, stop.scene.experiment
    config, view = config_of(stop), view_type(name)
    options = plain_values(with_values(view.options_type(), scene.options))
    engine = EngineThread()  # it never runs: the run is driven here
    playback = Playback(
        EXPERIMENTS[name], engine, view.pace, config=config, look=Look(step=scene.step, options=options)
    )
    screen = Screen(playback, LIGHT, language)
    screen.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    screen.show_form(False)
    screen.show_notes(False)
    screen.resize(*STAGE)
    try:
        screen.show()
        yield screen
    finally:
        screen.close()
        playback.close()
        screen.deleteLater()
        QApplication.sendPostedEvents(screen, QEvent.Type.DeferredDelete.value)


def _drive(runner: Runner, goal: float) -> Generator[float]:
    """Compute up to a step; a run that fails ends the handout."""
    runner.goal = goal
    while runner.has_work:
        for _ in range(AT_ONCE):
            if runner.has_work:
                runner.advance()
        end = min(goal, max(runner.last_step, 1))
        yield min(max(runner.recording.last, 0) / max(end, 1), 1.0) * 0.9
    if runner.finish is Finish.FAILED and runner.problem is not None:
        raise runner.problem


def _stand(screen: Screen, step: int | None) -> None:
    """Show a step, or the one that the page opens on, and lay everything out."""
    playback, last = screen.playback, screen.playback.runner.recording.last
    playback.new = playback.playing = False
    playback.playhead = float(last if step is None else step)
    screen.tick(0.0)
    _settle(screen)
    at = screen.view.at
    told = screen.view.opens_on(at) if step is None and at is not None and at.last >= 0 else None
    if told is not None:
        playback.playhead = float(min(told, last))
    for _ in range(2):
        screen.draw()
        screen.view.catch_up()
        _settle(screen)


def _settle(screen: Screen) -> None:
    """Lay everything out now, as the event loop would do it later."""
    for _ in range(3):
        for widget in (screen, *screen.findChildren(QWidget)):
            QApplication.sendPostedEvents(widget, QEvent.Type.LayoutRequest.value)


def _figure(screen: Screen) -> HandoutPicture | None:
    """The plots that are on show, as wide as the text; none where there are none."""
    if not screen.view.panels():
        return None
    drawing = _drawing(screen, (WIDTH, 0.0))
    if drawing.size[1] * drawing.zoom > TALLEST * MILLIMETRES:
        lower = _drawing(screen, (WIDTH, TALLEST))
        try:
            lower.check()
            drawing = lower
        except Problem:
            pass  # its plots need the height
    caption = " · ".join(filter(None, (drawing.title, drawing.subtitle)))
    return _picture(drawing, drawing.size, drawing.zoom, caption)


def _drawing(screen: Screen, mm: tuple[float, float]) -> Composite:
    paper = Paper(mm, LETTERS, title=False, settings=False, marks=True)
    return figures_of(screen, paper)[0].drawing


def _sketch(question: DrawQuestion, runner: Runner, told: bool) -> HandoutPicture:
    """Axes to sketch into, with the curve that comes if it is `told`."""
    panel = SketchPanel(tr("What you expect"), LIGHT, question.steps, question.low, question.high)
    panel.resize(*SKETCH)
    if told:
        panel.title = ""
        panel.show_curve(runner.recording.column(question.scalar))
    made = _picture(panel, SKETCH, 1.0)
    panel.deleteLater()
    return made


def _picture(drawing: Paintable, size: tuple[float, float], zoom: float, caption: str = "") -> HandoutPicture:
    strokes = QPicture()
    with QPainter(strokes) as painter:
        painter.scale(zoom, zoom)
        drawing.paint(painter, QRectF(0, 0, *size))
    kind, data = "svg+xml", _lean(svg_of(drawing, size, caption, zoom))
    if len(data) > LARGEST:
        kind, data = "png", png_of(picture_of(drawing, size, FINE, zoom))
    return HandoutPicture(kind, data, strokes, size[0] * zoom, size[1] * zoom, caption)


def _lean(svg: bytes) -> bytes:
    """The same drawing in a third of the bytes: Qt writes empty groups, and the fonts of each."""
    words, count = svg.decode("utf-8"), 1
    while count:
        words, count = EMPTY.subn("", words)
    family = FAMILY.search(words)
    if family is not None:
        words = words.replace(family[0], "").replace("<svg ", f"<svg {family[0]}", 1)
    return re.sub(r"\s*\n\s*", "\n", words).encode("utf-8")
