"""The texts of a stop of a lesson in one language: text, question, answers, hints, notes for the teacher."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from engine.config import Problem
from engine.lessons.condition import Condition, parse
from engine.lessons.lesson import LessonError, LessonHint, LessonScene, OfferedAnswer, StopText
from engine.lessons.question import ChooseQuestion

SMALL, TEACHER = "#### ", "#### Teacher"
FENCE = "```"
ANSWER = re.compile(r"- \[(?P<right>[ xX])\] +(?P<words>\S.*)")
HINT = re.compile(r"\s*> *(?P<words>.*)")


class LessonLine(NamedTuple):
    """A line and its number, counted from 1."""

    number: int
    text: str

    @property
    def place(self) -> str:
        """Where it is, for an error."""
        return f"line {self.number}"


def check_alike(head: LessonLine, texts: Mapping[str, StopText]) -> None:
    """Check that all languages have the same right answers, hints with the same conditions, and notes or
    none.
    """
    forms = {
        language: (
            [(one.right, len(one.hints)) for one in text.answers],
            [hint.when and hint.when.text for hint in text.hints],
            bool(text.after),
        )
        for language, text in texts.items()
    }
    first = next(iter(forms.values()))
    for language, form in forms.items():
        if form != first:
            sentence = "The answers and hints in {language} are others than in the first language"
            raise LessonError(sentence, where=head.place, language=language)
    with_notes = [bool(text.teacher) for text in texts.values()]
    if any(with_notes) and not all(with_notes):
        language = list(texts)[with_notes.index(False)]
        sentence = "The teacher's notes are missing in {language}"
        raise LessonError(sentence, where=head.place, language=language)


class _Asked:
    """Collects what is asked, line by line."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.after: list[str] = []
        self.answers: list[OfferedAnswer] = []
        self.hints: list[LessonHint] = []
        self._into = self.asked

    def take(self, line: LessonLine) -> None:
        """Take a line after the one with the question mark."""
        answer, hint = ANSWER.fullmatch(line.text), HINT.fullmatch(line.text)
        if answer:
            self.answers.append(OfferedAnswer(answer["words"], answer["right"] != " "))
        elif hint:
            when, words = _split(hint["words"].strip())
            self._hint(LessonHint(words, _condition(when, line)), line)
        elif line.text.startswith("! "):
            self._into = self.after
            self.after.append(line.text[2:])
        else:
            self._into.append(line.text)

    def _hint(self, hint: LessonHint, line: LessonLine) -> None:
        if not hint.words:
            raise LessonError("A hint needs words", where=line.place)
        if line.text.startswith(" ") and self.answers:
            last = self.answers[-1]
            self.answers[-1] = last._replace(hints=(*last.hints, hint))
        else:
            self.hints.append(hint)


def _split(words: str) -> tuple[str | None, str]:
    """The condition in brackets at the beginning of a hint, if there is one, and the words after it."""
    open_brackets = 0
    for k, letter in enumerate(words if words.startswith("(") else ""):
        open_brackets += (letter == "(") - (letter == ")")
        if open_brackets == 0:
            rest = words[k + 1 :]
            return (words[1:k], rest.strip()) if rest.startswith(" ") else (None, words)
    return None, words


def _condition(text: str | None, line: LessonLine) -> Condition | None:
    if text is None:
        return None
    try:
        return parse(text)
    except Problem as problem:
        raise LessonError(
            problem.sentence, where=f"line {line.number}, {problem.where}", **problem.values
        ) from problem


def text_of(title: str, lines: list[LessonLine], head: LessonLine, scene: LessonScene) -> StopText:
    """Read the texts of a stop in one language, from the lines under its heading."""
    words: list[str] = []
    teacher: list[str] = []
    asked: _Asked | None = None
    into, notes, fenced = words, head, False
    for line in lines:
        fenced ^= line.text.startswith(FENCE)
        if line.text.startswith(SMALL) and not fenced:
            _check_small_heading(line, into is teacher)
            into, notes = teacher, line
        elif into is teacher:
            teacher.append(line.text)
        elif asked is None and line.text.startswith("? "):
            asked = _Asked()
            asked.asked.append(line.text[2:])
        elif asked is not None:
            asked.take(line)
        else:
            words.append(line.text)
    if into is teacher and not _joined(teacher):
        raise LessonError("The teacher's notes need words", where=notes.place)
    _check_asked(asked, scene, head)
    found = asked or _Asked()
    return StopText(
        title=title,
        words=_joined(words),
        asked=_joined(found.asked),
        answers=tuple(found.answers),
        hints=tuple(found.hints),
        after=_joined(found.after),
        teacher=_joined(teacher),
    )


def _check_small_heading(line: LessonLine, there: bool) -> None:
    """Check that a heading of this level begins the teacher's notes: misspelt, they would be shown to
    everybody.
    """
    if line.text != TEACHER:
        raise LessonError("A heading of this level can only be: #### Teacher", where=line.place)
    if there:
        raise LessonError("The teacher's notes have begun already", where=line.place)


def _check_asked(asked: _Asked | None, scene: LessonScene, head: LessonLine) -> None:
    """Check that a question has a text and a text has a question, and that only "choose" has answers."""
    if (asked is None) != (scene.question is None):
        if asked is None:
            raise LessonError(
                "The question of this stop has no words here, as in: ? What do you expect?", where=head.place
            )
        raise LessonError(
            "What is asked here needs its question in the block ```toml of the stop", where=head.place
        )
    chooses = isinstance(scene.question, ChooseQuestion)
    answers = asked.answers if asked is not None else []
    if chooses and not (len(answers) > 1 and any(one.right for one in answers)):
        raise LessonError(
            "Two answers or more, one of them ticked, must stand below, as in: - [x] Yes", where=head.place
        )
    if answers and not chooses:
        raise LessonError("Answers stand only below a question of the kind choose", where=head.place)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
