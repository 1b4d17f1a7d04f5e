"""The recipes of CONTRIBUTING.md work as they stand: each is followed to the letter in a copy."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STEP = re.compile(
    r"(?:(?P<append>Append to)|(?P<new>New file)|In) `(?P<path>[^`]+)`(?:, replace `(?P<old>[^`]+)` by)?:\s+"
    r"```(?:python|text|json|markdown)\n(?P<text>.*?)```",
    re.S,
)
USE = """
import json
from PySide6.QtWidgets import QApplication

app = QApplication([])
from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.optimizers import OPTIMIZERS
from engine.session import Session, decode, encode
from engine.surfaces import SURFACES
from gui.form.field import fields_of, structs_in
from gui.look.theme import DARK, LIGHT
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.screen import Screen


def shown(name, config):
    playback = Playback(EXPERIMENTS[name], EngineThread(), 60.0)
    playback.edit(config)
    playback.tick(0.0)
    playback.runner.drive(2)
    playback.playhead = 2.0
    playback.tick(0.0)
    screen = Screen(playback, LIGHT, "en")
    screen.resize(1000, 700)
    screen.show()
    screen.tick(0.0)
    return screen


def kinds(name):
    return [kind for field in fields_of(EXPERIMENTS[name].config_type) for kind in structs_in(field.type)]


rule = OPTIMIZERS["sign_descent"]
config = replaced(EXPERIMENTS["optimizers.race"].config_type(), racers=(rule(learning_rate=0.25),), steps=2)
kept = decode(encode(Session(experiments={"optimizers.race": config})))
race = shown("optimizers.race", kept.config("optimizers.race"))
parabola = shown("optimizers.parabola", EXPERIMENTS["optimizers.parabola"].config_type())
print(json.dumps({
    "in the forms of": [name for name in EXPERIMENTS if rule in kinds(name)],
    "has a stroke": [bool(theme.stroke("sign_descent")) for theme in (LIGHT, DARK)],
    "path": race.playback.runner.recording.column("0.x").tolist(),
    "inspector": [live.latex for live in race.view.formulas(race.view.at)],
    "gradient": SURFACES["trough"].gradient(3.0, 1.0),
    "sentence": parabola.view.finding.text,
    "numbers": parabola.view.formulas(parabola.view.at)[0].numbers,
    "curve": {name: list(map(float, values[:3])) for name, values in parabola.view.curve.table()},
}))
"""


def steps():
    """What the recipes say is done, in their order."""
    return list(STEP.finditer((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the program in which all recipes were followed."""
    copy = tmp_path_factory.mktemp("copy")
    for room in ("engine", "gui", "resources", "tests"):  # with what Python has compiled of it
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for step in steps():
        path = copy / step["path"]
        if step["new"]:
            assert not path.exists(), path
            path.write_text(step["text"], encoding="utf-8")
        elif step["append"]:
            path.write_text(path.read_text(encoding="utf-8") + "\n\n" + step["text"], encoding="utf-8")
        else:
            text, old = path.read_text(encoding="utf-8"), step["old"]
            assert old in text, f"{path} has no {old}"
            path.write_text(text.replace(old, step["text"].rstrip("\n"), 1), encoding="utf-8")
    return copy


def test_every_recipe_has_steps():
    assert [step["path"] for step in steps()] == [
        "engine/optimizers/descent.py",
        "engine/optimizers/descent.py",
        "engine/optimizers/table.py",
        "engine/optimizers/table.py",
        "resources/translations/zh_CN/optimizers.json",
        "engine/surfaces/obstacles.py",
        "tests/engine/surfaces/test_classic.py",
        "tests/engine/surfaces/test_classic.py",
        "resources/translations/zh_CN/surfaces.json",
        "engine/experiments/optimizers/parabola.py",
        "engine/experiments/__init__.py",
        "engine/experiments/__init__.py",
        "engine/experiments/optimizers/__init__.py",
        "gui/views/optimizers/parabola.py",
        "resources/notes/en/optimizers/parabola.md",
        "resources/notes/zh_CN/optimizers/parabola.md",
        "resources/translations/zh_CN/parabola.json",
        "resources/glossary.md",
        "tests/gui/export/test_paper.py",
        "tests/engine/experiments/test_parabola.py",
        "tests/gui/views/test_parabola.py",
    ]


def test_the_tests_miss_nothing_in_what_the_recipes_add(followed):
    files = [
        "tests/test_architecture.py",
        "tests/gui/test_formula_terms.py",
        "tests/engine/surfaces/test_classic.py",
        "tests/engine/experiments/test_parabola.py",
        "tests/gui/views/test_parabola.py",
        "tests/gui/look/test_glossary.py",
        "tests/gui/export/test_paper.py",
    ]
    asked = "parabola or trough or stands_in_the_contents or leads_to_experiments or names_of_files"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", asked, *files],
        cwd=followed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_word_of_the_recipes_has_its_chinese(followed):
    words = {
        word
        for step in steps()
        if step["path"].endswith(".py") and not step["path"].startswith("tests/")
        for word in re.findall(
            r'(?:tr\(|title = |meaning = |Experiment\(\n    "[^"]+", )"([^"]+)"', step["text"]
        )
    }
    assert {"Sign descent", "Trough", "Down a parabola", "where it is now"} <= words
    known = [
        json.loads(path.read_text("utf-8")) for path in followed.glob("resources/translations/zh_CN/*.json")
    ]
    assert [word for word in sorted(words) if not any(word in one for one in known)] == []


def test_what_the_recipes_add_is_found_by_the_whole_program(followed):
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=followed, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"optimizers.race", "optimizers.maps"} <= set(told["in the forms of"])
    assert told["has a stroke"] == [True, True]
    assert told["path"] == [-1.2, -0.95, -1.2], (
        "Rosenbrock falls to the right of −1.2, and to the left of −0.95"
    )
    assert any("sign" in latex for latex in told["inspector"])
    assert told["gradient"] == [6.0, 0.0]
    assert told["sentence"] == "Every step multiplies x by 0.8000."
    assert told["numbers"] == "x = 2.560"
    assert told["curve"]["x"] == pytest.approx([4.0, 3.2, 2.56])
