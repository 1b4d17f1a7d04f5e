"""A formula whose terms are pointed at, with the mouse and the keys; what is copied of it."""

from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gui.look.formula_copy import copying_actions
from gui.look.linked_formula import LinkedFormula
from gui.look.shown_terms import ShownTerm
from gui.look.theme import LIGHT
from gui.look.typesetter import typeset_svg

RULE = r"v_t = \;\; \beta\, v_{t-1} + g_t"
TERMS = (
    ShownTerm(r"\beta", "Momentum", "", "0.9", "How much is kept."),
    ShownTerm("g_t", "gradient", "#aa4b00", "−0.5000"),
    ShownTerm("v_t", "velocity", "#006ba7", "1.250"),
)


@pytest.fixture
def formula(qtbot):
    formula = LinkedFormula(LIGHT)
    qtbot.addWidget(formula)
    formula.show_terms(RULE, "", TERMS)
    formula.resize(300, formula.sizeHint().height())
    with qtbot.waitExposed(formula):
        formula.show()
    formula.resize(300, formula.sizeHint().height())
    return formula


def middle(formula, latex):
    return next(spot for term, spot in formula.spots() if term.latex == latex).center().toPoint()


def near(picture, place, reach=8):
    """The colours around a place."""
    across, down = (range(at - reach, at + reach) for at in (place.x(), place.y()))
    return {picture.pixelColor(x, y).name() for x in across for y in down}


def test_the_mouse_over_a_term_points_at_it_and_off_it_at_nothing(formula, qtbot):
    told = []
    formula.pointed.connect(told.append)
    for latex in ("v_t", "g_t"):
        QTest.mouseMove(formula, middle(formula, latex))
    QTest.mouseMove(formula, QPoint(290, 3))
    assert told == ["v_t", "g_t", ""]
    assert formula.chosen is None


def test_the_arrow_keys_go_from_term_to_term_in_the_order_in_which_they_stand(formula):
    told = []
    formula.pointed.connect(told.append)
    formula.setFocus()
    for key in ("Right", "Right", "Right", "Right", "Left", "Home", "Escape"):
        QTest.keyClick(formula, Qt.Key[f"Key_{key}"])
    assert told == ["v_t", r"\beta", "g_t", r"\beta", "v_t", ""]
    QTest.keyClick(formula, Qt.Key.Key_End)
    assert formula.accessibleDescription() == "gradient = −0.5000"
    formula.clearFocus()
    assert told[-1] == ""


def test_what_a_term_is_called_what_it_is_and_means_is_said():
    assert TERMS[0].words == "Momentum = 0.9\nHow much is kept."
    assert ShownTerm("x", "the point").words == "the point"


def test_values_stand_below_their_terms_and_over_no_other(formula):
    places = {term.latex: spot for term, spot in formula.values()}
    assert set(places) == {r"\beta", "g_t", "v_t"}
    for latex, spot in places.items():
        assert abs(spot.center().x() - middle(formula, latex).x()) <= max(spot.width() / 2, 2)
        assert spot.bottom() <= formula.height()
    spots = sorted(places.values(), key=lambda spot: spot.left())
    assert all(one.right() < other.left() for one, other in pairwise(spots))


def test_a_value_that_has_something_below_its_term_is_not_written(qtbot):
    over = LinkedFormula(LIGHT)
    qtbot.addWidget(over)
    over.show_terms(r"\frac{a}{b}", "", (ShownTerm("a", "a", "", "1"), ShownTerm("b", "b", "", "2")))
    over.resize(200, 80)
    assert [term.latex for term, _ in over.values()] == ["b"]


def test_terms_have_their_colours_and_a_lit_one_a_ground(formula):
    picture = formula.grab().toImage()
    spot = middle(formula, "g_t")
    colours = near(picture, spot)
    assert "#aa4b00" in colours
    ground = picture.pixelColor(spot + QPoint(0, -7))
    formula.light(["g_t"])
    assert formula.grab().toImage().pixelColor(spot + QPoint(0, -7)) != ground
    formula.light([])
    assert formula.grab().toImage() == picture


@pytest.fixture
def in_menu(formula, monkeypatch):
    """Open the context menu and choose an entry by its words."""
    opened = []
    monkeypatch.setattr(LinkedFormula, "menu", lambda formula: opened.append(Menu(formula)) or opened[-1])

    class Menu(QMenu):
        """One that does not open a window of its own."""

        def __init__(self, formula):
            super().__init__(formula)
            self.addActions(copying_actions(self, formula.theme, formula.latex, formula._colours))

        def popup(self, place):
            self.place = place

    def choose(word, reason):
        place = middle(formula, "g_t")
        QApplication.sendEvent(formula, QContextMenuEvent(reason, place, formula.mapToGlobal(place)))
        (menu,) = opened
        next(action for action in menu.actions() if action.text() == word).trigger()

    return choose


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_latex_is_copied_as_it_was_typeset(formula, in_menu, reason):
    in_menu("Copy as LaTeX", reason)
    copied = QGuiApplication.clipboard().text()
    assert copied == RULE
    drawn = formula.spots()[-1][1].right()  # the last term ends the formula
    assert typeset_svg(copied, 17, LIGHT.text)[1] == pytest.approx(drawn + 1, abs=2)


def test_the_key_for_copying_copies_the_latex(formula):
    QGuiApplication.clipboard().clear()
    formula.setFocus()
    QTest.keySequence(formula, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == RULE


def test_a_picture_is_copied_with_its_outlines(formula, in_menu):
    in_menu("Copy as picture", QContextMenuEvent.Reason.Mouse)
    data = QGuiApplication.clipboard().mimeData()
    image = QGuiApplication.clipboard().image()
    assert image.width() >= 4 * 100
    assert image.pixelColor(0, 0) == QColor(LIGHT.plot)
    assert "#aa4b00" in near(image, QPoint(image.width() - 60, image.height() // 2), 40)
    assert fromstring(bytes(data.data("image/svg+xml").data())).tag.endswith("svg")
    QGuiApplication.clipboard().clear()  # else Qt deletes what Python made after Python has ended


def test_no_letter_is_smaller_than_13_pixels_however_narrow_the_place(formula):
    for width in (400, 90, 50):
        formula.resize(width, 60)
        formula.finish()
        assert formula.letters >= 13


def test_the_formula_before_stands_without_its_terms_until_the_next_is_typeset(formula, qtbot):
    own = tuple(ShownTerm(latex, latex, "#112233", "1") for latex in ("a_{17}", "b_{18}", "c_{19}"))
    formula.show_terms("a_{17} + b_{18} + c_{19}", "", own)
    formula.finish()
    formula.show_terms(r"\frac{e_{4}}{f_{5}} = 1", "", (ShownTerm("e_{4}", "e", "#112233"),))
    assert formula.spots() == []
    formula.grab()  # in another thread the new one is typeset meanwhile
    qtbot.waitUntil(lambda: [term.latex for term, _ in formula.spots()] == ["e_{4}"])


def test_a_formula_grows_by_the_line_of_its_values_when_there_are_any(formula):
    high = formula.sizeHint().height()
    bare = tuple(ShownTerm(term.latex, term.name, term.colour) for term in TERMS)
    formula.show_terms(RULE, "", bare)
    assert formula.sizeHint().height() < high
    formula.show_terms(RULE, "", TERMS)
    assert formula.sizeHint().height() == high
