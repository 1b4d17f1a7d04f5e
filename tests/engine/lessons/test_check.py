"""The whole check of a lesson finds what only shows when its runs are made."""

import pytest

from engine.lessons.check import config_of, problems
from engine.lessons.lesson_file import load, read


def found(block, texts="### en: A\n? Do.\n! Done."):
    head = "# T\n```toml\nlesson = 1\n```\n"
    return [str(one) for one in problems(read(f"{head}## a\n```toml\n{block}\n```\n{texts}"))]


RACE = 'experiment = "optimizers.race"\nsettings.steps = 60\n'
REACH = 'question.kind = "reach"\n'


def test_a_lesson_without_a_mistake_has_no_problems():
    solution = 'question.solution.settings."racers[0].learning_rate" = 1\nquestion.solution.step = 20\n'
    assert found(f'{RACE}{REACH}question.until = "diverged(0.f)"\n{solution}locked = ["surface"]') == []
    assert found(RACE, "### en: A\nwords") == []


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (
            'experiment = "optimizers.rice"',
            "'optimizers.rice'. Did you mean optimizers.race?",
        ),
        (f"{RACE}settings.nothing = 1", "There is no setting of this name"),
        (f'{RACE}settings."racers[0].learning_rate" = -1', "Must be greater than 0"),
        (f'{RACE}locked = ["nothing"]', "There is no setting nothing"),
        (f'{RACE}{REACH}question.until = "9.f < 1"', "There is nothing named 9.f in this run"),
        (f'{RACE}{REACH}question.until = "settings.no < 1"', "There is nothing named settings.no"),
        (f'{RACE}{REACH}question.until = "0.f < 1e9"', "The state is reached before anything was done"),
        (
            f'{RACE}{REACH}question.until = "0.f < 0"\nquestion.solution.step = 9',
            "The solution does not reach the state",
        ),
        (
            f'{RACE}{REACH}question.until = "0.f < 0"\nquestion.solution.settings.no = 9',
            "There is no setting of this name",
        ),
        (f'{RACE}question.kind = "number"\nquestion.value = "at(0.f, 9)"', "is not known at the step"),
        (f'{RACE}question.kind = "draw"\nquestion.scalar = "f"', "There is nothing named f in this run"),
    ],
)
def test_what_is_wrong_is_said(block, words):
    (problem,) = found(block, "### en: A\n? Do." if "question" in block else "### en: A\nwords")
    assert words in problem


def test_the_conditions_of_hints_are_checked_too():
    texts = "### en: A\n? Do.\n> (racer.f > 1) No."
    assert found(f'{RACE}question.kind = "reveal"', texts) == ["There is nothing named racer.f in this run"]


TABLE = 'experiment = "losses.classifier"\nsettings.data = { kind = "csv", path = "PATH" }'
LESSON = "# T\n```toml\nlesson = 1\n```\n## a\n```toml\nBLOCK\n```\n### en: A\nwords"


@pytest.mark.parametrize("path", ["/etc/hostname", "../other.csv", "a/../../other.csv", "//host/share/t.csv"])
def test_a_file_outside_the_folder_of_the_lesson_is_not_read(tmp_path, path):
    lesson = tmp_path / "inside" / "a.md"
    lesson.parent.mkdir()
    (tmp_path / "other.csv").write_text("x,y,label\n1,2,a\n2,1,b\n")
    lesson.write_text(LESSON.replace("BLOCK", TABLE.replace("PATH", path)))
    (problem,) = problems(load(lesson))
    assert str(problem) == f"A lesson reads only files in its own folder, not {path}"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "other.csv").write_text("x,y,label\n1,2,a\n2,1,b\n")
    (tmp_path / "inside" / "t.csv").symlink_to(tmp_path / "other.csv")
    lesson = tmp_path / "inside" / "a.md"
    lesson.write_text(LESSON.replace("BLOCK", TABLE.replace("PATH", "t.csv")))
    assert [one.sentence[:18] for one in problems(load(lesson))] == ["A lesson reads onl"]


def test_a_file_beside_the_lesson_is_found_there(tmp_path):
    lesson = tmp_path / "a.md"
    lesson.write_text(LESSON.replace("BLOCK", TABLE.replace("PATH", "t.csv")))
    (stop,) = load(lesson).stops
    assert config_of(stop).data.path == str(tmp_path / "t.csv")
    assert [str(one) for one in problems(read(lesson.read_text()))] != [], "a text has no folder"
