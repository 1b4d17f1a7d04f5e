"""Every control over and in the plots, of the notes and the transport, does something, and is taken back.

The controls are found in the widgets. In a plot, what can be dragged shows itself by the mouse: over it the
pointer has another shape. An experiment is opened once for all of this, and its words are read first
(`test_overlap` says what is to be found there, `data_area` how large its hero is).
"""

import pytest
from msgspec import to_builtins
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QPushButton, QSpinBox

from engine.config import validated
from engine.experiments import EXPERIMENTS
from gui.plots.curves import CurvesPanel
from gui.plots.panel import Panel
from gui.plots.zoom import ZoomPanel
from gui.screen.scenes import scene_of
from gui.screen.screen import Screen
from tests.gui.app.test_undo import drag, wheel
from tests.gui.bench import Desk, draw, untidy
from tests.gui.data_area import LEAST, PAGE, data_share
from tests.gui.screen.test_scenes import of_scene
from tests.gui.taking_back import all_is_taken_back_to_the_start_and_done_again_to_the_end, count
from tests.gui.test_every_press import HELD
from tests.gui.test_overlap import STEPS, looked_at, remaining

LEFT = Qt.MouseButton.LeftButton
PLAIN = (Qt.CursorShape.ArrowCursor, Qt.CursorShape.CrossCursor)
# Places at which a plot is felt for what can be dragged. They are a lattice of Fibonacci: each stands in a
# column and a row of its own, so that a line is found that would lie between those of as many places in rows.
PLACES, TURN = 89, 55
SPOTS = 2  # of what looks alike, that are dragged


def clicked(button):
    QTest.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))


def spaced(button):
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def turned(combo):
    """To the next entry that can be chosen, or the one before."""
    combo.setFocus()
    before = combo.currentIndex()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(combo, key)
        if combo.currentIndex() != before:
            return


