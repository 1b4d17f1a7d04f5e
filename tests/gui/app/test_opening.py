"""What comes to the screen: each run is made once, and a session that is bad touches nothing."""

import json
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.session import Look, Session, save
from gui.plots.curves import CurvesPanel
from gui.screen import playback as module
from gui.screen.playback import Playback

RACE, CURVES = "optimizers.race", "losses.curves"


@pytest.fixture
def counted(monkeypatch):
    """How many runs are made for each experiment, and how often one of its playbacks is entered."""
    runs, entered = Counter(), Counter()

    class Counted(module.Runner):
        def __init__(self, experiment, config):
            runs[experiment.name] += 1
            super().__init__(experiment, config)

    def enter(playback, original=Playback.enter):
        entered[playback.experiment.name] += 1
        original(playback)

    monkeypatch.setattr(module, "Runner", Counted)
    monkeypatch.setattr(Playback, "enter", enter)
    return runs, entered


def menu_action(window, text):
    """An action of the menus, by its words in English."""
    menus = [action.menu() for action in window.menuBar().actions()]
    return next(one for menu in menus for one in menu.actions() if one.text() == text)


def open_by_menu(window, path, monkeypatch):
    """Choose a file in the dialog of File ▸ Open."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    menu_action(window, "&Open…").trigger()


@pytest.mark.opens_on("optimizers.race")
def test_a_window_makes_its_first_run_once(counted, make):
    make()
    assert counted == ({RACE: 1}, {RACE: 1})


@pytest.mark.opens_on("optimizers.race")
def test_another_experiment_makes_its_run_once_and_a_theme_makes_none(window, counted, qtbot):
    qtbot.keyClick(window.middle.experiments, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.playback.experiment.name != RACE)
    name = window.playback.experiment.name
    assert counted == ({name: 1}, {name: 1})
    menu_action(window, "&Dark").trigger()
    assert window.on_screen.theme.dark
    assert counted == ({name: 1}, {name: 1})
    qtbot.keyClick(window.middle.experiments, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: window.playback.experiment.name == RACE)
    assert counted == ({name: 1}, {name: 1, RACE: 1}), "its run was there"


def test_a_session_makes_its_run_and_its_pinned_ones_once_and_no_default(
    window, counted, qtbot, tmp_path, monkeypatch
):
    config = EXPERIMENTS[RACE].config_type()
    pins = (replaced(config, steps=20), replaced(config, steps=30))
    path = tmp_path / "pinned.nabla.json"
    save(
        Session(experiments={RACE: replaced(config, steps=40)}, open=RACE, looks={RACE: Look(7, {}, pins)}),
        path,
    )
    open_by_menu(window, path, monkeypatch)
    assert window.documents.path == path
    assert counted == ({RACE: 3}, {RACE: 1})
    assert window.playback.runner.config.steps == 40
    qtbot.waitUntil(lambda: window.playback.step == 7)


def test_a_playback_is_complete_from_birth():
    config = EXPERIMENTS[RACE].config_type(steps=30)
    look = Look(12, {"log": True}, (replaced(config, steps=20),))
    from_session = Playback(EXPERIMENTS[RACE], module.EngineThread(), 60.0, config=config, look=look)
    assert (from_session.config, from_session.runner.config) == (config, config)
    assert from_session.look() == look
    assert not from_session.playing
    assert (
        Playback(EXPERIMENTS[RACE], module.EngineThread(), 60.0, look=Look()).playing
        == EXPERIMENTS[RACE].eager
    )


BAD = (
    ({"losses.curves": {"options": {"no_such": 1}}}, "no_such"),
    ({"optimizers.race": {"options": {"log": "perhaps"}}}, "log"),  # it is not the one that would be seen
    ({"losses.curves": {"pins": [{"delta": "much"}]}}, "delta"),
)


def test_a_session_with_something_bad_leaves_window_title_and_file_untouched(
    window, counted, tmp_path, monkeypatch, answer
):
    mine = tmp_path / "mine.nabla.json"
    save(window.session(), mine)
    open_by_menu(window, mine, monkeypatch)
    for looks, said in BAD:
        counted[0].clear()
        counted[1].clear()
        path = tmp_path / "bad.nabla.json"
        path.write_text(
            json.dumps({"schema": 1, "open": CURVES, "language": "zh_CN", "theme": "dark", "looks": looks})
        )
        before = what_is_open(window)
        bytes_before, shown = mine.read_bytes(), answer()
        open_by_menu(window, path, monkeypatch)
        after = what_is_open(window)
        assert after == before
        assert after[3] is before[3]
        assert after[4] is before[4], "nothing is made anew"
        assert window.documents.path == mine
        assert mine.read_bytes() == bytes_before
        assert counted == ({}, {})
        assert len(shown) == 1
        assert said in shown[0]


def what_is_open(window):
    return window.session(), window.windowTitle(), window.documents.path, window.playback, window.on_screen


def test_the_first_picture_of_what_is_made_anew_has_the_run_in_it(window, qtbot, monkeypatch):
    painted = {}
    original = CurvesPanel.paintEvent

    def paint(panel, event):
        original(panel, event)
        painted.setdefault(panel.title, len(panel.curves))

    monkeypatch.setattr(CurvesPanel, "paintEvent", paint)
    for anew in (
        lambda: menu_action(window, "&Dark").trigger(),
        lambda: window.show_experiment("optimizers.averages"),
        lambda: window.show_experiment(RACE),
    ):
        painted.clear()
        anew()
        panels = [one for one in window.on_screen.view.panels() if isinstance(one, CurvesPanel)]
        qtbot.waitUntil(lambda panels=panels: {one.title for one in panels} <= painted.keys())
        assert all(painted.values()), painted
