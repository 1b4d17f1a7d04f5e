"""What comes back with a step that is taken back: what is seen of the plots, the example's name, the runs."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.runner import Finish
from engine.session import Session, save
from gui.app.documents import EXAMPLES
from gui.app.undo_words import step_text
from gui.form.field import fields_of
from gui.form.settings_text import value_text
from gui.look.theme import LIGHT
from gui.plots.bars import Bars, BarsPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.stacks import Stack, StacksPanel, SumPart
from gui.screen.playback_state import PlaybackState
from gui.screen.shelf import PLACES, Shelf
from gui.screen.sights import see_again, sights_of
from gui.screen.view import view_type
from tests.gui.app.test_undo import drag, redo, settled, undo, wheel, window  # noqa: F401
from tests.gui.app.test_undo_sessions import ZIG_ZAG, typed


def zoomed_field(window):  # noqa: F811
    """Turn the wheel over the contours of the race; what is seen then."""
    field = window.on_screen.view.field
    wheel(field.viewport(), field.axes().plane.rect.center().toPoint())
    assert field.zoomed
    return field.ranges


def turned(window, qtbot):  # noqa: F811
    """Turn the landscape with the mouse, which is a step."""
    landscape, camera = window.on_screen.view.landscape, window.playback.options.get("camera")
    middle = landscape.rect().center()
    drag(landscape.viewport(), [middle, middle + QPoint(30, 8), middle + QPoint(60, 14)])
    settled(window, qtbot)
    assert window.playback.options["camera"] != camera


@pytest.mark.opens_on("optimizers.race")
def test_undo_leaves_the_zoom_of_the_plots(window, qtbot):  # noqa: F811
    seen = zoomed_field(window)
    turned(window, qtbot)
    assert window.undo_actions.undo.text() == "Undo: Viewpoint"
    undo(window, qtbot)
    assert window.on_screen.view.field.ranges == seen
    redo(window, qtbot)
    assert window.on_screen.view.field.ranges == seen
    field = window.on_screen.view.field.viewport()
    QTest.mouseDClick(field, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    QTest.mouseRelease(field, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    assert not window.on_screen.view.field.zoomed
    undo(window, qtbot)
    assert not window.on_screen.view.field.zoomed, "what was seen last counts"


@pytest.mark.opens_on("optimizers.race")
def test_another_theme_or_experiment_leaves_the_zoom_and_another_surface_does_not(window, qtbot):  # noqa: F811
    seen = zoomed_field(window)
    window.appearance.set_theme("dark")
    settled(window, qtbot)
    assert window.on_screen.view.field.ranges == seen
    window.show_experiment("entropy.binary")
    settled(window, qtbot)
    window.show_experiment("optimizers.race")
    settled(window, qtbot)
    assert window.on_screen.view.field.ranges == seen
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    assert not window.on_screen.view.field.zoomed, "it is another surface"
    undo(window, qtbot)
    assert window.on_screen.view.field.ranges == seen


def test_an_example_that_is_taken_back_leaves_the_one_before_open(window, qtbot):  # noqa: F811
    other = next(
        path
        for path in sorted(EXAMPLES.glob("*.json"))
        if path != ZIG_ZAG and b'"open":"optimizers.race"' in path.read_bytes().replace(b" ", b"")
    )
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    title = window.windowTitle()
    window.documents.open_path(other, example=True)
    settled(window, qtbot)
    assert window.windowTitle() != title
    undo(window, qtbot)
    assert window.windowTitle() == title
    assert not window.documents.modified, "it was only looked at"
    undo(window, qtbot)
    assert not window.documents.examples


def test_a_file_that_is_taken_back_leaves_the_example_and_the_zoom(window, qtbot, tmp_path):  # noqa: F811
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    title, seen = window.windowTitle(), zoomed_field(window)
    assert "Zig zag" in title
    save(Session(open="optimizers.race"), tmp_path / "plain.nabla.json")
    window.documents.open_path(tmp_path / "plain.nabla.json")
    settled(window, qtbot)
    assert window.windowTitle() == "plain – Nabla"
    assert not window.documents.examples
    assert not window.on_screen.view.field.zoomed
    undo(window, qtbot)
    assert window.windowTitle() == title
    assert window.on_screen.view.field.ranges == seen
    assert list(window.documents.examples) == ["optimizers.race"]


def trained(window, qtbot):  # noqa: F811
    """A training that has run to its end."""
    window.show_experiment("losses.classifier")
    window.playback.edit(replaced(window.playback.config, epochs=2))
    settled(window, qtbot)
    window.playback.play()
    qtbot.waitUntil(lambda: window.playback.ended and not window.playback.playing, timeout=20_000)
    settled(window, qtbot)
    return window.playback.runner


def test_pins_that_were_removed_come_back_as_they_were(window, qtbot):  # noqa: F811
    run = trained(window, qtbot)
    QTest.mouseClick(window.on_screen.transport.pin, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    typed(window, "epochs", "3")
    settled(window, qtbot)
    assert [pin.runner for pin in window.playback.pins] == [run]
    QTest.mouseClick(window.on_screen.transport.unpin, Qt.MouseButton.LeftButton)
    settled(window, qtbot)
    assert window.playback.pins == []
    undo(window, qtbot)
    assert [pin.runner for pin in window.playback.pins] == [run]
    assert run.finish is Finish.COMPLETED


def test_a_long_run_comes_back_where_it_stood_without_computing(window, qtbot):  # noqa: F811
    run = trained(window, qtbot)
    run.took = 10.0
    step, last = window.playback.step, run.recording.last
    typed(window, "epochs", "3")
    settled(window, qtbot)
    assert window.playback.runner is not run
    undo(window, qtbot)
    assert window.playback.runner is run
    assert (window.playback.step, window.playback.recording.last, window.playback.ended) == (step, last, True)


def test_the_shelf_has_room_for_so_much_and_keeps_the_newest(on_screen, monkeypatch):
    playback = on_screen("entropy.binary").playback
    runs = [playback._run_of(replaced(playback.config, p=(k + 1) / 100)) for k in range(PLACES + 2)]
    shelf = Shelf(playback.engine)
    for run in runs:
        shelf.put(run)
    assert len(shelf) == 0, "what took no time is not worth it"
    for run in runs:
        run.drive()
        shelf.put(run, worth=0.0)
    assert len(shelf) == PLACES
    assert shelf.take(playback.experiment, runs[1].config) is None
    assert shelf.take(playback.experiment, runs[2].config) is runs[2]
    assert shelf.take(playback.experiment, runs[2].config) is None
    monkeypatch.setattr("gui.screen.shelf.ROOM", 2 * runs[0].recording.size)
    shelf.put(runs[2], worth=0.0)
    assert len(shelf) == 2
    assert shelf.take(playback.experiment, runs[2].config) is runs[2]


def test_a_run_that_failed_or_was_stopped_is_not_kept(on_screen):
    playback = on_screen("entropy.binary").playback
    shelf = Shelf(playback.engine)
    for finish in (Finish.STOPPED, Finish.FAILED):
        run = playback._run_of(replaced(playback.config, p=0.11))
        run.finish = finish
        shelf.put(run, worth=0.0)
    assert len(shelf) == 0


def test_whom_one_explains_is_told_by_name_not_by_a_number_inside():
    options = msgspec.to_builtins(view_type("optimizers.race").options_type(racer=0))
    config = EXPERIMENTS["optimizers.race"].config_type()
    before, after = PlaybackState(config, options), PlaybackState(config, {**options, "racer": 1})
    one, other = (value_text(racer) for racer in config.racers[:2])
    assert step_text(before, after, view_type("optimizers.race").options_type) == f"Explain {one} → {other}"


def test_losses_that_are_shown_are_not_told_by_their_names_inside():
    kind = view_type("losses.curves").options_type
    options = msgspec.to_builtins(kind())
    config = EXPERIMENTS["losses.curves"].config_type()
    fewer = {**options, "shown": options["shown"][1:2]}
    assert step_text(PlaybackState(config, options), PlaybackState(config, fewer), kind) == "Losses"


def test_a_step_while_an_example_is_open_is_not_called_after_it(window, qtbot):  # noqa: F811
    window.documents.open_path(ZIG_ZAG, example=True)
    settled(window, qtbot)
    turned(window, qtbot)
    assert window.undo_actions.undo.text() == "Undo: Viewpoint"
    window.appearance.set_language("zh_CN")
    assert window.undo_actions.undo.text() == "撤销：视角"
    window.appearance.set_language("en")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_option_is_told_by_a_name_inside(name):
    for field in fields_of(view_type(name).options_type):
        assert field.title != field.name
        assert not set(field.choices) & set(field.choices.values())


def page_of(kind, *numbers):
    """A page with one plot that shows numbers."""
    page = QWidget()
    plot = kind("", LIGHT)
    plot.setParent(page)
    values, stroke = np.array(numbers), LIGHT.stroke("p")
    if kind is BarsPanel:
        plot.set_axes(("k", ""), ("p", ""), (0.0, max(numbers)))
        plot.set_bars([str(k) for k in range(len(values))], [Bars("p", "p", values, stroke)])
    elif kind is StacksPanel:
        plot.set_stacks([Stack("sum", [SumPart(str(k), value, stroke) for k, value in enumerate(values)])])
    else:
        plot.set_histograms([Histogram("h", np.append(0.0, np.cumsum(values)), np.ones(len(values)), stroke)])
    return page, plot


@pytest.mark.parametrize("kind", [BarsPanel, StacksPanel, HistogramPanel])
def test_a_plot_whose_values_were_others_is_zoomed_as_it_was_in_them(qtbot, kind):
    (one, before), (other, again) = page_of(kind, 1.0, 2.0, 3.0), page_of(kind, 4.0, 8.0, 20.0)
    for page in (one, other):
        qtbot.addWidget(page)
    before.zoom(1.5)
    assert before.home != again.home
    assert see_again(other, sights_of(one, {})) == {}
    assert again.ranges == before.ranges


@pytest.mark.opens_on("optimizers.race")
def test_a_zoom_in_a_file_that_was_opened_comes_back_with_it(window, qtbot, tmp_path):  # noqa: F811
    save(Session(open="optimizers.race"), tmp_path / "plain.nabla.json")
    window.documents.open_path(tmp_path / "plain.nabla.json")
    settled(window, qtbot)
    seen = zoomed_field(window)
    undo(window, qtbot)
    assert not window.on_screen.view.field.zoomed
    other = zoomed_field(window)
    redo(window, qtbot)
    assert window.on_screen.view.field.ranges == seen
    undo(window, qtbot)
    assert window.on_screen.view.field.ranges == other
