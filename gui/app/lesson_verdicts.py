"""What is said in a lesson: where one is, and of an answer to a question, and whether it is right."""

from engine.lessons.facts import RunFacts
from engine.lessons.lesson import Lesson, LessonHint, StopText
from engine.lessons.question import NumberQuestion
from gui.look.language import tr

Verdict = tuple[str, bool]  # what is said, and whether the answer is right


def place_words(lesson: Lesson, index: int) -> str:
    """Which stop it is of how many, the time it takes, and that of all stops from here to the end."""
    left = [stop.scene.minutes for stop in lesson.stops[index:]]
    count = len(lesson.stops)
    words = tr("Stop {k} of {n}: about {time}", k=index + 1, n=count, time=time_words(left[0]))
    if len(left) > 1:
        words += " · " + tr("to the end: {time}", time=time_words(sum(left)))
    return words


def time_words(minutes: float) -> str:
    """Minutes; from an hour and a half on, hours to the nearest half."""
    if minutes < 90:
        return tr("{n} min", n=f"{minutes:g}")
    return tr("{n} h", n=f"{round(minutes / 30) / 2:g}")


def choice_verdict(text: StopText, chosen: list[int], facts: RunFacts | None) -> Verdict:
    """Of the places of the answers that were chosen: all right ones, and no other, must be among them."""
    right = [k for k, one in enumerate(text.answers) if one.right]
    if chosen == right:
        return text.after or tr("Right."), True
    wrong = [k for k in chosen if k not in right]
    if not wrong:
        return tr("Not all yet.") if chosen else tr("Choose one first."), False
    return hint_for((*text.answers[wrong[0]].hints, *text.hints), facts), False


def number_verdict(
    question: NumberQuestion, text: StopText, answer: float, facts: RunFacts | None
) -> Verdict:
    """Of a number that was typed; without `facts` the run that is asked about is not on the screen."""
    if facts is None:
        return tr("Return to the lesson first."), False
    if question.accepts(answer, facts):
        return text.after or tr("Right."), True
    return hint_for(text.hints, facts), False


def hint_for(hints: tuple[LessonHint, ...], facts: RunFacts | None) -> str:
    """The first hint whose condition holds, or else the first without one, or else that it is wrong."""
    held = (
        hint.words for hint in hints if hint.when is not None and facts is not None and hint.when.holds(facts)
    )
    always = (hint.words for hint in hints if hint.when is None)
    return next(held, None) or next(always, None) or tr("Not yet.")
