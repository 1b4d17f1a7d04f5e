"""A figure with its formulas under the plots: laid out, in all formats, from the dialog, remembered."""

from xml.etree.ElementTree import parse

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gui.app.render_order import RenderOrder
from gui.export.export_dialog import ExportDialog
from gui.export.figures import as_film, figures_of
from gui.export.formulas import FormulaSheet, Written, formulas_of
from gui.export.paper import Paper, paper_of
from gui.look.theme import LIGHT
from gui.screen.notes import Live

RULE = Live("A rule", r"v_t = \beta\, v_{t-1} + g_t", "1 + 2 = 3")


@pytest.fixture
def race(on_screen):
    return on_screen("optimizers.race", 20, notes=False)


def test_formulas_have_the_colours_of_what_they_stand_for(race):
    found = formulas_of(race.view)
    assert [one.live.latex for one in found] == [live.latex for live in race.view.formulas(race.view.at)]
    colours = dict(found[0].colours)
    gradient = next(arrow for arrow in race.view.field.arrows if arrow.key == "gradient")
    assert colours["g_t"] == race.theme.ink(gradient.stroke.colour)
    assert colours[r"\beta_1"] == ""


@pytest.mark.parametrize(("width", "columns"), [(200.0, 1), (620.0, 2), (2000.0, 5)])
def test_formulas_stand_in_columns_one_under_the_other_and_none_over_another(width, columns):
    sheet = FormulaSheet([Written(RULE)] * 5, LIGHT, width)
    places = [place for _, place in sheet._placed()]
    assert len({place.left() for place in places}) == columns
    assert all(place.right() <= width + 1e-6 for place in places)
    assert not any(one.intersects(other) for k, one in enumerate(places) for other in places[:k])
    assert sheet.height == max(place.bottom() for place in places)


def test_a_figure_grows_by_its_formulas_and_an_animation_has_none(race):
    plain, full = (figures_of(race, Paper(formulas=on))[0] for on in (False, True))
    sheet = FormulaSheet(full.drawing.formulas, race.theme, full.size[0] - 24)
    assert full.size[1] == pytest.approx(plain.size[1] + sheet.height + 14)
    assert full.size[0] == plain.size[0]
    assert as_film(full).size == plain.size


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_formulas_are_in_every_format(race, tmp_path, kind):
    sizes = []
    for on in (False, True):
        path = tmp_path / f"{on}.{kind}"
        assert [*figures_of(race, Paper(formulas=on))[1].save(path, kind, 96)][-1] == 1.0
        sizes.append(path)
    plain, full = sizes
    if kind == "png":
        assert QImage(str(full)).height() > QImage(str(plain)).height() + 100
        below = QImage(str(full)).copy(0, QImage(str(plain)).height(), 300, 100)
        assert len({below.pixelColor(x, y).name() for x in range(300) for y in range(100)}) > 5
    elif kind == "svg":
        paths = [len(list(parse(path).iter("{http://www.w3.org/2000/svg}path"))) for path in sizes]
        assert paths[1] > paths[0] + 30  # letters as outlines
    else:
        assert full.stat().st_size > plain.stat().st_size


def test_the_dialog_asks_and_remembers(race, qtbot, preferences):
    dialog = ExportDialog(race, race, preferences=preferences)
    qtbot.addWidget(dialog)
    before = dialog.figure.size
    dialog.paper.formulas.click()
    assert dialog.figure.size[1] > before[1]
    assert dialog.paper.choices()["formulas"]
    assert paper_of(dialog.paper.choices()).formulas
    dialog.format.setCurrentIndex(dialog.format.findData("csv"))
    assert dialog.paper.formulas.isHidden()


def test_broken_latex_and_empty_blocks_take_their_place():
    sheet = FormulaSheet(
        [Written(Live("Words", "", "one\n\ntwo")), Written(Live("", r"\frac{", "3"))], LIGHT, 300.0
    )
    places = [place for _, place in sheet._placed()]
    assert all(QRectF(place).height() > 0 for place in places)


def test_the_command_line_asks_for_them(tmp_path):
    assert RenderOrder(tmp_path / "session.json", tmp_path, formulas=True).paper().formulas
    assert not RenderOrder(tmp_path / "session.json", tmp_path).paper().formulas
