"""The line that says what has been done: through the actions of a user, in a small window, for a while."""

from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

from gui.app.app import ErrorReport
from gui.app.status_line import ASIDE, STAYS, StatusLine
from gui.export.export_dialog import ExportDialog
from gui.look.language import install


@pytest.fixture
def window(make, qtbot, qapp):
    window = make()
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    yield window
    install(qapp, "en")


def press(window, keys):
    """Trigger the action of the menus that has these keys."""
    for menu in (action.menu() for action in window.menuBar().actions()):
        for action in menu.actions():
            if action.shortcut() == QKeySequence(keys):
                action.trigger()
                return
    pytest.fail(f"no action has the keys {keys}")


def answer(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def press_save(dialog, qtbot):
    button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_save_and_save_as_are_said_with_the_path(window, monkeypatch, tmp_path):
    answer(monkeypatch, "")
    press(window, "Ctrl+S")
    assert window.status_line.text() == window.status_line.words == ""
    answer(monkeypatch, tmp_path / "first.nabla.json")
    press(window, "Ctrl+S")
    assert window.status_line.words == f"Saved to {tmp_path / 'first.nabla.json'}"
    window.status_line.clear()
    press(window, "Ctrl+S")
    assert window.status_line.words == f"Saved to {tmp_path / 'first.nabla.json'}"
    window.appearance.set_language("zh_CN")
    answer(monkeypatch, tmp_path / "second.nabla.json")
    press(window, "Ctrl+Shift+S")
    assert window.status_line.words == f"已保存到 {tmp_path / 'second.nabla.json'}"


def test_copies_and_exports_are_said_and_what_fails_is_not(window, qtbot, monkeypatch, tmp_path):
    press(window, "Ctrl+Shift+C")
    assert window.status_line.words == "Picture copied"
    press(window, "Ctrl+Shift+D")
    assert window.status_line.words == "Data copied"
    window.status_line.clear()
    press(window, "Ctrl+E")
    dialog = window.findChild(ExportDialog)
    monkeypatch.setattr("gui.export.export_dialog.QMessageBox.warning", lambda *_: None)
    answer(monkeypatch, tmp_path / "no such folder" / "figure.png")
    press_save(dialog, qtbot)
    assert window.status_line.words == ""
    for kind, said in (("png", "Picture copied"), ("csv", "Data copied")):
        dialog.format.setCurrentIndex(dialog.format.findData(kind))
        qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
        assert window.status_line.words == said
    dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))


def test_an_error_that_nobody_expected_can_be_read_while_a_run_goes_on(window, qtbot, capfd):
    window.playback.play()
    ErrorReport(window)(ValueError, ValueError("three \u202eapples" + "!" * 1000), None)
    step = window.playback.step
    qtbot.waitUntil(lambda: window.playback.step > step + 1)
    assert window.status_line.words.startswith(r"Something went wrong: ValueError: three \u202eapples!")
    assert len(window.status_line.words) < 350
    assert "ValueError" in capfd.readouterr().err


def test_an_error_in_another_thread_is_shown_by_the_thread_of_the_window(window, qtbot):
    report = ErrorReport(window)
    other = Thread(target=report, args=(ValueError, ValueError("far away"), None))
    other.start()
    other.join()
    assert "far away" not in window.status_line.words, "no other thread touches the window"
    qtbot.waitUntil(lambda: "far away" in window.status_line.words)


def test_where_an_export_went_is_said(window, qtbot, monkeypatch, tmp_path):
    qtbot.waitUntil(lambda: window.playback.recording.last > 3)
    window.playback.pause()
    for kind in ("csv", "gif"):
        press(window, "Ctrl+E")
        dialog = window.findChildren(ExportDialog)[-1]
        dialog.format.setCurrentIndex(dialog.format.findData(kind))
        dialog.film.frames.setValue(2)
        dialog.film.width.setValue(200)
        answer(monkeypatch, tmp_path / f"figure.{kind}")
        press_save(dialog, qtbot)
        assert window.status_line.words == f"Exported to {tmp_path / f'figure.{kind}'}"
        assert (tmp_path / f"figure.{kind}").exists()


def test_the_line_takes_no_height_and_stays_through_changes_of_language_and_size(window, qtbot):
    line, before = window.status_line, window.on_screen.geometry()
    window.middle.offer.leave.click()  # the first lesson is offered in the same row
    window.status_line.say("word " * 200)
    assert window.on_screen.geometry() == before
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.width() == window.minimumWidth())
    assert line.isVisible()
    assert line.width() > 300
    assert not line.geometry().intersects(window.middle.tabs.geometry())
    window.status_line.say("Saved to here")
    line._timer.stop()  # a busy machine may take longer than it stays
    window.appearance.set_language("zh_CN")
    window.appearance.set_lecture(True)
    qtbot.waitUntil(line.isVisible)
    assert line.window() is window
    assert line.text() == "Saved to here"
    assert line.height() > 10, "it lies over the page"
    assert line.geometry().right() == window.middle.rect().right()
    assert not line.geometry().intersects(window.on_screen.transport.geometry())
    line.clear()
    assert line.isHidden()
    window.appearance.set_lecture(False)
    window.status_line.say("Saved to here")
    qtbot.waitUntil(lambda: line.isVisible() and line.height() > 10)
    assert line.geometry().left() > window.middle.tabs.geometry().right()
    edge = line.grab().toImage().copy(line.width() - ASIDE, 0, ASIDE, line.height())
    colours = {edge.pixel(x, y) for x in range(edge.width()) for y in range(edge.height())}
    assert len(colours) == 1, "no letter reaches to the edge of the window, though the style was set anew"


@pytest.fixture
def line(qtbot):
    made = StatusLine()
    qtbot.addWidget(made)
    made.resize(300, 30)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_long_path_loses_its_middle_and_is_whole_in_the_tooltip(line, qtbot):
    path = "/home/someone/" + "a long folder/" * 30 + "figure.png"
    line.say(f"Exported to {path}")
    assert line.text().startswith("Exported to")
    assert line.text().endswith("figure.png")
    assert "…" in line.text()
    assert line.fontMetrics().horizontalAdvance(line.text()) <= 300
    assert path in line.toolTip()
    line.resize(20_000, 30)
    qtbot.waitUntil(lambda: line.text() == f"Exported to {path}")


def test_a_name_is_no_markup_and_no_second_line(line):
    line.resize(2000, 30)
    line.say("Saved to <img src=x>\nabc\u202egnp")
    assert line.textFormat() is Qt.TextFormat.PlainText
    assert line.text() == r"Saved to <img src=x>\nabc\u202egnp"
    assert "<img" not in line.toolTip()


def test_it_is_empty_again_after_a_while_counted_from_the_last_words(line, qtbot):
    line._timer.setInterval(60)
    line.say("first")
    assert line._timer.isActive()
    line.say("second")
    assert line.text() == "second"
    qtbot.waitUntil(lambda: line.text() == line.words == line.toolTip() == "")
    assert STAYS == 6000


def test_a_screen_reader_is_told(line, monkeypatch):
    told = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: told.append(event.message()))
    line.say("Picture copied")
    assert told == ["Picture copied"]
