"""What is said of an answer to a question of a lesson, and whether it is right."""

from engine.lessons.facts import RunFacts
from engine.lessons.lesson import LessonHint, StopText
from engine.lessons.question import NumberQuestion
from gui.look.language import tr

Verdict = tuple[str, bool]  # what is said, and whether the answer is right


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
