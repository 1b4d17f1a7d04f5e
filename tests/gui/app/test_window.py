"""The real window, driven as a user drives it."""

import gc
import sys

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from engine.config import replaced
from engine.experiments import CATALOGUE, EXPERIMENTS
from engine.experiments.losses.classifier_config import CsvFile
from engine.pieces import result_of
from engine.runner import Finish
from engine.session import Look, Session, SessionError, load, save
from gui.app import menus
from gui.app.documents import EXAMPLES
from gui.app.examples import example_files
from gui.app.menus import shortcuts
from gui.app.session_views import check_looks
from gui.app.shortcuts_dialog import ShortcutsDialog
from gui.screen.options_bar import OptionsBar

TABS = {
    "entropy": ("Entropy", "熵"),
    "losses": ("Losses", "损失函数"),
    "optimizers": ("Optimizers", "优化器"),
    "lstm": ("LSTM", "LSTM"),
    "gradients": ("Gradients", "梯度"),
}
OPEN = [tab for tab, experiments in CATALOGUE.items() if experiments]
ENGLISH, CHINESE = ([TABS[tab][language] for tab in OPEN] for language in (0, 1))


def names(window):
    return [window.middle.tabs.tabText(index) for index in range(window.middle.tabs.count())]


def settled(window, qtbot, step=None):
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # what was left, as between events
    qtbot.waitUntil(
        lambda: (
            window.playback.shown is window.playback.runner and (step is None or window.playback.step == step)
        )
    )


@pytest.mark.opens_on("optimizers.race")
def test_the_race_is_first_and_moves_when_it_plays(window, qtbot):
    assert window.playback.experiment.name == "optimizers.race"
    window.playback.play()
    qtbot.waitUntil(lambda: window.playback.step > 3)


def test_of_two_pages_opened_at_once_the_last_is_painted(window, qtbot):
    window.show_experiment("losses.curves")
    window.show_experiment("losses.neuron")
    settled(window, qtbot)
    qtbot.waitUntil(window.updatesEnabled)
    assert window.on_screen.view.updatesEnabled()


def test_only_tabs_with_experiments_are_there(window):
    assert names(window) == ENGLISH


def test_keys_run_pause_and_step(window, qtbot):
    window.setFocus()
    window.playback.pause()  # it plays by itself at first
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.playback.playing
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.playback.playing
    before = window.playback.step
    qtbot.keyClick(window, Qt.Key.Key_Period)
    settled(window, qtbot, before + 1)
    qtbot.keyClick(window, Qt.Key.Key_Comma)
    settled(window, qtbot, before)


@pytest.mark.opens_on("optimizers.race")
def test_the_timeline_scrubs(window, qtbot):
    timeline = window.on_screen.transport.timeline
    qtbot.waitUntil(lambda: timeline.total == window.playback.config.steps)
    middle = timeline.rect().center()
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=middle)
    assert window.playback.step == pytest.approx(window.playback.config.steps / 2, abs=2)
    timeline.setFocus()
    qtbot.keyClick(timeline, Qt.Key.Key_Home)
    settled(window, qtbot, 0)
    qtbot.keyClick(timeline, Qt.Key.Key_End)
    settled(window, qtbot, window.playback.config.steps)


@pytest.mark.opens_on("optimizers.race")
def test_an_edit_in_the_form_begins_a_new_run(window, qtbot):
    editor = window.on_screen.form.editor("steps")
    editor.changed.emit(250)
    qtbot.waitUntil(lambda: window.playback.runner.config.steps == 250)
    settled(window, qtbot)


@pytest.mark.opens_on("optimizers.race")
def test_pins_are_drawn_behind_and_say_what_differs(window, qtbot):
    qtbot.mouseClick(window.on_screen.transport.pin, Qt.MouseButton.LeftButton)
    assert len(window.playback.pins) == 1
    window.on_screen.form.editor("steps").changed.emit(123)
    settled(window, qtbot)
    qtbot.waitUntil(lambda: window.on_screen.transport.unpin.isEnabled())
    qtbot.mouseClick(window.on_screen.transport.unpin, Qt.MouseButton.LeftButton)
    assert window.playback.pins == []


