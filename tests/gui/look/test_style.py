"""The style sheet: what one has to see is seen in either theme."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QTableWidget, QTableWidgetItem, QWidget

from engine.optimizers.table import OPTIMIZERS
from gui.form.base import Editor
from gui.look.combo import Combo
from gui.look.strokes import ghost_stroke
from gui.look.style import dress, palette_of, style_sheet
from gui.look.theme import DARK, LIGHT, metrics_of
from tests.gui.plots.conftest import has_colour


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_switch_that_is_on_is_a_box_with_a_tick(qtbot, theme):
    box = QCheckBox()
    box.setChecked(True)
    qtbot.addWidget(box)
    box.setPalette(palette_of(theme))
    box.setStyleSheet(style_sheet(theme))
    image = box.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    for colour in (theme.accent, theme.accent_text):
        assert has_colour(pixels[..., :3].astype(int), colour)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_box_of_a_switch_is_seen_while_it_is_off(qtbot, theme):
    box = QCheckBox()
    qtbot.addWidget(box)
    box.setPalette(palette_of(theme))
    box.setStyleSheet(style_sheet(theme))
    image = box.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    assert has_colour(pixels[..., :3].astype(int), theme.quiet)


class Polished(QObject):
    """Counts how often a widget is told that its style is another one."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.StyleChange
        return False


def test_widgets_are_polished_anew_for_another_theme_only(qtbot):
    application = QApplication.instance()
    box = QCheckBox()
    qtbot.addWidget(box)
    box.show()
    dress(application, LIGHT)
    told = Polished(box)
    dress(application, LIGHT)
    assert told.count == 0
    for theme in (DARK, replace(DARK, scale=1.6), LIGHT):
        before = told.count
        dress(application, theme)
        assert told.count > before
        assert application.palette() == palette_of(theme)
        assert box.font().pixelSize() == theme.text_px


def test_a_desktop_with_other_letters_for_menus_gets_those_of_the_theme(qtbot):
    application, large = QApplication.instance(), LIGHT.font(31)
    menu = QMenu()
    qtbot.addWidget(menu)
    QApplication.setFont(large, "QMenu")
    assert QApplication.font("QMenu").pixelSize() == 31
    for theme in (DARK, LIGHT):
        dress(application, theme)
        assert menu.font().pixelSize() == theme.text_px


def test_the_settings_of_an_experiment_are_styled_where_they_stay(window, monkeypatch):
    told = Counter()

    def changed(editor, event):
        told[editor.field.name] += event.type() == QEvent.Type.StyleChange
        QWidget.changeEvent(editor, event)

    monkeypatch.setattr(Editor, "changeEvent", changed)
    window.show_experiment("losses.curves")
    assert window.on_screen.form.rows.made
    assert not told  # each level that they are moved into would tell them all


def test_what_makes_way_for_another_theme_is_not_polished_first(window):
    told = Polished(window.on_screen.form)
    window.appearance.set_theme("dark")
    assert told.count == 0
    assert window.on_screen.theme.dark


def test_to_open_another_experiment_polishes_nothing_anew(window):
    told = Polished(window)
    window.show_experiment("losses.curves")
    assert window.playback.experiment.name == "losses.curves"
    assert told.count == 0
    window.appearance.set_theme("dark")
    assert told.count > 0


def test_an_optimizer_that_no_table_of_strokes_knows_has_one_all_the_same(monkeypatch):
    monkeypatch.setitem(OPTIMIZERS, "newcomer", OPTIMIZERS["adam"])
    for theme in (LIGHT, DARK):
        known = {theme.stroke(name) for name in OPTIMIZERS if name != "newcomer"}
        assert theme.stroke("newcomer") not in known
    with pytest.raises(ValueError, match="nobody"):
        LIGHT.stroke("nobody")


def test_pinned_runs_are_told_apart_by_their_dash_alone():
    stroke = LIGHT.stroke("training")
    pinned = [ghost_stroke(stroke, k) for k in range(4)]
    assert {one.colour for one in pinned} == {stroke.colour}
    assert len({stroke, *pinned}) == 5


@pytest.mark.parametrize("theme", [LIGHT, replace(LIGHT, scale=1.6)])
def test_a_list_of_choices_has_room_for_the_widest(qtbot, theme):
    for entries in (["LSTM", "GRU"], ["a"], ["Whole step", "x"]):
        box = Combo()
        box.addItems(entries)
        qtbot.addWidget(box)
        box.setStyleSheet(style_sheet(theme))
        box.ensurePolished()
        box.resize(box.sizeHint())
        widest = max(map(box.fontMetrics().horizontalAdvance, entries))
        assert box.width() >= widest + round(6 * box._unit) + round(20 * box._unit)
        assert box.minimumSizeHint() == box.sizeHint()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_boxes_in_a_table_are_seen_too(qtbot, theme):
    table = QTableWidget(1, 2)
    for column, state in enumerate((Qt.CheckState.Unchecked, Qt.CheckState.Checked)):
        cell = QTableWidgetItem()
        cell.setCheckState(state)
        table.setItem(0, column, cell)
    qtbot.addWidget(table)
    table.setPalette(palette_of(theme))
    table.setStyleSheet(style_sheet(theme))
    image = table.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    for colour in (theme.quiet, theme.accent, theme.accent_text):
        assert has_colour(pixels[..., :3].astype(int), colour)


def test_only_the_measures_of_the_interface_font_are_remembered(qapp):
    usual, spaced, named, in_points = (LIGHT.font(bold=True) for _ in range(4))
    spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 7.0)
    named.setFamilies(["monospace"])
    in_points.setPointSize(30)
    for font in (usual, spaced, named, in_points):
        assert metrics_of(font).horizontalAdvance("iii") == QFontMetricsF(font).horizontalAdvance("iii")
    assert metrics_of(usual) is metrics_of(LIGHT.font(bold=True))
