"""What the notes say of the scene on the screen, and what they let one try."""

import re

import pytest
from PySide6.QtCore import Qt

from engine.config import Problem
from engine.data.settings import CsvFile, Moons
from engine.experiments import EXPERIMENTS
from engine.experiments.optimizers.race_config import RaceConfig
from engine.pieces import result_of
from engine.setting_paths import with_values
from gui.screen.notes import notes_file
from gui.screen.scenes import Try, scene_of, scenes_in
from gui.screen.view import view_type
from gui.views.optimizers.race import RaceOptions

LANGUAGES = ("en", "zh_CN")
WORDS, SIGNS = 60, 130  # at most: words of English, Chinese characters
LABEL = {"en": 38, "zh_CN": 20}
TEXT = """# Scene: surface = "bowl"; noise = 0.0

Round.

- Narrow it `condition = 100; racers.0.learning_rate = 0.01`
- Look at step 3 `step = 3; options.racer = 0`

# Scene

Anything else, see [Newton](experiment:optimizers.newton).

- As it was `defaults`

## What you see

The rest, with a `code = 1`.
"""


def test_scenes_are_read_with_what_is_tried_and_the_rest_is_left():
    (bowl, other), rest = scenes_in(TEXT)
    assert bowl.when == (("surface", "bowl"), ("noise", 0.0))
    assert bowl.words == "Round."
    narrow, look = bowl.tries
    assert narrow.settings == (("condition", 100), ("racers.0.learning_rate", 0.01))
    assert look == Try("Look at step 3", options=(("racer", 0),), step=3)
    assert other.when == ()
    assert other.tries == (Try("As it was", defaults=True),)
    assert rest.startswith("## What you see")


def test_a_text_without_scenes_is_all_rest():
    assert scenes_in("## What you see\n\nAll.") == ((), "## What you see\n\nAll.")


def test_the_first_scene_of_which_all_holds_is_shown():
    (bowl, other), _ = scenes_in(TEXT)
    assert scene_of((bowl, other), RaceConfig(surface="bowl")) is bowl
    assert scene_of((bowl, other), RaceConfig(surface="bowl", noise=1.0)) is other
    assert scene_of((bowl,), RaceConfig()) is None


@pytest.mark.parametrize("what", ["layers", "layers =", "layers = {", "layers = x"])
def test_a_setting_that_is_not_written_as_it_should_be_is_named(what):
    with pytest.raises(ValueError, match=re.escape(what.partition(" =")[0])):
        scenes_in(f"# Scene\n\nWords.\n\n- Do it `{what}`\n")


def test_settings_of_any_depth_are_made():
    config = with_values(RaceConfig(), {"racers.1.beta": 0.5, "start": [0.0, 2.0], "surface": "beale"})
    assert config.racers[1].beta == 0.5
    assert config.start == (0.0, 2.0)
    assert config.surface == "beale"
    assert config.racers[0] == RaceConfig().racers[0]


def test_what_is_done_already_or_cannot_be_done_does_nothing():
    narrow = Try("Narrow it", (("condition", 100), ("racers.0.learning_rate", 0.01)))
    look, adam = RaceOptions(), (("racer", 4),)
    assert narrow.does(RaceConfig(), look)
    assert not narrow.does(narrow.config(RaceConfig()), look)
    assert not narrow.does(RaceConfig(racers=()), look)
    assert Try("Look", step=3).does(RaceConfig(), look)
    assert not Try("As it was", defaults=True).does(RaceConfig(), look)
    assert not Try("Explain Adam", options=adam).does(RaceConfig(), look)
    assert Try("Explain Adam", options=adam).does(RaceConfig(), RaceOptions(racer=0))
    assert not Try("Both", narrow.settings, adam, step=3).does(RaceConfig(racers=()), RaceOptions(racer=0))


@pytest.mark.parametrize(
    "settings", [("nothing", 1), ("racers.9.beta", 0.5), ("racers.1.nothing", 0.5), ("steps", -1)]
)
def test_a_setting_that_there_is_not_is_a_problem(settings):
    with pytest.raises(Problem) as raised:
        with_values(RaceConfig(), dict([settings]))
    assert settings[0].split(".")[0] in raised.value.where


def with_scenes(language):
    for name in EXPERIMENTS:
        scenes = scenes_in(notes_file(name, language).read_text(encoding="utf-8"))[0]
        yield from ((name, scene) for scene in scenes)