@pytest.mark.parametrize("name", ["optimizers.race", "losses.classifier"])
def test_language_theme_and_size_change_with_plots_open(window, qtbot, name):
    window.show_experiment(name)
    window.playback.seek(5)
    settled(window, qtbot, 5)
    window.appearance.set_language("zh_CN")
    assert names(window) == CHINESE
    settled(window, qtbot, 5)
    window.appearance.set_theme("dark")
    window.appearance.set_lecture(True)
    settled(window, qtbot, 5)
    assert window.on_screen.theme.dark
    assert window.on_screen.theme.scale == pytest.approx(1.6)
    window.appearance.set_lecture(False)
    window.appearance.set_language("en")
    settled(window, qtbot, 5)
    window.appearance.set_theme("light")
    settled(window, qtbot, 5)
    assert names(window) == ENGLISH


def test_every_menu_has_words_and_shortcuts_are_unique(window):
    keys = [key for key, _ in shortcuts(window.menuBar())]
    assert len(keys) == len(set(keys)) > 15


def test_going_to_another_tab_and_back_keeps_the_run(window, qtbot):
    window.playback.seek(40)
    settled(window, qtbot, 40)
    runner = window.playback.runner
    window.middle.tabs.setCurrentIndex(OPEN.index("losses"))
    assert window.playback.experiment.name == CATALOGUE["losses"][0].name
    settled(window, qtbot)
    window.show_experiment("losses.classifier")
    settled(window, qtbot)
    window.middle.tabs.setCurrentIndex(OPEN.index("optimizers"))
    assert window.playback.runner is runner
    assert window.playback.step == 40


def test_a_tab_opens_at_the_experiment_that_was_on_the_screen_last(window, qtbot):
    tab = next((tab for tab in OPEN if len(CATALOGUE[tab]) > 1), None)
    assert tab, "no tab has two experiments"
    first, second = (experiment.name for experiment in CATALOGUE[tab][:2])
    for name in (second, first):
        window.show_experiment(name)
        settled(window, qtbot)
    other = next(index for index, name in enumerate(OPEN) if name != tab)
    window.middle.tabs.setCurrentIndex(other)
    settled(window, qtbot)
    window.middle.tabs.setCurrentIndex(OPEN.index(tab))
    assert window.playback.experiment.name == first


def test_the_mark_that_qt_looks_for_in_titles_is_shown_as_it_stands_in_a_name(window, tmp_path):
    save(Session(), tmp_path / "a[*]b.nabla.json")
    window.documents.open_path(tmp_path / "a[*]b.nabla.json")
    assert window.windowTitle() == "a[*][*]b – Nabla"  # Qt shows two of them as one


@pytest.mark.opens_on("optimizers.race")
def test_a_session_saved_and_opened_is_all_there(window, make, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "mine.nabla.json"
    window.on_screen.form.editor("steps").changed.emit(222)
    settled(window, qtbot)
    window.playback.pin()
    qtbot.waitUntil(lambda: window.documents.current.looks["optimizers.race"].pins != ())
    window.playback.seek(77)  # nothing else changes: the file must tell of the step all the same
    settled(window, qtbot, 77)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(path), ""))
    assert window.documents.save()
    assert not window.documents.modified
    other = make()
    other.documents.open_path(path)
    settled(other, qtbot, 77)
    assert other.playback.config == window.playback.config
    assert len(other.playback.pins) == 1
    assert other.windowTitle().startswith("mine")
    assert str(path) in other.preferences.recent


def test_a_file_dropped_on_the_window_opens(window, qtbot, tmp_path):
    path = tmp_path / "dropped.nabla.json"
    save(Session(open="losses.classifier"), path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.playback.experiment.name == "losses.classifier")


def test_an_option_of_a_view_that_does_not_exist_is_refused_at_its_place():
    for options, where in (({"bad": 1}, "options"), ({"lines": 7}, "options.lines")):
        with pytest.raises(SessionError) as caught:
            check_looks(Session(looks={"optimizers.maps": Look(options=options)}))
        assert caught.value.where == f"$.looks['optimizers.maps'].{where}"


