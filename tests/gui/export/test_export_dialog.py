"""The export dialog, driven as a user drives it."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QMovie
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QProgressDialog,
    QPushButton,
    QWidget,
)

from gui.app.window import Window
from gui.export import export
from gui.export.clipboard import copy_data, copy_picture
from gui.export.export_dialog import ExportDialog
from gui.export.figures import figures_of
from gui.export.paper import Paper
from gui.export.png import chunks
from gui.look.language import install
from gui.look.preferences import Preferences
from gui.look.theme import DARK
from tests.gui.conftest import screen_of

FILMS = ("gif", "apng", "webp")
KINDS = ("png", "svg", "pdf", "csv", *FILMS)


@pytest.fixture
def opened(qtbot):
    """Open the dialog over a screen."""
    made = []

    def make(screen, panel=None):
        dialog = ExportDialog(screen, screen, panel)
        dialog.open()
        made.append(dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.close()
        dialog.deleteLater()


@pytest.fixture(scope="module")
def one_race(qapp):
    """A screen for all: a dialog changes nothing on it."""
    screen = screen_of("optimizers.race", steps=12, notes=False)
    yield screen
    screen.deleteLater()
    QApplication.sendPostedEvents(screen, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def race(one_race, qtbot):
    with qtbot.waitExposed(one_race):
        one_race.show()
    one_race.tick(0.0)
    return one_race


def choose(dialog, kind):
    dialog.format.setCurrentIndex(dialog.format.findData(kind))


def press_save(dialog, qtbot, monkeypatch, path):
    """Press Save, and name the file in the dialog that asks; returns what it was offered."""
    asked = []

    def ask(parent, title, start, filters):
        asked.append(start)
        return str(path), filters

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return asked[0]


def small(dialog, frames=3, width=200):
    choose(dialog, "gif")
    dialog.film.frames.setValue(frames)
    dialog.film.width.setValue(width)


def pressing_cancel(seen):
    """From now on, press Cancel as soon as there is a bar."""

    def look():
        bars = [w for w in QApplication.topLevelWidgets() if isinstance(w, QProgressDialog) and w.isVisible()]
        if bars:
            seen.append(bars[0].labelText())
            bars[0].findChild(QPushButton).click()
            timer.stop()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(1)
    return timer


@pytest.mark.parametrize(
    ("name", "settings", "step", "head"),
    [
        ("optimizers.race", {"steps": 120}, 7, "step \u2007\u20077 / 120 · "),
        ("optimizers.landscape", {"steps": 3, "grid": "17", "width": 4}, 2, "Training: 2 / 3 · "),
        ("optimizers.maps", {"steps": 3, "resolution": "64"}, 10**6, "4096 of 4096 runs · "),
    ],
)
def test_the_head_of_a_figure_counts_steps_only_where_the_timeline_does(
    on_screen, name, settings, step, head
):
    screen = on_screen(name, **settings)
    screen.playback.seek(step)
    screen.draw()
    for figure in figures_of(screen):
        assert figure.drawing.subtitle.startswith(head)


def test_an_animation_is_offered_where_there_are_steps(opened, on_screen, race):
    assert [opened(race).format.itemData(k) for k in range(len(KINDS))] == list(KINDS)
    still = opened(on_screen("entropy.binary"))
    assert {still.format.findData(kind) for kind in FILMS} == {-1}
    begun = opened(on_screen("gradients.deep_network", goal=0, depth=3))
    for index in map(begun.format.findData, FILMS):
        assert not begun.format.model().item(index).isEnabled()
        assert "run it first" in begun.format.itemData(index, Qt.ItemDataRole.ToolTipRole)


def test_only_what_has_an_effect_is_shown(opened, race):
    dialog = opened(race)
    film = (dialog.film.first, dialog.film.last, dialog.film.frames, dialog.film.fps, dialog.film.loop)
    for kind in KINDS:
        choose(dialog, kind)
        assert dialog.dpi.isVisibleTo(dialog) == (kind == "png")
        assert {widget.isVisibleTo(dialog) for widget in film} == {kind in FILMS}
        assert dialog.copy.isEnabled() == (kind not in FILMS)
        paper, picture = dialog.paper, kind in ("png", "svg", "pdf")
        for size, lettered, own in (("screen", False, False), ("page", True, False), ("own", True, True)):
            paper.size.setCurrentIndex(paper.size.findData(size))
            shown = [box.isVisibleTo(dialog) for box in (paper.size, paper.font, paper.width, paper.height)]
            assert shown == [picture, picture and lettered, picture and own, picture and own]
        assert paper.transparent.isVisibleTo(dialog) == picture
        assert {box.isVisibleTo(dialog) for box in (paper.theme, paper.settings, paper.marks)} == {
            kind != "csv"
        }
        assert dialog.marked.isVisibleTo(dialog) == (kind == "csv")


@pytest.fixture
def kept(tmp_path):
    return Preferences(QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat))


def test_it_begins_in_the_folder_of_last_time_while_that_is_there(race, kept, qtbot, monkeypatch, tmp_path):
    place = QStandardPaths.StandardLocation
    usual = [QStandardPaths.writableLocation(one) for one in (place.DocumentsLocation, place.HomeLocation)]
    folder = tmp_path / "figures"
    folder.mkdir()

    def offered():
        dialog = ExportDialog(race, race, None, Preferences(kept._store))
        dialog.open()
        choose(dialog, "csv")
        start = press_save(dialog, qtbot, monkeypatch, folder / "a.csv")
        dialog.deleteLater()
        return Path(start)

    assert str(offered().parent) in usual
    assert (folder / "a.csv").exists()
    assert offered().parent == folder
    (folder / "a.csv").unlink()
    folder.rmdir()
    monkeypatch.setattr(ExportDialog, "save", lambda *_: True)
    assert str(offered().parent) in usual


def test_it_opens_as_it_was_used_last(race, kept, qtbot, monkeypatch, tmp_path):
    dialog = ExportDialog(race, race, None, kept)
    dialog.open()
    choose(dialog, "pdf")
    paper = dialog.paper
    paper.size.setCurrentIndex(paper.size.findData("slide"))
    assert paper.font.value() == 11
    paper.font.setValue(9.5)
    paper.theme.setCurrentIndex(paper.theme.findData("dark"))
    for box in (paper.settings, paper.marks, dialog.marked):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    press_save(dialog, qtbot, monkeypatch, tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert b"720.0000 406]" in content  # 254 mm in points
    again = ExportDialog(race, race, None, Preferences(kept._store))
    wanted = Paper(mm=(254.0, 142.9), font=9.5, theme="dark", settings=False, marks=True)
    assert again.format.currentData() == "pdf"
    assert again.paper.paper == wanted
    assert again.marked.isChecked()
    copy_picture(race, None, kept)
    image = QGuiApplication.clipboard().image()
    assert image.width() == 1920  # 254 mm at 192 dots an inch
    assert image.pixelColor(2, 2).name() == DARK.plot.lower()
    for one in (dialog, again):
        one.deleteLater()


def test_what_was_remembered_wrongly_does_no_harm(race, kept):
    kept._store.setValue("export", '{"format": "doc", "dpi": "many", "size": 7, "font": [], "marks": 2}')
    dialog = ExportDialog(race, race, None, kept)
    assert (dialog.format.currentData(), dialog.dpi.value(), dialog.paper.paper) == ("png", 192, Paper())
    kept._store.setValue("export", "{")
    assert kept.export == {}
    dialog.deleteLater()


def test_a_large_picture_can_be_cancelled(opened, race, qtbot, monkeypatch, tmp_path):
    dialog, seen = opened(race), []
    monkeypatch.setattr(export, "BAND", 20_000)
    timer = pressing_cancel(seen)
    press_save(dialog, qtbot, monkeypatch, tmp_path / "a.png")
    timer.stop()
    assert seen
    assert not (tmp_path / "a.png").exists()
    assert dialog.isVisible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_fits_a_small_screen(opened, race, qapp, language):
    install(qapp, language)
    dialog = opened(race)
    dialog.paper.size.setCurrentIndex(dialog.paper.size.findData("own"))
    for kind in KINDS:
        choose(dialog, kind)
        dialog.adjustSize()
        assert dialog.height() < 600
        assert dialog.width() < 800
    install(qapp, "en")


def test_the_words_below_follow_what_is_chosen(opened, race):
    dialog = opened(race)
    width, height = dialog.figure.size
    dialog.dpi.setValue(192)
    assert dialog.size_shown.text().endswith(f" mm · {round(2 * width)} × {round(2 * height)} pixels")
    small(dialog, frames=60, width=400)
    dialog.film.fps.setValue(10)
    dialog.film.loop.setChecked(False)
    high = round(400 * height / width)
    assert dialog.size_shown.text() == f"13 pictures of 400 × {high} pixels, 1.3 s"
    dialog.film.first.setValue(8)
    assert dialog.size_shown.text() == f"5 pictures of 400 × {high} pixels, 0.5 s"
    assert dialog.film.last.minimum() == 9


def test_every_control_has_a_name_and_a_tooltip(opened, race):
    dialog = opened(race)
    controls = [dialog.what, dialog.format, dialog.dpi, dialog.film.first, dialog.film.last]
    controls += [dialog.film.frames, dialog.film.fps, dialog.film.width, dialog.film.loop, dialog.copy]
    for control in controls:
        assert control.accessibleName() or control.text()
        assert control.toolTip()


@pytest.mark.parametrize("index", [0, 1])
def test_each_format_is_written(opened, race, qtbot, monkeypatch, tmp_path, index):
    for kind in KINDS:
        if kind in FILMS:
            pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
        dialog = opened(race)
        dialog.what.setCurrentIndex(index)
        small(dialog)
        choose(dialog, kind)
        dialog.dpi.setValue(150)
        path = tmp_path / f"figure.{kind}"
        offered = press_save(dialog, qtbot, monkeypatch, tmp_path / "figure")
        assert Path(offered).name == ("race.", "race-field.")[index] + kind
        assert not dialog.isVisible()
        width, height = (round(side * 150 / 96) for side in dialog.figure.size)
        if kind == "png":
            assert (QImage(str(path)).width(), QImage(str(path)).height()) == (width, height)
        elif kind == "svg":
            assert QSvgRenderer(str(path)).isValid()
        elif kind == "pdf":
            assert path.read_bytes().startswith(b"%PDF")
        elif kind == "csv":
            assert len(path.read_text(encoding="utf-8").splitlines()) > 12
        elif kind == "apng":  # Qt reads only its first picture
            assert [name for name, _ in chunks(path.read_bytes())].count(b"fcTL") == 3
        else:
            movie = QMovie(str(path))
            assert movie.frameCount() == 3
            movie.jumpToFrame(0)
            assert movie.currentImage().width() == 200


@pytest.mark.parametrize("button", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_a_file_is_not_replaced_unasked_by_one_that_was_named_without_its_ending(
    opened, race, qtbot, monkeypatch, tmp_path, answer, button
):
    asked = answer(button)
    (tmp_path / "a.csv").write_text("old")
    dialog = opened(race)
    choose(dialog, "csv")
    press_save(dialog, qtbot, monkeypatch, tmp_path / "a")
    replaced = button == QMessageBox.StandardButton.Yes
    assert asked == ["“a.csv” is there already. Replace it?"]
    assert ((tmp_path / "a.csv").read_text(encoding="utf-8") != "old") == replaced
    assert dialog.isVisible() != replaced


def test_cancel_leaves_no_file_and_the_dialog_stays(opened, race, qtbot, monkeypatch, tmp_path):
    pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
    dialog, seen = opened(race), []
    small(dialog, frames=13)
    timer = pressing_cancel(seen)
    press_save(dialog, qtbot, monkeypatch, tmp_path / "a.gif")
    timer.stop()
    assert len(seen) == 1
    assert "left" in seen[0]
    assert dialog.isVisible()
    assert list(tmp_path.iterdir()) == []
    small(dialog)
    press_save(dialog, qtbot, monkeypatch, tmp_path / "a.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]
    assert not dialog.isVisible()


def test_a_place_that_cannot_be_written_is_one_message(opened, race, qtbot, monkeypatch, tmp_path):
    pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
    shown = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: shown.append(words[-1]))
    dialog = opened(race)
    for kind in KINDS:
        small(dialog)
        choose(dialog, kind)
        press_save(dialog, qtbot, monkeypatch, tmp_path / "no" / f"a.{kind}")
    assert len(shown) == len(KINDS)
    assert all("could not be written" in words for words in shown)
    assert dialog.isVisible()


def test_what_is_chosen_can_be_copied(opened, race, qtbot):
    dialog = opened(race)
    dialog.what.setCurrentIndex(1)
    dialog.dpi.setValue(96)
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().image().width() == round(dialog.figure.size[0])
    choose(dialog, "csv")
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "\t" in QGuiApplication.clipboard().text().splitlines()[0]


def test_a_plot_alone_and_the_whole_experiment_go_to_the_clipboard(race):
    panel = race.view.curves
    copy_picture(race)
    whole = QGuiApplication.clipboard().image()
    copy_picture(race, panel)
    alone = QGuiApplication.clipboard().image()
    assert alone.width() < whole.width()
    assert alone.height() < whole.height()
    copy_data(race)
    everything = QGuiApplication.clipboard().text().splitlines()[0].split("\t")
    copy_data(race, panel)
    some = QGuiApplication.clipboard().text().splitlines()[0].split("\t")
    assert 0 < len(some) < len(everything)
    assert {f"{panel.title}: {name}" for name in some} <= set(everything)


def test_the_menu_of_a_plot_exports_and_copies_that_plot(race):
    got = []
    race.export_requested.connect(lambda panel: got.append(("export", panel)))
    race.picture_requested.connect(lambda panel: got.append(("picture", panel)))
    race.data_requested.connect(lambda panel: got.append(("data", panel)))
    for action in race.menu_of(race.view.curves).actions()[:3]:
        action.trigger()
    assert got == [(kind, race.view.curves) for kind in ("export", "picture", "data")]


def test_the_window_lives_while_pictures_are_drawn(qtbot, tmp_path):
    pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
    preferences = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    preferences.language, preferences.theme = "en", "light"
    window = Window(preferences, tmp_path / "kept")
    window.resize(1000, 700)
    window.clock.start()
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.playback.recording.last > 100)
    window.playback.playhead = 0.0
    window.playback.play()
    window.exporter.export()
    dialog = window.findChild(ExportDialog)
    small(dialog, frames=5)
    before = window.playback.playhead
    assert dialog.save(tmp_path / "a.gif")
    assert window.playback.playing
    assert window.playback.playhead > before
    assert QMovie(str(tmp_path / "a.gif")).frameCount() == 5
    window.documents.on_file = window.session()
    window.close()
    window.deleteLater()


def test_it_speaks_chinese(opened, race, qapp):
    install(qapp, "zh_CN")
    dialog = opened(race)
    small(dialog)
    texts = json.dumps([w.text() for w in dialog.findChildren(QWidget) if hasattr(w, "text")])
    install(qapp, "en")
    assert dialog.windowTitle() == "导出"
    assert dialog.format.currentText() == "GIF（动画）"
    assert "Pictures" not in texts
    assert "Begin" not in texts
    assert dialog.size_shown.text().startswith("3 帧")
