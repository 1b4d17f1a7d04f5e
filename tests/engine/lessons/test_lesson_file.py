"""A lesson is read from its file, or refused with the line; nothing in it is run."""

import random

import pytest

from engine.lessons.lesson import LessonError
from engine.lessons.lesson_file import load, read
from engine.lessons.question import (
    ChooseQuestion,
    DrawQuestion,
    NumberQuestion,
    ReachQuestion,
    RevealQuestion,
)

HEAD = """# Start here

```toml
lesson = 1
title.zh_CN = "从这里开始"
```
"""
BALL = """
## ball

```toml
experiment = "optimizers.race"
minutes = 2.5
settings."racers[0].learning_rate" = 0.001
options.layout = "contour"
step = 40
locked = ["surface"]
question.kind = "reach"
question.until = "0.f < 0.1"
```

### en: A ball on a hill

It rolls, with $f(x)$:

- down
- and on

? Find a learning rate with which
f falls below 0.1.
> Larger steps go farther.
> (diverged(0.f)) Now it is too large.
! The ball has found
the valley.

#### Teacher

Wait here.

### zh_CN: 山上的小球

它滚下去。

? 找一个学习率。
> 步子大一些。
> (diverged(0.f)) 太大了。
! 到了。

#### Teacher

等一下。
"""
RIVALS = """
## rivals

```toml
question.kind = "choose"
```

### en: Two of them

? Who is first?
- [ ] Gradient descent
  > It has no memory.
  > (step > 10) Look again.
- [x] Momentum

### zh_CN: 两个

? 谁先到？
- [ ] 梯度下降
  > 它没有记忆。
  > (step > 10) 再看一次。
- [x] 动量法
"""


def test_everything_of_a_lesson_is_read():
    lesson = read(HEAD + BALL + RIVALS)
    assert lesson.titles == {"": "Start here", "zh_CN": "从这里开始"}
    assert lesson.languages == ("en", "zh_CN")
    assert lesson.minutes == 4.5
    ball, rivals = lesson.stops
    assert (ball.name, ball.line) == ("ball", 8)
    assert ball.scene.experiment == rivals.scene.experiment == "optimizers.race"
    assert ball.scene.settings == {"racers[0].learning_rate": 0.001}
    assert ball.scene.options == {"layout": "contour"}
    assert (ball.scene.step, ball.scene.locked) == (40, ("surface",))
    assert isinstance(ball.scene.question, ReachQuestion)
    text = ball.texts["en"]
    assert text.title == "A ball on a hill"
    assert text.words == "It rolls, with $f(x)$:\n\n- down\n- and on"
    assert text.asked == "Find a learning rate with which\nf falls below 0.1."
    assert [hint.words for hint in text.hints] == ["Larger steps go farther.", "Now it is too large."]
    assert [hint.when and hint.when.text for hint in text.hints] == [None, "diverged(0.f)"]
    assert text.after == "The ball has found\nthe valley."
    assert text.teacher == "Wait here."
    assert ball.texts["zh_CN"].teacher == "等一下。"
    assert ball.texts["zh_CN"].title == "山上的小球"
    assert isinstance(rivals.scene.question, ChooseQuestion)
    wrong, right = rivals.texts["en"].answers
    assert (wrong.words, wrong.right, right.words, right.right) == (
        "Gradient descent",
        False,
        "Momentum",
        True,
    )
    assert [hint.words for hint in wrong.hints] == ["It has no memory.", "Look again."]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (['kind = "number"', 'value = "0.f"', "relative = 0.05"], NumberQuestion),
        (['kind = "draw"', 'scalar = "0.f"', "steps = 20", "high = 4"], DrawQuestion),
        (['kind = "reveal"'], RevealQuestion),
    ],
)
def test_the_other_kinds_of_questions(lines, kind):
    block = "\n".join(f"question.{line}" for line in lines)
    text = f'## a\n```toml\nexperiment = "optimizers.race"\n{block}\n```\n### en: A\n? What?\n! So.'
    (stop,) = read(HEAD + text).stops
    assert isinstance(stop.scene.question, kind)


