"""A lesson is a Markdown file: a head, then stops in order, each with a scene, texts, and perhaps a question.

    # Start here

    ```toml
    lesson = 1
    title.zh_CN = "从这里开始"
    ```

    ## ball

    ```toml
    experiment = "optimizers.race"
    minutes = 2
    settings."racers.0.learning_rate" = 0.001
    options.layout = "contour"
    step = 40
    locked = ["surface"]
    question.kind = "reach"
    question.until = "0.f < 0.1"
    ```

    ### en: A ball on a hill

    Text in Markdown with $formulas$.

    ? Find a learning rate with which f falls below 0.1.
    > Larger steps go farther.
    > (diverged(0.f)) Now it is too large: it diverged.
    ! The ball has found the valley.

    ### zh_CN: 山上的小球

    …

Any editor and any Markdown viewer can show the file. The blocks of TOML say what the program does; all texts
are outside of them, under the heading of their language. A stop contains only what differs from the defaults
of its experiment. `?` begins the question, and each `>` a hint after a wrong answer, which may have a
condition in brackets; `!` begins the text after the right answer. If the question offers answers to choose
from, each answer is a line, the right ones are ticked, and a hint below a line belongs to that answer:

    ? Which of the two arrives first?
    - [ ] Gradient descent
      > It has no memory.
    - [x] Momentum

`#### Teacher` begins the notes for the teacher, up to the end of the text: what to say, what to ask the
class, frequent answers, how to go on. They are there in every language or in none. The file is read strictly,
and only as data: no code in it is run. An error names its line.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine import files
from engine.config import Problem, problem_from
from engine.lessons.lesson import Lesson, LessonError, LessonHead, LessonScene, LessonStop, StopText
from engine.lessons.lesson_text import FENCE, LessonLine, check_alike, text_of

SCHEMA = 1
LARGEST = 2 * 2**20  # bytes
MOST_STOPS = 200
SUFFIX = ".nabla-lesson.md"
TITLE, STOP, TEXT = "# ", "## ", "### "
NO_HEADING = "A text stands under a heading with its language, as in: ### en: Title"
LANGUAGE = re.compile(r"(?P<language>[a-z]{2,3}(?:_[A-Z][A-Za-z]{1,3})?): *(?P<title>\S.*)")
NAME = re.compile(r"[a-z][a-z0-9_-]*")


def load(path: str | os.PathLike[str]) -> Lesson:
    """Read a lesson.

    Raises:
        LessonError: the file cannot be read, or is no lesson.
    """
    try:
        data = files.read_bytes(path, LARGEST)
    except Problem as problem:
        raise LessonError(problem.sentence, where=problem.where, **problem.values) from problem
    if len(data) > LARGEST:
        raise LessonError("The file is too large to be a lesson.")
    try:
        lesson = read(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise LessonError("The file is not UTF-8.", where=f"line {line}") from error
    folder = Path(os.path.realpath(path)).parent
    return lesson._replace(stops=tuple(stop._replace(folder=folder) for stop in lesson.stops))


def read(text: str) -> Lesson:
    """Read a lesson from the text of its file; raises `LessonError` like `load`."""
    (heading, body), *rest = _parts(_lines(text), (TITLE, STOP))
    head = _head(heading, body)
    if not 0 < len(rest) <= MOST_STOPS:
        raise LessonError(
            "A lesson has 1 to {most} stops, as in: ## name", where=heading.place, most=MOST_STOPS
        )
    stops: list[LessonStop] = []
    for line, body in rest:
        stops.append(_stop(line, body, stops))
    return Lesson(_titles(heading, head), head.about, tuple(stops))


def read_titles(text: str) -> dict[str, str]:
    """The titles of a lesson by language, as in a `Lesson`, without reading its stops.

    Raises:
        LessonError: its head cannot be read.
    """
    heading, body = next(_parts(_lines(text.partition(f"\n{STOP}")[0]), (TITLE,)))
    return _titles(heading, _head(heading, body))


def _lines(text: str) -> list[LessonLine]:
    return [LessonLine(k, line.rstrip()) for k, line in enumerate(text.splitlines(), 1)]


def _head(heading: LessonLine, body: list[LessonLine]) -> LessonHead:
    """What stands under the title."""
    if not heading.text.startswith(TITLE):
        raise LessonError("A lesson begins with its title, as in: # Title", where=LessonLine(1, "").place)
    raw, others = _block(heading, body)
    head: LessonHead = _convert(raw, LessonHead, heading)
    if head.lesson != SCHEMA:
        raise LessonError("This Nabla reads lessons of version {n} only.", where=heading.place, n=SCHEMA)
    _nothing_in(others)
    return head


def _titles(heading: LessonLine, head: LessonHead) -> dict[str, str]:
    return {"": heading.text[len(TITLE) :].strip(), **head.title}


def _parts(lines: list[LessonLine], heads: tuple[str, ...]) -> Iterator[tuple[LessonLine, list[LessonLine]]]:
    """Yield each heading of these levels with the lines under it; code between fences has no headings."""
    head, body, fenced = LessonLine(0, ""), list[LessonLine](), False
    for line in lines:
        fenced ^= line.text.startswith(FENCE)
        if not fenced and line.text.startswith(heads):
            if head.number or any(one.text for one in body):
                yield head, body
            head, body = line, []
        else:
            body.append(line)
    yield head, body


def _block(head: LessonLine, lines: list[LessonLine]) -> tuple[dict[str, Any], list[LessonLine]]:
    """The block of TOML under a heading, and the lines after it."""
    rest = list(lines)
    while rest and not rest[0].text:
        rest.pop(0)
    if not rest or rest[0].text != f"{FENCE}toml":
        raise LessonError("A block ```toml must follow this heading", where=head.place)
    ends = [k for k, line in enumerate(rest) if k and line.text == FENCE]
    if not ends:
        raise LessonError("This block does not end with ```", where=rest[0].place)
    try:
        return tomllib.loads("\n".join(line.text for line in rest[1 : ends[0]])), rest[ends[0] + 1 :]
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = rest[int(place[1]) if place else ends[0]]
        raise LessonError(
            "This is no TOML: {reason}", where=line.place, reason=str(error).partition(" (at")[0]
        ) from error
    except RecursionError as error:
        raise LessonError("This block is nested too deeply", where=rest[0].place) from error


def _convert(raw: Any, kind: Any, line: LessonLine) -> Any:
    """The block as a record of a kind."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        problem = problem_from(error)
        raise LessonError(
            problem.sentence, where=f"line {line.number}: {problem.where}", **problem.values
        ) from error


