"""A lesson is written as it is read, and a stop that nobody touches keeps its text to the last byte."""

import math
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.config import Problem
from engine.experiments import EXPERIMENTS
from engine.lessons.lesson_file import load, read
from engine.lessons.lesson_source import LessonSource, block_of, with_block
from engine.lessons.lesson_writer import difference, lesson_text, stop_text, toml_lines
from engine.session import load as load_session
from engine.setting_paths import with_values
from tests.engine.lessons.test_lesson_file import BALL, HEAD
from tests.engine.lessons.test_shipped_hints import LESSONS

SHIPPED = sorted(LESSONS.glob("*.md"))
SESSIONS = sorted((LESSONS.parent / "sessions").glob("*.json"))
EVERY = """
## all

```toml
experiment = "entropy.binary"
minutes = 0.5
step = 0
shown = ["p"]
hidden = ["q"]
settings = { p = 0.25, "base" = "e" }
options.x = { y = [1, 2.5, true, "a\\"b\\u007f"] }
question = { kind = "number", value = "p^2", unit = "bits", absolute = 1e-5 }
```

### en: Every *thing*

# no heading

? How much
is it?
> ((answer > 1) and not (answer = 2)) Less.
> More
! Yes,
so much.

and more
"""


def bare(lesson):
    """A lesson without the lines at which its stops begin."""
    return lesson._replace(stops=tuple(stop._replace(line=0, folder=None) for stop in lesson.stops))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_lessons_that_ship_are_written_as_they_are_read(path):
    lesson = load(path)
    assert bare(read(lesson_text(lesson))) == bare(lesson)
    source = LessonSource.of(path.read_text(encoding="utf-8"))
    assert source.text == path.read_text(encoding="utf-8")
    assert source.names == tuple(stop.name for stop in lesson.stops)
    assert [source.begins(k) + 1 for k in range(len(source.stops))] == [stop.line for stop in lesson.stops]


def test_every_part_of_a_stop_is_written():
    lesson = read(HEAD + BALL)
    assert bare(read(lesson_text(lesson))) == bare(lesson)
    every = read(HEAD + EVERY.replace("\n# no heading\n", ""))
    assert bare(read(lesson_text(every))) == bare(every)


VALUES = some.recursive(
    some.booleans() | some.integers(-(2**60), 2**60) | some.floats(allow_nan=False) | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


@settings(max_examples=40, deadline=None)
@given(some.dictionaries(some.text(max_size=6), VALUES, max_size=4))
def test_any_values_are_the_same_after_toml(values):
    assert tomllib.loads("\n".join(toml_lines(values))) == values


def test_numbers_that_are_no_ordinary_ones():
    text = "\n".join(toml_lines({"a": math.inf, "b": -math.inf, "c": 1e-07, "d": 1e22}))
    assert tomllib.loads(text) == {"a": math.inf, "b": -math.inf, "c": 1e-07, "d": 1e22}


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.name[:20])
def test_what_differs_from_the_defaults_makes_the_same_settings(path):
    session = load_session(path)
    for name, config in session.experiments.items():
        default = EXPERIMENTS[name].config_type()
        found = difference(default, config)
        read_again = tomllib.loads("\n".join(toml_lines({"settings": found})))
        assert with_values(default, read_again.get("settings", {})) == config
        for path_ in found:
            without = {key: value for key, value in found.items() if key != path_}
            with suppress(Problem):
                assert with_values(default, without) != config, "nothing is named in vain"


def test_records_of_a_list_are_named_without_what_is_as_it_comes():
    default = EXPERIMENTS["optimizers.race"].config_type()
    wanted = {"steps": 7, "racers": [{"kind": "momentum", "beta": 0.5}]}
    assert difference(default, with_values(default, wanted)) == wanted
    assert difference(default, default) == {}


THREE = (
    "# T\r\n```toml\r\nlesson = 1\r\n```\n"
    '## a\n```toml\n# mine\nexperiment   =  "optimizers.race"\n```\n### en: A\nwords   \n'
    "## b\n```toml\nminutes=3\n```\n### en: B\n```\n## no stop\n```\n"
    '## c\n```toml\nexperiment = "entropy.binary"\n```\n### en: C\nlast'
)


def effective(source):
    return {stop.name: stop.scene.experiment for stop in read(source.text).stops}


def test_parts_are_moved_and_taken_away_and_the_others_keep_every_byte():
    source = LessonSource.of(THREE)
    assert source.text == THREE
    assert source.names == ("a", "b", "c")
    before = effective(source)
    assert before == {"a": "optimizers.race", "b": "optimizers.race", "c": "entropy.binary"}
    down = source.moved(1, +1)
    assert down.names == ("a", "c", "b")
    assert effective(down) == before, (
        "what was meant is named where it is not that of the stop before any more"
    )
    assert down.stops[0] == source.stops[0]
    assert down.stops[1] == source.stops[2] + "\n"
    assert down.stops[2] == source.stops[1].replace(
        "```toml\n", '```toml\nexperiment = "optimizers.race"\n', 1
    )
    assert source.moved(0, -1) == source
    assert source.moved(2, 5).stops == source.stops
    less = source.without(0)
    assert effective(less) == {"b": "optimizers.race", "c": "entropy.binary"}
    assert source.without(2).text == THREE[: THREE.index("## c")]


def test_a_stop_is_changed_and_added():
    source = LessonSource.of(THREE)
    changed = source.with_part(0, source.stops[0].replace("words", "other words"))
    assert changed.stops[1:] == source.stops[1:]
    assert changed.head == source.head
    assert "other words" in changed.stops[0]
    two = source.with_part(1, "## x\n```toml\n```\n### en: X\nx\n## y\n```toml\n```\n### en: Y\ny")
    assert two.names == ("a", "x", "y", "c")
    stop = read(HEAD + BALL.partition("\n### zh_CN")[0]).stops[0]
    added = source.added(1, stop_text(stop))
    assert added.names == ("a", "ball", "b", "c")
    assert [added.stops[0].rstrip(), *added.stops[2:]] == [source.stops[0].rstrip(), *source.stops[1:]]
    assert effective(added)["b"] == "optimizers.race"
    assert source.added(3, stop_text(stop)).names[-1] == "ball"


def test_an_error_is_found_in_its_part():
    source = LessonSource.of(THREE)
    assert source.place("line 1") == (-1, 1)
    assert source.place(f"line {source.begins(1) + 3}, column 2") == (1, 3)
    assert source.place("") == (-1, 1)


def test_a_block_gets_other_lines_and_what_stands_around_it_stays():
    stop = "## a\n```toml\nx = 1\n```\n### en: A\n```toml\nno block\n```\n"
    assert block_of(stop) == {"x": 1}
    assert with_block(stop, ["y = 2", "z = 3"]) == stop.replace("x = 1", "y = 2\nz = 3")
    assert block_of(with_block("## a\nwords", ["y = 2"])) == {"y": 2}
    assert block_of("## a\n```toml\nx = = 1\n```") == {}