def stop(block="", texts="### en: A\nwords"):
    return f'{HEAD}## a\n```toml\nexperiment = "optimizers.race"\n{block}\n```\n{texts}'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "A lesson begins with its title"),
        ("words\n# T", 1, "A lesson begins with its title"),
        ("# T", 1, "```toml must follow"),
        ("# T\n```toml\nlesson = 1", 2, "does not end"),
        ("# T\n```toml\n\nlesson = = 1\n```", 4, "This is no TOML"),
        ("# T\n```toml\nlesson = 2\n```", 1, "reads lessons of version 1 only"),
        ("# T\n```toml\nlesson = 1\nx = 1\n```", 1, "Unknown field x"),
        ("# T\n```toml\ntitle = {}\n```", 1, "The field lesson is missing"),
        (HEAD, 1, "1 to 200 stops"),
        (HEAD + "words", 7, "under a heading with its language"),
        (HEAD + "## Big One\n", 7, "small letters"),
        (HEAD + "## a\n```toml\n```\n### en: A", 7, "must name its experiment"),
        (stop("minutes = -1"), 7, "Must be at least 0"),
        (stop("step = 1.5"), 7, "Must be a whole number"),
        (stop("nothing = 1"), 7, "Unknown field nothing"),
        (stop('question.kind = "guess"'), 7, "Unknown name guess"),
        (stop('question.kind = "reach"\nquestion.until = "0.f <"'), 7, "A value is missing"),
        (stop('question.kind = "draw"\nquestion.scalar = "f"\nquestion.low = 2'), 7, "greater than 2"),
        (stop(texts=""), 7, "needs a text"),
        (stop(texts="words"), 12, "under a heading"),
        (stop(texts="### A"), 12, "under a heading with its language"),
        (stop(texts="### en: A\n### en: B"), 13, "in this language already"),
        (stop(texts="### en: A\n? What?"), 12, "needs its question"),
        (stop('question.kind = "reveal"'), 12, "has no words here"),
        (stop('question.kind = "choose"', "### en: A\n? Which?\n- [ ] This"), 12, "Two answers or more"),
        (stop('question.kind = "reveal"', "### en: A\n? Which?\n- [x] This"), 12, "only below a question"),
        (stop('question.kind = "reveal"', "### en: A\n? Which?\n> (step <) No"), 14, "A value is missing"),
        (stop('question.kind = "reveal"', "### en: A\n? Which?\n> "), 14, "A hint needs words"),
        (stop(texts="### en: A\nwords\n#### Teacher\n"), 14, "notes need words"),
        (stop(texts="### en: A\n#### Teacher\nwords\n#### Teacher\nmore"), 15, "have begun already"),
        (stop(texts="### en: A\nwords\n#### teacher\nmore"), 14, "can only be: #### Teacher"),
        (stop(texts="### en: A\nwords\n#### Teacher\nmore\n### zh_CN: B\n"), 7, "missing in zh_CN"),
        (HEAD + BALL + BALL, 52, "of this name already"),
        (HEAD + BALL.replace("! 到了。", ""), 8, "others than in the first language"),
        (HEAD + BALL.replace("> 步子大一些。\n", ""), 8, "others than in the first language"),
    ],
)
def test_what_is_no_lesson_is_refused_with_its_line(text, line, words):
    with pytest.raises(LessonError) as refused:
        read(text)
    assert words in str(refused.value)
    assert refused.value.where.partition(":")[0].partition(",")[0] == f"line {line}"


@pytest.mark.parametrize(
    ("line", "when", "words"),
    [
        (
            "> (abs(answer - 1) < 2 and (step > 3)) So (it) is.",
            "abs(answer - 1) < 2 and (step > 3)",
            "So (it) is.",
        ),
        ("> (step > 3)So it is.", None, "(step > 3)So it is."),
        ("> (without an end", None, "(without an end"),
    ],
)
def test_the_condition_of_a_hint_ends_with_its_bracket(line, when, words):
    (only,) = read(stop('question.kind = "reveal"', f"### en: A\n? Which?\n{line}")).stops
    (hint,) = only.texts["en"].hints
    assert (hint.when and hint.when.text, hint.words) == (when, words)


def test_headings_in_a_block_of_code_are_no_stops():
    code = "```\n## b\n### zh_CN: B\n#### Teacher\n```\nend"
    (only,) = read(stop(texts=f"### en: A\nas in\n{code}\n#### Teacher\n{code}")).stops
    assert only.texts["en"].words.endswith(code)
    assert only.texts["en"].teacher == code


def test_files_that_are_no_text_have_one_clear_error(tmp_path):
    path = tmp_path / "a.nabla-lesson.md"
    path.write_bytes(b"# T\n\xff\xfe")
    with pytest.raises(LessonError) as refused:
        load(path)
    assert (str(refused.value), refused.value.where) == ("The file is not UTF-8.", "line 2")
    path.write_bytes("\ufeff".encode() + (HEAD + BALL).replace("\n", "\r\n").encode())
    assert len(load(path).stops) == 1
    with pytest.raises(LessonError, match="no such file"):
        load(tmp_path / "none.md")


def test_a_damaged_lesson_is_a_lesson_or_refused_and_nothing_else():
    rng = random.Random(5)
    whole = HEAD + BALL + RIVALS
    for _ in range(1500):
        text = list(whole)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(text))
            text[at : at + rng.randint(0, 3)] = rng.choice(
                ["", "\n", "#", "`", "[", "]", "=", '"', "(", ")", "\x00", "𝒳", "9" * 400]
            )
        try:
            read("".join(text))
        except LessonError as error:
            assert error.where.startswith("line ")