def of_scene(name, scene):
    """The config that one is at in a scene: as it comes, but for what makes the scene."""
    config = EXPERIMENTS[name].config_type()
    for path, value in scene.when:
        record, dot, last = path.rpartition(".")
        config = with_values(config, {record: {"kind": value}} if dot and last == "kind" else {path: value})
    return config


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_scenes_of_both_languages_are_the_same(name):
    en, zh = (scenes_in(notes_file(name, language).read_text(encoding="utf-8"))[0] for language in LANGUAGES)
    bare = [
        [
            (scene.when, *((one.settings, one.options, one.step, one.defaults) for one in scene.tries))
            for scene in scenes
        ]
        for scenes in (en, zh)
    ]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_scene_is_short(language):
    for name, scene in with_scenes(language):
        words = re.findall(r"\S+" if language == "en" else r"[\u4e00-\u9fff]", scene.words)
        assert 10 <= len(words) <= (WORDS if language == "en" else SIGNS), (name, scene.when, len(words))
        assert 1 <= len(scene.tries) <= 4, (name, scene.when)
        for one in scene.tries:
            assert len(one.label) <= LABEL[language], (name, one.label)


def test_every_scene_can_be_come_to_and_the_last_one_is_for_all_others():
    for name in EXPERIMENTS:
        scenes = scenes_in(notes_file(name, "en").read_text(encoding="utf-8"))[0]
        assert scenes, name
        assert scenes[-1].when == (), name
        configs = [of_scene(name, scene) for scene in scenes]
        tried = [
            one.config(config) for scene, config in zip(scenes, configs, strict=True) for one in scene.tries
        ]
        come_to = [scene_of(scenes, config).when for config in (*configs, *tried)]
        assert all(scene.when in come_to for scene in scenes[:-1]), name


def test_a_table_is_not_said_to_be_points_in_the_plane():
    """It may have any number of features; without a file there is nothing to see at all."""
    scenes = scenes_in(notes_file("losses.classifier", "en").read_text(encoding="utf-8"))[0]
    kind = EXPERIMENTS["losses.classifier"].config_type
    assert scene_of(scenes, kind(data=CsvFile())).words.startswith("Your own table")
    assert scene_of(scenes, kind(data=Moons())).words.startswith("Points in the plane")


def last_step_of(experiment, config):
    return experiment.end(config, result_of(experiment.preparing(config)))


def test_all_that_is_tried_can_be_done_and_changes_something():
    for name, scene in with_scenes("en"):
        options, experiment = view_type(name).options_type(), EXPERIMENTS[name]
        scenes = scenes_in(notes_file(name, "en").read_text(encoding="utf-8"))[0]
        before = of_scene(name, scene)
        for one in scene.tries:
            after = one.config(before)
            if scene_of(scenes, before).when == scene.when:  # else it is of other settings than any named
                assert one.does(before, options), (name, one.label)
            assert one.step is None or 0 <= one.step <= last_step_of(experiment, after), (name, one.label)


def test_a_press_does_what_the_notes_say(on_screen, qtbot):
    screen = on_screen("optimizers.race", goal=3)
    screen.show_notes(True)
    notes = screen.notes
    assert notes.scene.isVisible()
    assert notes.text.isHidden()
    assert "valley" in notes.scene.words.document().toPlainText()
    bowl = next(one for one in notes.scene.buttons if one.text() == "A round bowl instead")
    qtbot.mouseClick(bowl, Qt.MouseButton.LeftButton)
    assert screen.playback.config.surface == "bowl"
    assert screen.playback.config.start == (-3.5, 1.5)
    assert screen.playback.playing
    screen.playback.runner.drive(1)
    for _ in range(2):  # the plots of another run come first, words at the next tick
        screen.tick(1.0)
    assert "κ" in notes.scene.words.document().toPlainText()
    notes.more.click()
    assert notes.text.isVisible()


def test_a_press_leads_to_a_step_and_another_way_to_look(on_screen):
    screen = on_screen("optimizers.race", goal=30, notes=False)
    screen.try_out(Try("", options=(("racer", 0),), step=12))
    screen.tick(0.0)
    assert screen.playback.step == 12
    assert screen.view.options.racer == 0
    assert not screen.playback.playing


def test_a_button_that_would_do_nothing_any_more_cannot_be_pressed(on_screen, qtbot):
    screen = on_screen("losses.classifier", goal=1, epochs=1)
    screen.show_notes(True)
    screen.tick(1.0)
    confused = next(one for one in screen.notes.scene.buttons if one.text() == "Which are confused?")
    qtbot.mouseClick(confused, Qt.MouseButton.LeftButton)
    assert screen.view.options.pane == "confusion"
    screen.tick(1.0)
    assert not confused.isEnabled()
    screen.view.set_option(pane="network")
    screen.tick(1.0)
    assert confused.isEnabled()
    screen.try_out(Try("Of settings that were changed meanwhile", (("racers.9.beta", 1),)))  # changes nothing


def test_what_is_said_of_no_scene_takes_no_room(on_screen):
    screen = on_screen("optimizers.race", goal=1)
    screen.show_notes(True)
    screen.notes.show_markdown("## All\n\nWords.")
    screen.notes.show_scene(screen.playback.config, screen.view.options)
    assert screen.notes.scene.isHidden()
    assert screen.notes.more.isHidden()
    assert screen.notes.text.isVisible()
