"""What is chosen by its place in a list stays chosen when the list changes."""

import pytest
from PySide6.QtCore import Qt

from engine.experiments import EXPERIMENTS
from gui.form.choices import place_after
from gui.look.theme import LIGHT
from gui.screen.engine_thread import EngineThread
from gui.screen.playback import Playback
from gui.screen.screen import Screen
from gui.screen.view import follower, view_type
from gui.views.optimizers.race import inspected


@pytest.mark.parametrize(
    ("index", "before", "after", "place"),
    [
        (2, "gma", "ma", 1),  # removed above
        (0, "gma", "ga", 0),  # removed below
        (1, "gma", "ga", None),  # itself removed
        (1, "gma", "gmma", 1),  # doubled: the copy stands under it
        (2, "gma", "gmma", 3),
        (1, "gma", "gxa", 1),  # changed in place
        (1, "aab", "ab", 0),  # one of two equal ones
        (0, "gma", "amg", 2),  # another order
        (0, "g", "xyz", None),
        (5, "gma", "ma", None),
    ],
)
def test_where_an_entry_is_after_a_change(index, before, after, place):
    assert place_after(index, before, after) == place


@pytest.fixture
def screen(qtbot):
    made = []

    def make(name, **options):
        playback = Playback(EXPERIMENTS[name], EngineThread(), 60.0, follower(view_type(name)))
        playback.options = options
        playback.edit(playback.config)
        playback.tick(0.0)
        playback.runner.drive(3)
        one = Screen(playback, LIGHT, "en")
        qtbot.addWidget(one)
        one.resize(1200, 800)
        with qtbot.waitExposed(one):
            one.show()
        one.tick(0.1)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


def remove(qtbot, screen, which):
    qtbot.mouseClick(screen.form.editor("racers").cards[which].remove, Qt.MouseButton.LeftButton)
    screen.playback.tick(0.0)
    screen.playback.runner.drive(3)
    screen.tick(0.1)


def test_a_racer_removed_above_does_not_change_who_is_explained(qtbot, screen):
    race = screen("optimizers.race", racer=4)
    racers = race.playback.config.racers
    assert type(racers[4]).title == "Adam"
    remove(qtbot, race, 0)
    assert type(race.playback.config.racers[inspected(race.view.at)]).title == "Adam"
    assert race.view.bar["racer"].currentText() == "Adam"
    remove(qtbot, race, inspected(race.view.at) + 1)
    assert race.view.bar["racer"].currentText() == "Adam"
    qtbot.mouseClick(race.form.editor("racers").cards[0].copy, Qt.MouseButton.LeftButton)
    race.tick(0.1)
    assert race.playback.options["racer"] == 4
    assert type(race.playback.config.racers[4]).title == "Adam"


def test_sparse_features_keep_who_is_explained(qtbot, screen):
    sparse = screen("optimizers.sparse", racer=2)
    title = type(sparse.playback.config.racers[2]).title
    remove(qtbot, sparse, 0)
    assert type(sparse.playback.config.racers[sparse.playback.options["racer"]]).title == title


def test_the_plane_of_the_landscape_goes_on_through_its_racer(qtbot, screen):
    landscape = screen("optimizers.landscape", racer=1)
    racers, centre = landscape.playback.config.racers, landscape.playback.config.centre
    middle = racers[min(centre, len(racers)) - 1]
    remove(qtbot, landscape, 0)
    config = landscape.playback.config
    assert config.racers[min(config.centre, len(config.racers)) - 1] == middle
    assert config.racers[landscape.playback.options["racer"]] == racers[1]


def test_the_average_that_is_explained_is_the_same_one(qtbot, screen):
    averages = screen("optimizers.averages", explained=1)
    line = averages.form.editor("betas").line
    assert line.text() == "0.5, 0.9, 0.98"
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Home)
    for _ in range(5):
        qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert averages.playback.config.betas == (0.9, 0.98)
    assert averages.playback.options["explained"] == 0


def test_a_lock_stays_on_its_outcome_while_the_list_is_typed(qtbot, screen):
    both = screen("entropy.two_distributions")
    editor = both.form.editor("p")
    locks = len(editor.locks)
    editor.line.setFocus()
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, "0.5, 0.25, 0.25")
    assert locks
    assert both.playback.config.p.values == (0.5, 0.25, 0.25)
    qtbot.mouseClick(editor.locks[2], Qt.MouseButton.LeftButton)
    editor.line.selectAll()
    editor.line.insert("")
    qtbot.keyClicks(editor.line, "0.75, 0.25")
    assert both.playback.config.p.locked == (1,)
