"""A plot as large as the view, by key, by a double click on its title and by its menu; and back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter

from gui.look.theme import LIGHT
from gui.plots.panel import Panel
from tests.gui.sentences import modules

MADE_OF = {"MapsPanel": (LIGHT,), "SketchPanel": ("Title", LIGHT, 10, 0.0, 1.0)}  # others: title and theme


@pytest.fixture
def race(on_screen):
    return on_screen("optimizers.race", size=(1280, 720))


def by_key(screen, panel):
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_F)


def by_title(screen, panel):
    QTest.mouseDClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 8))
    QTest.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 8))


def by_menu(screen, panel):
    menu = screen.menu_of(panel)
    next(action for action in menu.actions() if action.shortcut().toString() == "F").trigger()
    menu.deleteLater()


@pytest.mark.parametrize("way", [by_key, by_title, by_menu])
def test_a_plot_is_enlarged_and_put_back(race, way):
    view, panel = race.view, race.view.curves
    sizes = [splitter.sizes() for splitter in view.findChildren(QSplitter)]
    before, parent, shown = panel.size(), panel.parentWidget(), view.panels()
    top = panel.axes().plane.rect.top()
    way(race, panel)
    assert panel.size() == view.size()
    assert panel.hasFocus()
    race.tick(1.0)
    assert view.panels() == shown
    assert panel.axes().plane.rect.top() > top + 10  # room for a legend: the table is covered
    way(race, panel)
    assert race.enlarged is None
    assert (panel.size(), panel.parentWidget()) == (before, parent)
    assert [splitter.sizes() for splitter in view.findChildren(QSplitter)] == sizes


def kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_what_has_keys_of_its_own_is_enlarged_by_key_too(qtbot):
    known, deaf = {module.__name__ for module in modules()}, []  # imported: a page is when it is opened first
    with_keys = {kind for kind in kinds(Panel) if kind.__module__ in known and "keyPressEvent" in vars(kind)}
    assert {"BarsPanel", "QuizCurve", "MapsPanel"} <= {kind.__name__ for kind in with_keys}
    for kind in with_keys:
        panel = kind(*MADE_OF.get(kind.__name__, ("Title", LIGHT)))
        qtbot.addWidget(panel)
        with qtbot.waitSignal(panel.enlarge_wanted, timeout=100, raising=False) as asked:
            QTest.keyClick(panel, Qt.Key.Key_F)
        if not asked.signal_triggered:
            deaf.append(kind.__name__)
    assert deaf == []


def test_escape_puts_it_back(race):
    panel = race.view.landscape
    panel.show()
    race.enlarge(panel)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert race.enlarged is None
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert race.enlarged is None


def test_another_plot_takes_its_turn(race):
    view = race.view
    race.enlarge(view.curves)
    race.enlarge(view.field)
    assert view.field.size() == view.size()
    assert view.curves.size() != view.size()
    race.renew_view()
    assert race.enlarged is None
    assert all(panel.size() != race.view.size() for panel in race.view.findChildren(Panel))


def test_a_page_that_hides_the_plot_ends_it(race):
    panel = race.view.curves
    race.enlarge(panel)
    panel.setVisible(False)
    assert race.enlarged is None
    assert not panel.isVisibleTo(race.view)
