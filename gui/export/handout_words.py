"""The words around the stops of a handout, the same in HTML and PDF."""

from typing import NamedTuple

from gui.export.handout import Handout, HandoutStop
from gui.export.prose import plain
from gui.look.language import tr


class ExplainedAnswer(NamedTuple):
    """What stands at the end about one question: the right answer, and for other answers why not."""

    heading: str
    right: str  # Markdown; empty where only the explanation tells it
    after: str  # Markdown
    others: tuple[str, ...]  # Markdown, a line each


def letter(k: int) -> str:
    """A, B, C … for the answers to a question."""
    return chr(ord("A") + k) if k < 26 else str(k + 1)


def subtitle(handout: Handout) -> str:
    """The line under the title."""
    count = tr("{n} stops", n=len(handout.stops))
    time = tr("about {minutes} min", minutes=f"{handout.minutes:g}")
    kind = [tr("with the teacher's notes")] if handout.teacher else []
    return " · ".join([count, time, *kind])


def heading(stop: HandoutStop) -> str:
    """What stands over a stop."""
    return f"{stop.number}  {stop.text.title}"


def room(stop: HandoutStop) -> str:
    """The words before the line on which the answer is written; nothing where one ticks or draws."""
    return {"number": tr("Answer"), "reach": tr("How I reached it"), "reveal": tr("I expect")}.get(
        stop.question, ""
    )


def lines(stop: HandoutStop) -> int:
    """How many lines there are to write on."""
    return {"number": 1, "reach": 2, "reveal": 3}.get(stop.question, 0)


def explained(handout: Handout) -> list[tuple[HandoutStop, ExplainedAnswer]]:
    """What stands at the end: the answers, with what is said about them."""
    return [(stop, _explained(stop)) for stop in handout.stops if stop.question]


def _explained(stop: HandoutStop) -> ExplainedAnswer:
    text = stop.text
    right = [f"{letter(k)}  {one.words}" for k, one in enumerate(text.answers) if one.right]
    others = [
        f"{letter(k)}  {hint.words}"
        for k, one in enumerate(text.answers)
        for hint in one.hints
        if hint.when is None
    ]
    if stop.question == "reach" and stop.solution:
        right = [tr("For example: {settings}", settings=stop.solution)]
    elif stop.solution:
        right = [stop.solution]
    return ExplainedAnswer(heading(stop), "\n\n".join(right), text.after, tuple(others))


def bare_title(handout: Handout) -> str:
    """The title of the lesson without any form, for the head of a file."""
    return plain(handout.title) or handout.title