def test_closing_while_running_ends_the_thread(make, qtbot):
    window = make()
    window.show_experiment("losses.classifier")
    window.playback.play()
    qtbot.waitUntil(lambda: window.playback.recording.last > 5)
    window.documents.on_file = window.session()
    window.close()
    assert window.engine.isFinished()


def test_a_hundred_ticks_steal_no_references(window, qtbot):
    window.playback.play()
    gc.collect()  # else what other tests have left may go meanwhile, with its references
    none, true = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(100):
        window.playback.playhead = (window.playback.playhead + 1) % 100
        window.on_screen.tick(0.0)
    assert sys.getrefcount(None) > none - 50, "at one a tick, a hundred would be gone"
    assert sys.getrefcount(True) > true - 50


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.nabla.json")), ids=lambda path: path.stem)
def test_an_example_holds_what_its_page_can_show(path):
    session = load(path)
    check_looks(session)
    experiment = EXPERIMENTS[session.open]
    assert session.open in session.experiments, "an example is of one experiment, and opens at it"
    step, config = session.looks.get(session.open, Look()).step, session.config(session.open)
    if step is not None:
        assert step <= experiment.end(config, result_of(experiment.preparing(config)))


def test_an_example_opens_at_its_settings_and_its_step(window, qtbot):
    path = EXAMPLES / "momentum-and-Nesterov.nabla.json"
    said = load(path)
    assert window.documents.open_path(path, example=True)
    settled(window, qtbot)
    assert window.documents.path is None
    assert window.playback.experiment.name == said.open
    assert window.playback.config == said.config(said.open)
    assert window.playback.step == said.looks[said.open].step


def test_what_has_no_steps_shows_no_steps(window, qtbot):
    window.show_experiment("entropy.two_distributions")
    settled(window, qtbot)
    transport = window.on_screen.transport
    assert transport.run.isHidden()
    assert transport.timeline.isHidden()
    assert not transport.at_once.isHidden()
    assert not transport.pin.isHidden()
    assert abs(transport.at_once.geometry().center().y() - transport.pin.geometry().center().y()) <= 2
    window.show_experiment("optimizers.race")
    settled(window, qtbot)
    assert not window.on_screen.transport.run.isHidden()
    assert window.on_screen.transport.at_once.isHidden()


@pytest.mark.opens_on("optimizers.race")
def test_a_new_seed_is_offered_only_where_there_is_chance(window, qtbot):
    new_seed = next(
        action
        for bar in window.menuBar().actions()
        for action in bar.menu().actions()
        if action.shortcut().toString() == "Ctrl+R"
    )
    qtbot.waitUntil(lambda: not window.on_screen.transport.seed.isEnabled())
    before = window.playback.config
    new_seed.trigger()
    assert window.playback.config == before, "without noise a race has no chance"
    window.on_screen.form.editor("noise").changed.emit(0.5)
    qtbot.waitUntil(window.on_screen.transport.seed.isEnabled)
    qtbot.mouseClick(window.on_screen.transport.seed, Qt.MouseButton.LeftButton)
    assert window.playback.config.seed != before.seed
    window.show_experiment("entropy.binary")
    settled(window, qtbot)
    window.on_screen.transport.draw_seed()
    assert not window.on_screen.transport.seed.isEnabled()


def test_the_shortcuts_fit_a_low_screen(window, qtbot):
    for lecture in (True, False):  # the style sheet is the application's
        window.appearance.set_lecture(lecture)
        menus._show_shortcuts(window)
        box = window.findChildren(ShortcutsDialog)[-1]
        with qtbot.waitExposed(box):
            box.show()
        assert box.width() <= 1280
        assert box.height() <= 720
        assert box.words.sizeHint().height() <= 620  # all are seen at once
        text = box.words.text()
        assert all(keys in text and what in text for keys, what in shortcuts(window.menuBar()))
        box.accept()


