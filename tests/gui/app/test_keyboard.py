"""The keyboard in the window: from part to part, from widget to widget anew, and the space bar everywhere."""

from itertools import groupby

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.app import menus
from gui.app.keyboard import go_to_part
from gui.app.navigation import EDGE
from gui.plots.panel import Panel
from gui.screen.spots import keep_sizes


@pytest.fixture
def window(make, qtbot):
    window = make(1400)  # wide enough for the notes
    window.clock.stop()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.playback.runner.drive(20)
    window.on_screen.tick(0.0)
    return window


def test_arrow_keys_go_through_the_list_of_experiments(window, qtbot):
    window.middle.experiments.setFocus()
    seen = [window.playback.experiment.name]
    for _ in range(3):
        before = window.on_screen
        qtbot.keyPress(QApplication.focusWidget(), Qt.Key.Key_Down)
        qtbot.waitUntil(lambda before=before: window.on_screen is not before)
        seen.append(window.playback.experiment.name)
    assert len(set(seen)) == 4
    assert QApplication.focusWidget() is window.middle.experiments


def test_a_line_of_experiments_without_room_for_all_says_so(window, qtbot):
    line = window.middle.experiments
    window.resize(1600, 800)
    qtbot.waitUntil(lambda: window.width() == 1600)
    assert [end.isVisible() for end in line.ends] == [False, False]
    window.resize(1600 - line.width() + line.contentsSize().width() - EDGE, 800)  # only a margin is cut
    qtbot.waitUntil(lambda: line.width() < line.contentsSize().width())
    assert [end.isVisible() for end in line.ends] == [False, False]
    window.resize(window.minimumSize())
    qtbot.waitUntil(line.ends[1].isVisible)
    assert [end.isEnabled() for end in line.ends] == [False, True]
    last = line.item(line.count() - 1)
    while line.ends[1].isEnabled():
        before = line.horizontalScrollBar().value()
        qtbot.mouseClick(line.ends[1], Qt.MouseButton.LeftButton)
        assert line.horizontalScrollBar().value() > before
    assert line.viewport().rect().contains(line.visualItemRect(last)), "no end lies over it"
    qtbot.mouseClick(line.ends[0], Qt.MouseButton.LeftButton)
    assert line.ends[1].isEnabled()


def test_the_tab_key_goes_through_the_window_as_the_eye_does(window):
    screen, widget, order = window.on_screen, window.middle.tabs, []
    middle = window.middle
    parts = {
        "tabs": middle.tabs,
        "list": middle.experiments,
        "form": screen.form,
        "plots": screen.view,
        "notes": screen.notes,
        "transport": screen.transport,
    }
    while widget.nextInFocusChain() is not window.middle.tabs:
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            order += [name for name, part in parts.items() if widget is part or part.isAncestorOf(widget)]
    assert [name for name, _ in groupby(order)] == ["list", "form", "plots", "notes", "transport"]


@pytest.mark.opens_on("optimizers.race")
def test_digits_go_to_the_plots_of_the_page(window, qtbot):
    view = window.on_screen.view
    for digit, panel in enumerate(view.panels()[:9], start=1):
        qtbot.keyClick(window.focusWidget() or window, str(digit))
        assert window.focusWidget() is panel
    assert view.panels()[0] is view.field
    qtbot.keyClick(window.focusWidget(), "9")  # there are not so many
    assert window.focusWidget() is view.panels()[-1]


@pytest.mark.opens_on("optimizers.race")
def test_digits_that_are_written_or_looked_for_in_a_list_go_nowhere_else(window, qtbot):
    screen = window.on_screen
    box = screen.form.editor("steps").box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "321")
    assert window.focusWidget() is box
    assert box.text() == "321"
    speed = screen.transport.speed
    speed.setFocus()
    qtbot.keyClick(speed, "1")
    assert window.focusWidget() is speed


def test_ctrl_digits_and_arrows_go_through_the_tabs(window, qtbot):
    window.middle.tabs.setFocus()
    for _ in range(2):
        qtbot.keyPress(QApplication.focusWidget(), Qt.Key.Key_Right)  # released on another tab bar
    assert window.playback.experiment.name.startswith("gradients.")
    assert QApplication.focusWidget() is window.middle.tabs