def _nothing_in(lines: list[LessonLine]) -> None:
    for line in lines:
        if line.text:
            raise LessonError(NO_HEADING, where=line.place)


def _stop(head: LessonLine, lines: list[LessonLine], before: list[LessonStop]) -> LessonStop:
    name = head.text[len(STOP) :].strip()
    if not NAME.fullmatch(name):
        raise LessonError("A stop is named in small letters, digits, - and _", where=head.place)
    if any(stop.name == name for stop in before):
        raise LessonError("There is a stop of this name already", where=head.place)
    raw, rest = _block(head, lines)
    scene: LessonScene = _convert(raw, LessonScene, head)
    if not scene.experiment:
        if not before:
            raise LessonError("The first stop must name its experiment", where=head.place)
        scene = msgspec.structs.replace(scene, experiment=before[-1].scene.experiment)
    texts: dict[str, StopText] = {}
    for line, body in _parts(rest, (TEXT,)):
        if not line.number:
            _nothing_in(body)
            continue
        found = LANGUAGE.fullmatch(line.text[len(TEXT) :].strip())
        if found is None:
            raise LessonError(NO_HEADING, where=line.place)
        if found["language"] in texts:
            raise LessonError("There is a text in this language already", where=line.place)
        texts[found["language"]] = text_of(found["title"], body, line, scene)
    if not texts:
        raise LessonError("A stop needs a text, as in: ### en: Title", where=head.place)
    check_alike(head, texts)
    return LessonStop(name, scene, texts, head.number)