def test_numbers_that_are_late_wait_until_the_view_knows_their_run(window, qtbot):
    window.show_experiment("gradients.dying_relu")
    screen, playback = window.on_screen, window.playback
    qtbot.waitUntil(lambda: playback.shown is playback.runner)
    screen.draw()
    playback.edit(replaced(playback.config, width=1))  # unit 6, which is followed, is no longer there
    qtbot.waitUntil(lambda: playback.tick(0.01) or playback.shown is playback.runner)
    screen.live.late, screen.live.age, screen._rest = True, 10.0, 10.0
    playback.playing = True  # a picture that is dear to draw waits; the numbers are due
    screen.tick(0.01)
    screen.draw()
    screen.live.show(screen.view, screen.showing)
    qtbot.waitUntil(lambda: screen.view.formulas(screen.moment()) is not None)
    assert any("layer 2" in live.title for live in screen.view.formulas(screen.moment()))


@pytest.mark.opens_on("optimizers.race")
def test_default_settings_are_a_key_away(window, qtbot):
    window.on_screen.form.editor("steps").changed.emit(222)
    qtbot.waitUntil(lambda: window.playback.runner.config.steps == 222)
    menus = {
        action.text().replace("&", ""): action
        for bar in window.menuBar().actions()
        for action in bar.menu().actions()
    }
    menus["Default settings"].trigger()
    qtbot.waitUntil(lambda: window.playback.runner.config == window.playback.experiment.config_type())


def test_examples_stand_under_the_tab_that_they_open(window):
    bar = {action.text().replace("&", ""): action.menu() for action in window.menuBar().actions()}
    listed = {
        action.text(): [example.text() for example in action.menu().actions()]
        for action in bar["Examples"].actions()
        if action.isVisible()
    }
    assert list(listed) == ENGLISH
    assert "Four digits" in listed["Losses"]
    assert "Zig zag in a narrow valley" in listed["Optimizers"]
    assert sum(map(len, listed.values())) == len(example_files())


def test_a_run_that_waits_for_a_file_says_so_and_is_not_called_one_without_steps(window, qtbot):
    window.show_experiment("losses.classifier")
    window.playback.edit(replaced(window.playback.config, data=CsvFile()))
    qtbot.waitUntil(lambda: window.playback.runner.finish is Finish.FAILED)
    window.on_screen.tick(1.0)
    assert window.on_screen.banner.text() == "Choose a file: Browse…, or drop one on the window"
    assert window.on_screen.transport.at_once.isHidden()
    assert not window.on_screen.transport.timeline.isHidden()
    assert window.on_screen.transport.status.text() == ""