FOCUSED = (
    lambda window: window.on_screen.view.field,
    lambda window: window.on_screen.form.editor("racers").cards[2].copy,
    lambda window: window.on_screen.transport.timeline,
    lambda window: window.on_screen.view.bar["log"],
    lambda window: window.on_screen.notes.scene.words,
)
CHANGES = (
    (lambda window, on: window.appearance.set_theme("dark" if on else "light"), FOCUSED[1:3]),
    (lambda window, on: window.appearance.set_language("zh_CN" if on else "en"), FOCUSED),
    (lambda window, on: window.appearance.set_lecture(on), (FOCUSED[0], FOCUSED[2])),  # what is there too
)


@pytest.mark.opens_on("optimizers.race")
def test_the_focus_outlives_theme_language_and_size(window):
    for change, focused in CHANGES:
        for number, which in enumerate(focused):
            which(window).setFocus()
            before = which(window)
            change(window, number % 2 == 0)
            assert which(window) is not before, number
            assert window.focusWidget() is which(window), number
    window.appearance.set_lecture(False)
    window.appearance.set_language("en")


def test_f6_goes_from_part_to_part_and_back(window, qtbot):
    window.middle.tabs.setFocus()
    screen = window.on_screen

    def part():
        focus = QApplication.focusWidget()
        if isinstance(focus, Panel):
            return "plots"
        middle = window.middle
        parts = {
            "tabs": middle.tabs,
            "list": middle.experiments,
            "form": screen.form,
            "options": screen.view,
            "notes": screen.notes,
            "transport": screen.transport,
        }
        return next(name for name, top in parts.items() if top is focus or top.isAncestorOf(focus))

    order = ["list", "form", "options", "plots", "notes", "transport", "tabs"]
    found = []
    for _ in order:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        found.append(part())
    assert found == order
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert part() == "transport"
    screen.show_notes(False)  # what is not there is left out
    go_to_part(window.middle, -1)
    assert part() == "plots"


FROM = {
    "list": lambda window: window.middle.experiments,
    "tabs": lambda window: window.middle.tabs,
    "notes": lambda window: window.on_screen.notes.scene.words,
    "layout": lambda window: window.on_screen.view.bar["layout"],
    "speed": lambda window: window.on_screen.transport.speed,
    "combo": lambda window: window.on_screen.form.editor("surface").combo,
    "field": lambda window: window.on_screen.view.field,
    "slider": lambda window: window.on_screen.form.editor("steps").slider,
    "timeline": lambda window: window.on_screen.transport.timeline,
    "surface": lambda window: window.on_screen.view.landscape,
    "table": lambda window: window.on_screen.view.results,
}


@pytest.mark.opens_on("optimizers.race")
def test_the_space_bar_runs_and_the_point_steps_from_everywhere(window, qtbot):
    for name, which in FROM.items():
        widget = which(window)
        widget.setFocus()
        before = window.playback.playing
        qtbot.keyClick(widget, Qt.Key.Key_Space)
        assert window.playback.playing != before, name
        if isinstance(widget, QComboBox):
            assert not widget.view().isVisible(), name
        window.playback.runner.drive(20)
        window.playback.seek(5)
        qtbot.keyClick(widget, Qt.Key.Key_Period)
        assert window.playback.step == 6, name
        qtbot.keyClick(widget, Qt.Key.Key_Comma)
        assert window.playback.step == 5, name


@pytest.mark.opens_on("optimizers.race")
def test_the_space_bar_presses_buttons_and_writes_in_lines(window, qtbot):
    playing, editor = window.playback.playing, window.on_screen.form.editor("racers")
    count = len(editor.cards)
    editor.cards[0].copy.setFocus()
    qtbot.keyClick(editor.cards[0].copy, Qt.Key.Key_Space)
    assert len(window.playback.config.racers) == count + 1
    window.on_screen.view.bar["log"].setFocus()
    before = window.on_screen.view.options.log
    qtbot.keyClick(window.on_screen.view.bar["log"], Qt.Key.Key_Space)
    assert window.on_screen.view.options.log != before
    box = window.on_screen.form.editor("steps").box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "1 . ")
    assert box.text() == "1 . "
    assert window.playback.playing == playing


@pytest.mark.opens_on("optimizers.race")
def test_the_space_bar_does_not_take_away_one_racer_after_another(window, qtbot):
    editor = window.on_screen.form.editor("racers")
    count = len(editor.cards)
    editor.cards[1].remove.setFocus()
    for _ in range(3):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert len(window.playback.config.racers) == count - 1


