"""What is pointed at in a formula is lit in the plots and the form, and the other way round."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.look.fold import Fold
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.plots.things import ALL
from gui.screen.terms import Term, latex_of, meanings, term


@pytest.fixture
def race(lent):
    return with_notes(lent("optimizers.race", 20, size=(1400, 760)))


def with_notes(screen):
    screen.show_notes(True)
    screen.tick(1.0)
    for block in screen.notes.blocks:
        block.formula.finish()
    return screen


def formula_of(screen, latex):
    """A formula with a term, which is scrolled to, and the middle of the term."""
    for block in screen.notes.blocks:
        for one, spot in block.formula.spots():
            if one.latex == latex:
                screen.notes.ensureWidgetVisible(block.formula)
                return block.formula, spot.center().toPoint()
    raise AssertionError(latex)


def middle_of(panel, key):
    thing = panel.thing(key)
    return QPoint(round(float(thing.x.mean())), round(float(thing.y.mean())))


def lit(screen):
    """The LaTeX of the terms that are lit because something else is pointed at."""
    return set().union(*(block.formula._lit for block in screen.notes.blocks))


def test_a_term_lights_its_arrow_and_the_end_of_pointing_takes_the_light_away(race):
    formula, place = formula_of(race, "g_t")
    QTest.mouseMove(formula, QPoint(formula.width() - 2, 2))  # the first move only enters the window
    QTest.mouseMove(formula, place)
    assert race.view.field.lit == {"gradient"}
    assert race.view.curves.lit == frozenset()
    QTest.mouseMove(formula, QPoint(formula.width() - 2, 2))
    assert race.view.field.lit == frozenset()


def test_what_is_lit_is_seen(race):
    before = race.view.field.grab().toImage()
    formula, place = formula_of(race, "g_t")
    QTest.mouseMove(formula, place)
    assert race.view.field.grab().toImage() != before
    QTest.mouseMove(formula, QPoint(formula.width() - 2, 2))
    assert race.view.field.grab().toImage() == before


def test_keys_light_too(on_screen):
    race = with_notes(on_screen("optimizers.race", 20, size=(1400, 760)))
    formula, _ = formula_of(race, "g_t")
    formula.setFocus()
    QTest.keyClick(formula, Qt.Key.Key_End)
    assert formula.chosen.latex == "g_t"
    assert race.view.field.lit == {"gradient"}
    race.view.setFocus()
    formula.clearFocus()
    assert race.view.field.lit == frozenset()


def test_an_arrow_and_a_curve_that_are_pointed_at_light_their_terms(race):
    QTest.mouseMove(race.view.field.viewport(), middle_of(race.view.field, "gradient"))
    assert lit(race) == {"g_t"}
    QTest.mouseMove(race.view.field.viewport(), QPoint(3, 3))
    assert lit(race) == set()
    curve = race.view.curves.thing("4")
    k = len(curve.x) // 2
    QTest.mouseMove(race.view.curves.viewport(), QPoint(round(curve.x[k]), round(curve.y[k])))
    assert "f" in lit(race)


def test_a_setting_is_lit_by_its_letter_and_lights_it(race):
    for fold in race.form.findChildren(Fold):
        fold.setChecked(True)
    QApplication.processEvents()
    editor = race.form.found("racers.4.beta1")
    formula, place = formula_of(race, r"\beta_1")
    plain = editor.grab().toImage()
    QTest.mouseMove(formula, place)
    assert editor.grab().toImage() != plain
    QTest.mouseMove(formula, QPoint(formula.width() - 2, 2))
    assert editor.grab().toImage() == plain
    place = QPoint(3, 3).toPointF()
    QApplication.sendEvent(editor, QEnterEvent(place, place, place))
    assert lit(race) == {r"\beta_1"}
    QApplication.sendEvent(editor, QEvent(QEvent.Type.Leave))
    assert lit(race) == set()


def test_values_under_the_letters_are_those_of_the_settings_and_of_the_step(race):
    formula, _ = formula_of(race, r"\beta_1")
    told = {one.latex: one.value for one in formula.terms}
    assert told[r"\beta_1"] == "0.9"
    assert told["g_t"].startswith("(")


def test_nothing_is_looked_for_while_nobody_sees_formulas(race):
    race.show_notes(False)
    race.tick(1.0)
    assert race.speech.known == []
    assert race.view.field.spoken == frozenset()


def test_in_a_lecture_the_formula_under_the_plots_speaks(on_screen):
    screen = on_screen("optimizers.race", 20, replace(LIGHT, scale=LECTURE_SCALE), (1280, 720), notes=False)
    screen.tick(1.0)
    formula = screen.strip.formula
    formula.finish()
    QApplication.processEvents()
    places = {one.latex: spot for one, spot in formula.spots()}
    QTest.mouseMove(formula, places["g_t"].center().toPoint())
    assert screen.view.field.lit == {"gradient"}


def test_a_page_names_a_term_before_a_setting_does(race):
    config, options = race.playback.config, race.view.options
    known = {one.shown.latex: one for one in meanings([], config, options, LIGHT)}
    assert known[r"\eta"].setting == "racers.4.learning_rate"
    assert known[r"\eta"].shown.value == "0.2"
    own = meanings([term(r"\eta", "other", value="1"), term("q", "")], config, options, LIGHT)
    names = {one.shown.latex: one.shown for one in own}
    assert names[r"\eta"].name == "other"
    assert "q" not in names  # neither a name nor a setting


def test_what_two_things_show_has_a_colour_and_a_value_only_if_both_agree(race):
    curves = race.view.curves
    config, options = race.playback.config, race.view.options
    one, two = (
        meanings([Term("f", "f", spots)], config, options, LIGHT)[-1].shown
        for spots in (((curves, "4"),), ((curves, "3"), (curves, "4")))
    )
    assert one.colour == LIGHT.ink(LIGHT.stroke("adam").colour)
    assert one.value
    assert (two.colour, two.value) == ("", "")


@pytest.mark.parametrize(
    ("symbol", "latex"),
    [
        ("η", r"\eta"),
        ("β₁", r"\beta_1"),
        ("p₁", "p_1"),
        ("T", "T"),
        ("x₀", "x_0"),
        ("η⁻", r"\eta^{-}"),
        ("Δmax", r"\Delta_{\max}"),
    ],
)
def test_letters_of_settings_in_latex(symbol, latex):
    assert latex_of(symbol) == latex


def test_every_plot_is_a_thing_itself(race):
    assert race.view.curves.thing(ALL).closed
    assert race.view.results.thing("line.4").name == "Adam"
    assert race.view.results.thing("column.99") is None
    assert race.view.curves.thing("no such") is None