def slid(slider):
    y = slider.height() // 2
    drag(slider, [QPoint(slider.width() * part // 8, y) for part in (2, 4, 7)])


AWAY = {"optimizers.newton": {"curve_start": 1.0}}  # settings that a button would not make just so
WAYS = {
    QAbstractButton: (clicked, spaced),
    QComboBox: (turned,),
    QSpinBox: (count,),
    QAbstractSlider: (slid,),
}


def usable(screen, kind):
    """What of the view can be worked: on the screen, enabled, and no part of another control."""
    return [
        widget
        for widget in screen.view.findChildren(kind)
        if widget.isVisibleTo(screen) and widget.isEnabled() and not isinstance(widget.parent(), QComboBox)
    ]


def seen(screen, desk=None):
    """What is seen when nothing comes after it any more: what changes by itself is no answer to a control.

    What was seen so before, and is there again when all on the `desk` is taken back, needs no second look.
    """
    now, before = looked(screen), desk and desk.seen
    while now != before:
        now, before = looked(screen), now
    if desk is not None:
        desk.seen = now
    return now


def looked(screen):
    """The settings, what the screen holds of the view, and where the playback stands.

    The screen has only what asked to be painted anew: a plot that forgets to ask is found.
    """
    draw(screen)
    screen.setFocus()  # else a button that was pressed is another picture by its focus alone
    for button in screen.view.findChildren(QAbstractButton):
        if button.underMouse():  # … or by the mouse over it
            button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            button.update()
    QApplication.processEvents()
    place = QRect(screen.view.mapTo(screen, QPoint()), screen.view.size())
    seen = screen.screen().grabWindow(screen.winId(), place.x(), place.y(), place.width(), place.height())
    return screen.playback.state(), bytes(seen.toImage().constBits()), screen.playback.playhead


def spots(panel):
    """Places of a plot at which the pointer says that something can be dragged, by the pointer's shape."""
    found = {}
    panel.setUpdatesEnabled(False)  # else each move of the mouse paints its readout
    for k in range(PLACES):
        across, down = (k + 0.5) / PLACES, (k * TURN / PLACES + 0.5) % 1.0
        feel(panel, QPoint(round(panel.width() * across), round(panel.height() * down)), found)
    for place in known_spots(panel):
        feel(panel, place, found)
    panel.setUpdatesEnabled(True)
    return found


def feel(panel, place, found):
    QTest.mouseMove(panel.viewport(), place)
    shape = panel.cursor().shape()
    if shape not in PLAIN and len(found.get(shape, [])) < SPOTS:
        found.setdefault(shape, []).append(place)


def known_spots(panel):
    """Where a plot of curves has its handles: they are small, and may lie between the places felt."""
    if not isinstance(panel, CurvesPanel):
        return []
    axes, scales = panel.axes(), (panel.x_axis, panel.y_axis)
    plane = axes.plane
    places = [
        QPointF(plane.px(scales[0].coordinate(one.x)), plane.py(scales[1].coordinate(one.y)))
        for one in panel.handles
    ]
    return [place.toPoint() for place in places if plane.rect.contains(place)][:SPOTS]


def pulled(panel, place):
    """Drag from a place towards the middle of the plot."""
    to = panel.rect().center()
    by = QPoint(28 if to.x() >= place.x() else -28, 17 if to.y() >= place.y() else -17)
    drag(panel.viewport(), [place, place + by / 2, place + by])


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_page_can_be_read_and_all_that_is_on_it_can_be_worked(name, on_screen):
    screen = on_screen(name, goal=STEPS, size=PAGE, notes=False, **AWAY.get(name, {}))
    assert remaining(name, looked_at(screen)) == []
    assert data_share(screen.view) >= LEAST
    assert headed_by_keys(screen) == []
    desk = Desk(screen)
    every_control_over_the_plots_does_something_and_is_taken_back(screen, desk)
    every_plot_is_zoomed_with_the_wheel_and_back_with_a_double_click(screen)
    if name not in HELD:
        what_can_be_dragged_moves_and_comes_back(screen, desk)
    every_plot_keeps_its_zoom_when_its_view_is_made_anew(screen)
    all_is_taken_back_to_the_start_and_done_again_to_the_end(screen, desk)
    assert not_as_offered(screen, desk) == []
    the_transport_works_by_mouse_and_keys(screen.playback, screen.transport)


def headed_by_keys(screen):
    """Curves whose numbers are headed by what the program calls them, in the clipboard and in files."""
    plots = screen.view.findChildren(CurvesPanel)
    unnamed = [one.key for plot in plots for one in plot.curves if not (one.name or one.column or one.aid)]
    return [key for key in unnamed if key.replace(".", "").replace(" ", "").isidentifier()]


def every_control_over_the_plots_does_something_and_is_taken_back(screen, desk):
    for kind, ways in WAYS.items():
        for index in range(len(usable(screen, kind))):
            for way in ways:
                # What was gone to, or checked, at one step can be so again at another.
                words = (work(screen, desk, kind, index, way, step) for step in (1, 3))
                first = next(words)
                assert first is None or next(words) is None, f"does nothing: {first}"


def work(screen, desk, kind, index, way, step):
    """Work a control at a step, and take back what it did; return its name where it did nothing."""
    screen.playback.tick(0.0)
    screen.playback.runner.drive(3.0)  # a run that was let go, for it took no time, is computed again
    screen.playback.seek(step)
    every = usable(screen, kind)
    if index >= len(every):
        return None  # it depends on another control, which has been worked
    widget, before, start = every[index], seen(screen, desk), screen.playback.state()
    asked = []
    screen.view.experiment_wanted.connect(lambda *wanted: asked.append(wanted))
    pushed = isinstance(widget, QAbstractButton) and widget.isCheckable() and widget.isChecked()
    what = (type(widget).__name__, widget.accessibleName() or getattr(widget, "text", str)(), way.__name__)
    way(widget)
    desk.rest()
    validated(screen.playback.config)
    exclusive = (
        pushed and screen.playback.state() == start
    )  # the one of a row that is pressed already stays so
    only = isinstance(widget, QComboBox) and widget.count() == 1
    after = looked(screen)
    while desk.history.stack.canUndo():
        desk.history.undo()
    assert screen.playback.state() == start, f"is not taken back: {what}"
    return None if after != before or asked or exclusive or only else what


def every_plot_is_zoomed_with_the_wheel_and_back_with_a_double_click(screen):
    for panel in screen.view.findChildren(ZoomPanel):
        if not (panel.isVisibleTo(screen) and panel.plot.vb.isVisible()):  # one may wait for what it shows
            continue
        middle = panel.axes().plane.rect.center().toPoint()
        ranges, start = panel.ranges, screen.playback.state()
        wheel(panel.viewport(), middle)
        assert panel.ranges != ranges, panel.title
        QTest.mouseDClick(panel.viewport(), LEFT, pos=middle)
        QTest.mouseRelease(panel.viewport(), LEFT, pos=middle)
        assert panel.ranges == ranges, panel.title
        assert screen.playback.state() == start, panel.title


def what_can_be_dragged_moves_and_comes_back(screen, desk):
    for index, panel in enumerate(screen.view.findChildren(Panel)):
        if not panel.isVisibleTo(screen):
            continue
        for places in spots(panel).values():
            for place in places:
                start = screen.playback.state()
                panel = screen.view.findChildren(Panel)[index]
                before = seen(screen, desk)
                pulled(panel, place)
                desk.rest()
                validated(screen.playback.config)
                assert not untidy(start.config, screen.playback.config), panel.title
                assert screen.playback.state() != start or looked(screen) != before, (panel.title, place)
                while desk.history.stack.canUndo():
                    desk.history.undo()
                if screen.playback.step != start.step:  # a playhead was dragged: time is not taken back
                    screen.playback.seek(start.step)
                assert screen.playback.state() == start, (panel.title, place)


def every_plot_keeps_its_zoom_when_its_view_is_made_anew(screen):
    screen.tick(0.0)  # what was taken back last may not be on show yet
    screen.view.catch_up()
    plots = [plot for plot in screen.view.findChildren(ZoomPanel) if plot.isVisibleTo(screen)]
    for plot in plots:
        plot.zoom(1.5)
    seen = sorted((plot.title, plot.ranges) for plot in plots)
    screen.renew_view()
    screen.view.catch_up()
    again = [plot for plot in screen.view.findChildren(ZoomPanel) if plot.isVisibleTo(screen)]
    assert sorted((plot.title, plot.ranges) for plot in again) == seen
    for plot in again:
        assert plot.zoomed
        plot.reset_zoom()


def not_as_offered(screen, desk):
    """The buttons of the notes, in every scene, that do nothing, what is no good, or more than one step."""
    screen.show_notes(True)
    screen.tick(1.0)
    playback, shown, wrong = screen.playback, screen.notes.scene, []
    playback.options = to_builtins(screen.view.options_type())
    screen.follow_options()
    screen.tick(1.0)
    for scene in screen.notes._scenes:
        playback.edit(of_scene(playback.experiment.name, scene))
        for k, one in enumerate(scene.tries):
            playback.tick(0.0)
            playback.runner.drive(3.0)
            playback.seek(0)
            shown.show_scene(scene, playback.config, screen.view.options)
            if shown.buttons[k].isEnabled():
                wrong += [(scene.when, one.label, fault) for fault in offered(screen, desk, k)]
            elif scene_of(screen.notes._scenes, playback.config) is scene:
                wrong.append((scene.when, one.label, "cannot be pressed"))
    return wrong


def offered(screen, desk, k):
    """What is wrong with a button of the scene on show."""
    playback, step = screen.playback, screen.notes.scene.scene.tries[k].step
    desk.rest()
    desk.history.clear()
    desk.note()
    start, missing = playback.state(), str(playback.runner.problem)  # a table that is not chosen yet
    clicked(screen.notes.scene.buttons[k])
    desk.rest()
    validated(playback.config)
    if step is not None and playback.playhead != step:
        yield "leads to another step"
    playback.tick(0.0)
    playback.pause()
    playback.runner.drive(1.0)
    if playback.runner.problem is not None and str(playback.runner.problem) != missing:
        yield str(playback.runner.problem)
    if playback.state() == start:
        if step is None:
            yield "does nothing"
        return
    desk.history.undo()
    if playback.state() != start or desk.history.stack.canUndo():
        yield "is not taken back at once"


def the_transport_works_by_mouse_and_keys(playback, bar):
    playback.tick(0.0)
    playback.runner.drive(3.0)
    playback.tick(0.0)
    bar.refresh()
    if bar.timeline.isHidden():
        assert not bar.at_once.isHidden()
        return
    clicked(bar.reset)
    assert (playback.step, playback.playing) == (0, False)
    playback.tick(0.0)
    playback.runner.drive(3.0)
    playback.tick(0.0)
    clicked(bar.forward)
    playback.tick(0.0)
    bar.refresh()
    assert playback.step == 1
    QTest.keyClick(bar.timeline, Qt.Key.Key_Right)
    assert playback.step == 2
    clicked(bar.back)
    assert playback.step == 1
    QTest.keyClick(bar.timeline, Qt.Key.Key_Home)
    assert playback.step == 0
    QTest.mouseClick(bar.timeline, LEFT, pos=QPoint(bar.timeline.width() - 1, 9))
    assert int(playback.playhead) == playback.runner.last_step
    clicked(bar.run)
    assert playback.playing
    spaced(bar.run)
    assert not playback.playing
    speed = playback.speed
    turned(bar.speed)
    assert playback.speed != speed
    clicked(bar.pin)
    assert len(playback.pins) == 1
    bar.refresh()
    clicked(bar.unpin)
    assert playback.pins == []


def test_the_gate_finds_a_dead_button(on_screen):
    screen = on_screen("losses.softmax", goal=3.0, notes=False)
    dead = QPushButton("Dead", screen.view)
    dead.setGeometry(0, 0, 60, 20)
    dead.show()
    seen(screen)  # what a page has no room for has gone
    index = usable(screen, QAbstractButton).index(dead)
    assert work(screen, Desk(screen), QAbstractButton, index, clicked, 1) == (
        "QPushButton",
        "Dead",
        "clicked",
    )


def test_the_gate_finds_a_button_of_the_notes_that_leads_nowhere_and_one_that_takes_two_steps(
    on_screen, monkeypatch
):
    screen = on_screen("losses.softmax", goal=3.0, notes=False)
    desk = Desk(screen)
    assert not_as_offered(screen, desk) == []
    told = Screen.try_out
    monkeypatch.setattr(Screen, "try_out", lambda *_: None)
    screen.notes.tried.disconnect()
    assert {fault for *_, fault in not_as_offered(screen, desk)} == {"does nothing"}

    def twice(what):
        told(screen, what)
        desk.rest()
        screen.playback.pin()

    screen.notes.tried.connect(twice)
    assert {fault for *_, fault in not_as_offered(screen, desk)} == {"is not taken back at once"}
    screen.playback.unpin()