def test_the_list_of_shortcuts_is_bare_of_mnemonics_and_whole(window):
    window.appearance.set_language("zh_CN")
    rows = dict(menus.shortcuts(window.menuBar()))
    assert rows["Ctrl+N"] == "新建会话"
    assert rows["Ctrl+O"] == "打开…"
    assert not any("(" in what or "&" in what for what in rows.values())
    assert {"F6", "Shift+F6", ".", ","} <= set(rows)
    window.appearance.set_language("en")
    menus._show_shortcuts(window)
    words = window.findChildren(menus.ShortcutsDialog)[-1].words.text()
    for keys in ("Space", "Insert", "Page keys", "Tab in a plot", "+  −  0", ">L<", "Alt+Down", "Shift+F10"):
        assert keys in words
    assert menus.bare("Fish && Chips") == "Fish & Chips"


@pytest.mark.opens_on("optimizers.race")
def test_the_parts_have_names_and_a_card_says_whose_it_is(window):
    screen = window.on_screen
    named = (window.middle.tabs, window.middle.experiments, screen.form, screen.notes)
    assert [part.accessibleName() for part in named] == ["Tabs", "Experiments", "Settings", "Notes"]
    card = screen.form.editor("racers").cards[0]
    assert card.remove.accessibleName() == "Gradient descent: Remove"
    assert card.kind.accessibleName() == "Gradient descent: Kind"
    slider = card.parts[0].editors["learning_rate"].slider
    assert slider.accessibleName() == "Gradient descent: Learning rate"
    assert isinstance(screen.form.editor("racers").add, QPushButton)
    assert screen.form.editor("racers").add.accessibleName() == "Add: Racers"


class Flashes(QObject):
    """Notes each widget that is shown as a window of its own."""

    def __init__(self, window):
        super().__init__()
        self.window, self.found = window, []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.found += [type(watched).__name__] * (watched is not self.window)
        return False


def test_no_widget_flashes_up_as_a_window_and_takes_the_focus(window):
    flashes = Flashes(window)
    QApplication.instance().installEventFilter(flashes)
    for name in ("optimizers.newton", "losses.curves", "entropy.gaussian_fit", "lstm.train"):
        window.show_experiment(name)
    QApplication.instance().removeEventFilter(flashes)
    assert flashes.found == []


def parted(sizes, inner=None):
    """A widget of two parts side by side, the second of which may be parted again, one above the other."""
    top = QWidget()
    column = QVBoxLayout(top)
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.addWidget(QWidget())
    if inner:
        second = QSplitter(Qt.Orientation.Vertical)
        second.addWidget(QWidget())
        second.addWidget(QWidget())
        splitter.addWidget(second)
    else:
        splitter.addWidget(QWidget())
    column.addWidget(splitter)
    top.resize(600, 400)
    top.ensurePolished()
    column.activate()
    splitter.setSizes(sizes)
    if inner:
        second.setSizes(inner)
    return top


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (((400, 150), (100, 250)), ((200, 350), (200, 150))),
        (((400, 150), (100, 250)), ((200, 350), None)),
        (((400, 150), None), ((200, 350), (200, 150))),
    ],
)
def test_a_view_made_anew_keeps_its_parts_whichever_it_still_has(qtbot, before, after):
    old, new = parted(*before), parted(*after)
    qtbot.addWidget(old)
    qtbot.addWidget(new)
    keep_sizes(old, new)
    was, now = ([one.sizes() for one in part.findChildren(QSplitter)] for part in (old, new))
    assert now[0] == was[0]
    if len(was) == len(now):
        assert now[1] == was[1]


def test_what_was_unfolded_outlives_theme_and_language(window, qtbot):
    qtbot.mouseClick(window.on_screen.notes.more, Qt.MouseButton.LeftButton)
    assert window.on_screen.notes.text.isVisibleTo(window.on_screen.notes)
    window.appearance.set_theme("dark")
    assert window.on_screen.notes.text.isVisibleTo(window.on_screen.notes)
    window.appearance.set_language("zh_CN")
    assert window.on_screen.notes.text.isVisibleTo(window.on_screen.notes)
    qtbot.mouseClick(window.on_screen.notes.more, Qt.MouseButton.LeftButton)
    window.appearance.set_language("en")
    assert not window.on_screen.notes.text.isVisibleTo(window.on_screen.notes)
    window.appearance.set_theme("light")