def test_a_map_draws_itself_and_a_pixel_of_it_can_be_raced(window, qtbot):
    window.show_experiment("optimizers.maps")
    settled(window, qtbot)
    qtbot.waitUntil(lambda: window.playback.ended)
    runner, view = window.playback.runner, window.on_screen.view
    place = view.map.axes().plane.point(3.0, 3.0)
    QTest.mouseClick(view.map.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    qtbot.waitUntil(lambda: window.on_screen.view.at.config.start[0] > 2.5)
    assert window.playback.runner is runner, "choosing a pixel does not compute the map again"
    assert window.on_screen.form.config.start == window.playback.config.start
    start = window.playback.config.start
    window.on_screen.view.race.click()
    qtbot.waitUntil(lambda: window.playback.experiment.name == "optimizers.race")
    settled(window, qtbot)
    assert window.playback.config.start == start
    assert [racer.name for racer in window.playback.config.racers] == ["momentum"]


def notes_action(window):
    actions = [action for menu in window.menuBar().actions() for action in menu.menu().actions()]
    return next(action for action in actions if action.shortcut().toString() == "F9")


def test_f9_shows_notes_that_are_not_seen_and_hides_those_that_are(window, qtbot):
    def seen():
        assert notes_action(window).isChecked() == window.on_screen.notes.isVisible()
        return window.on_screen.notes.isVisible()

    window.resize(1280, 720)
    window.appearance.set_lecture(True)
    qtbot.waitUntil(lambda: not window.on_screen.notes.isVisible())
    assert not seen()
    notes_action(window).trigger()
    assert seen(), "at the first time, although there is little room"
    window.appearance.set_language("zh_CN")
    qtbot.waitUntil(lambda: window.on_screen.cramped)
    assert seen(), "they stay"
    window.appearance.set_language("en")
    qtbot.waitUntil(lambda: window.on_screen.cramped)
    notes_action(window).trigger()
    assert not seen()
    settled(window, qtbot)
    window.appearance.set_lecture(False)
    assert not seen(), "they were hidden"
    notes_action(window).trigger()
    assert seen()
    window.resize(window.minimumSizeHint().width(), 720)
    window.appearance.set_lecture(True)
    qtbot.waitUntil(lambda: window.on_screen.cramped)
    assert not seen(), "nobody asked for them where there is little room"


def test_settings_and_notes_are_drawers_with_a_switch_a_key_and_a_menu(window, qtbot):
    header, screen = window.middle.header, window.on_screen
    assert screen.form.isVisible()
    wide = screen.view.width()
    qtbot.mouseClick(header.form, Qt.MouseButton.LeftButton)
    assert not screen.form.isVisible()
    assert not header.form.isChecked()
    qtbot.waitUntil(lambda: screen.view.width() > wide)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert screen.form.isVisible()
    assert header.form.isChecked()
    assert not screen.notes.isVisible(), "1280 pixels are the plots'"
    qtbot.mouseClick(header.notes, Qt.MouseButton.LeftButton)
    assert screen.notes.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not screen.notes.isVisible()
    assert not header.notes.isChecked()
    qtbot.mouseClick(header.form, Qt.MouseButton.LeftButton)
    window.show_experiment("entropy.binary")
    assert not window.on_screen.form.isVisible(), "as it was left"
    assert not window.middle.header.form.isChecked()
    window.show_form(True)


@pytest.mark.opens_on("optimizers.race")
def test_a_lecture_shows_plots_sentence_formula_and_transport_and_what_is_asked_for(window, qtbot):
    window.appearance.set_lecture(True)
    settled(window, qtbot)
    middle, screen = window.middle, window.on_screen
    hidden = (middle.tabs, middle.header, screen.form, screen.notes, *screen.view.findChildren(OptionsBar))
    qtbot.waitUntil(lambda: not any(part.isVisible() for part in hidden))
    seen = (screen.view.field, screen.view.curves, screen.view.finding, screen.strip, screen.transport)
    qtbot.waitUntil(lambda: all(part.isVisible() for part in seen))
    qtbot.waitUntil(lambda: screen.strip.formula.latex != "")
    qtbot.waitUntil(window.menuBar().isVisible)  # it hears the keys
    title = window.menuBar().cornerWidget()
    assert title.isVisible()
    assert title.text() == "Optimizers ▸ Race"
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert screen.form.isVisible()
    window.appearance.set_lecture(False)
    assert not title.isVisible()
    assert window.on_screen.form.isVisible()
    assert window.middle.tabs.isVisible()
    window.appearance.set_lecture(True)
    assert not window.on_screen.form.isVisible(), "the next lecture begins without"
    window.show_experiment("gradients.clipping")
    title = window.menuBar().cornerWidget()
    assert title.text() == "Gradients ▸ Exploding and clipping"
    qtbot.waitUntil(title.isVisible)
    assert title.width() >= title.sizeHint().width()
    window.appearance.set_lecture(False)


@pytest.mark.opens_on("optimizers.race")
def test_the_hero_of_the_race_has_a_quarter_of_a_small_window(window, qtbot):
    field = window.on_screen.view.field
    qtbot.waitUntil(lambda: field.width() * field.height() >= 1280 * 720 / 4)


def test_the_window_follows_the_desktop_from_light_to_dark_and_back(window, qtbot, monkeypatch):
    hints = QApplication.styleHints()

    def turn(name, scheme):
        monkeypatch.setattr("gui.app.appearance.system_theme", lambda application: name)
        hints.colorSchemeChanged.emit(scheme)  # the platform of the tests has no desktop

    turn("light", Qt.ColorScheme.Light)
    window.appearance.set_theme("system")
    turn("dark", Qt.ColorScheme.Dark)
    assert window.on_screen.theme.name == "dark"
    turn("light", Qt.ColorScheme.Light)
    assert window.on_screen.theme.name == "light"
    window.appearance.set_theme("light")
    turn("dark", Qt.ColorScheme.Dark)
    assert window.on_screen.theme.name == "light", "it was chosen"
