import csv
import io
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from engine.config import Problem
from gui.export.composite import Composite
from gui.export.export import (
    SAVERS,
    copy_data,
    copy_picture,
    csv_text,
    save_csv,
    save_pdf,
    save_png,
    save_svg,
)
from gui.look.theme import DARK, LIGHT
from gui.plots.bars import Bars, BarsPanel
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import Curve, CurvesPanel

X = np.arange(5.0)
THIRD = np.array([1 / 3, 1e-17, math.pi, np.nan, np.inf])


@pytest.fixture
def curves(qapp):
    plot = CurvesPanel("Loss", LIGHT)
    plot.set_axes(("step", ""), ("loss", "nats"))
    plot.set_curves([Curve("adam", "Adam", X, THIRD, LIGHT.stroke("adam"))])
    return plot


@pytest.fixture
def composite(curves):
    field = FieldPanel("Race", LIGHT)
    field.set_field(np.outer(X, X), ((0, 1), (0, 1)))
    far = np.array([[0.5, 0.5], [0.9, 0.6], [1e6, 3e5]])
    field.set_paths([Track("newton", "Newton", far, LIGHT.stroke("newton"), diverged=True)])
    label = QLabel("A table")
    label.resize(100, 40)
    parts = [
        (field, QRectF(10, 10, 300, 200)),
        (curves, QRectF(10, 220, 300, 150)),
        (label, QRectF(10, 380, 300, 40)),
    ]
    return Composite("Optimizers ▸ Race", "bowl · η = 0.1", parts, LIGHT)


def colours(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }


@pytest.mark.parametrize("dpi", [96, 144, 300])
def test_png_has_the_resolution_that_was_asked_for(curves, tmp_path, dpi):
    save_png(curves, tmp_path / "a.png", (400, 300), dpi)
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (round(400 * dpi / 96), round(300 * dpi / 96))
    assert image.dotsPerMeterX() == pytest.approx(dpi / 0.0254, abs=1)
    assert "#d55e00" in {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }


def test_svg_is_read_back_the_same(composite, tmp_path):
    save_svg(composite, tmp_path / "a.svg", composite.size, "Race")
    text = (tmp_path / "a.svg").read_text()
    assert "Adam" in text
    assert "non-scaling-stroke" not in text
    renderer = QSvgRenderer(str(tmp_path / "a.svg"))
    assert renderer.isValid()
    image = QImage(640, 900, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        renderer.render(painter)
    assert LIGHT.plot.lower() in colours(image)


def test_nothing_reaches_out_of_its_plot_even_without_clipping(qapp, tmp_path):
    plot = FieldPanel("", LIGHT)
    plot.set_field(np.ones((2, 2)), ((0, 1), (0, 1)))
    far = np.array([[0.5, 0.5], [0.9, 0.6], [100.0, 30.0]])
    plot.set_paths([Track("newton", "", far, LIGHT.stroke("newton"))])
    save_svg(plot, tmp_path / "a.svg", (400, 300))
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        QSvgRenderer(str(tmp_path / "a.svg")).render(painter)
    purple = LIGHT.stroke("newton").colour.lower()
    assert purple not in {image.pixelColor(x, y).name() for x in range(385, 400) for y in range(300)}


def test_pdf_is_a_pdf_with_its_fonts(composite, tmp_path):
    save_pdf(composite, tmp_path / "a.pdf", composite.size, "Race")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"FontFile" in content
    box = re.search(rb"/MediaBox \[([-0-9. ]+)\]", content)
    left, bottom, right, top = map(float, box[1].split())
    assert right - left == pytest.approx(composite.size[0] * 0.75, abs=1e-3)
    assert top - bottom == pytest.approx(composite.size[1] * 0.75, abs=1e-3)


def test_csv_keeps_every_digit(curves, tmp_path):
    save_csv(curves, tmp_path / "a.csv")
    header, *rows = csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8")))
    assert header == ["step", "Adam (nats)"]
    assert [float(row[1]) for row in rows[:3]] == THIRD[:3].tolist()
    assert rows[3][1] == ""
    assert float(rows[4][1]) == math.inf


def test_short_columns_are_filled_with_blanks():
    text = csv_text([("a", [1, 2, 3]), ("b, c", ["x"])])
    assert text == 'a,"b, c"\n1,x\n2,\n3,\n'


def test_a_composite_has_the_columns_of_all_plots(composite):
    assert [name for name, _ in composite.table()] == [
        "Race: Newton x",
        "Race: Newton y",
        "Loss: step",
        "Loss: Adam (nats)",
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_composite_stands_on_the_background_of_its_theme(qapp, tmp_path, theme):
    bars = BarsPanel("P", theme)
    bars.set_bars(["a"], [Bars("p", "P", np.ones(1), theme.stroke("training"))])
    whole = Composite("Title", "settings", [(bars, QRectF(0, 0, 200, 150))], theme)
    assert whole.size[1] > 150 + 2 * whole.margin
    save_png(whole, tmp_path / "a.png", whole.size)
    assert QImage(str(tmp_path / "a.png")).pixelColor(2, 2).name() == theme.plot.lower()


@pytest.mark.parametrize("ending", SAVERS)
def test_a_failure_is_one_clear_sentence_and_leaves_the_old_file(curves, tmp_path, ending):
    with pytest.raises(Problem, match="could not be written"):
        SAVERS[ending](curves, tmp_path / "no" / f"a.{ending}", (100, 80))
    old = tmp_path / f"a.{ending}"
    old.write_text("old")
    with pytest.raises(Problem):
        save_png(curves, old, (10**6, 10))
    assert old.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [old]


def test_the_clipboard(curves):
    copy_picture(curves, (200, 100))
    assert QGuiApplication.clipboard().image().width() == 400
    copy_data(curves)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "step\tAdam (nats)"


def told(composite, width):
    """The lines of the settings over a figure, in a width."""
    return [line for line, *_ in replace(composite.head(0), title="", width=width).lines()]


def test_the_settings_of_a_figure_are_all_there_in_as_many_lines_as_it_takes(qapp):
    from engine.experiments.entropy.fit_config import FitConfig
    from engine.experiments.losses.classifier_config import ClassifierConfig
    from gui.form.settings_text import settings_text

    text = settings_text(FitConfig())
    for part in ("Gradient descent (η 1)", "Start of Q Random (σ 1.5)", "Seed 3"):
        assert part in text
    assert "Weight decay" not in settings_text(ClassifierConfig())
    assert "Weight decay 0.1" in settings_text(ClassifierConfig(weight_decay=0.1))
    composite = Composite("A title", text, [(BarsPanel("p", LIGHT), QRectF(0, 0, 300, 200))], LIGHT)
    lines = told(composite, 300)
    assert len(lines) > 2
    assert " · ".join(lines) == text
    alone = Composite("A title", "", composite.parts, LIGHT)
    assert composite.size[1] - alone.size[1] == pytest.approx(1.5 * LIGHT.text_px * len(lines))


def test_a_long_list_of_racers_is_broken_between_two_of_them(qapp):
    from engine.experiments.optimizers.race_config import RaceConfig
    from gui.form.settings_text import settings_text

    text = settings_text(RaceConfig())
    lines = told(Composite("", text, [(BarsPanel("p", LIGHT), QRectF(0, 0, 420, 200))], LIGHT), 420)
    assert " ".join(lines).replace(" · ", " ") == text.replace(" · ", " ")
    metrics = QFontMetricsF(LIGHT.font())
    assert all(metrics.horizontalAdvance(line) <= 420 for line in lines)
    assert all(line.count("(") == line.count(")") for line in lines)
