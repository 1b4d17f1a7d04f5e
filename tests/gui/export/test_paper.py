"""Figures as others need them: sizes in millimetres, plain grounds, names that stay, letters one can copy."""

import csv
import io
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from engine.config import Problem, replaced
from engine.data.settings import CsvFile
from engine.experiments import EXPERIMENTS
from gui.export import export
from gui.export.composite import Composite, drawn_together
from gui.export.figures import figures_of, file_name, panel_ids
from gui.export.paper import Paper, paper_of, size_in_mm
from gui.export.stage import on_paper
from gui.form.settings_text import differences_text, settings_text
from gui.look import fonts
from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.large_numbers import LargeNumber, LargeNumbersPanel
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.painting import wrapped
from gui.plots.panel import Panel
from gui.plots.sheet import PAPER, SCREEN, Manner
from gui.screen.view import view_type

X = np.linspace(0, 10, 50)
SVG = "{http://www.w3.org/2000/svg}"


def curves(theme=LIGHT):
    plot = CurvesPanel("f − f* against the steps", theme)
    plot.set_axes(("step", ""), ("loss", "nats"))
    plot.set_curves([Curve("adam", "Adam", X, X**2, theme.stroke("adam"))])
    return plot


def field(theme=LIGHT):
    plot = FieldPanel("Contours", theme)
    plot.set_field(np.outer(X, X), ((0, 1), (0, 1)))
    return plot


def figure(*panels, paper, title="A & B < C", subtitle="step 3 / 9 · bowl · η = 0.1"):
    parts = [(panel, QRectF(0, 300 * k, 400, 280)) for k, panel in enumerate(panels)]
    return Composite(title, subtitle, parts, panels[0].theme, paper)


def pixels(panel, manner):
    image = QImage(480, 360, QImage.Format.Format_RGBA8888)
    image.fill(0)
    with QPainter(image) as painter:
        panel.paint(painter, QRectF(0, 0, 480, 360), manner)
    return np.frombuffer(image.constBits(), np.uint8).reshape(360, 480, 4).copy()


# Sizes


def test_a_png_has_the_millimetres_and_the_dots_that_were_asked_for(qapp, tmp_path):
    one = figure(curves(), paper=Paper(mm=(85, 60), font=8))
    export.save_png(one, tmp_path / "a.png", one.size, 300, one.zoom)
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (1004, 709)  # 85 and 60 mm at 300 dots in 25.4 mm
    assert image.dotsPerMeterX() == 11811


def test_an_svg_has_its_millimetres_a_title_and_letters_of_the_size_asked_for(qapp, tmp_path):
    one = figure(curves(), paper=Paper(mm=(85, 60), font=8))
    export.save_svg(one, tmp_path / "a.svg", one.size, "A & B < C", one.zoom)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("85mm", "60mm")
    assert root.find(f"{SVG}title").text == "A & B < C"
    wide = float(root.get("viewBox").split()[2])
    sizes = {float(text.get("font-size")) for text in root.iter(f"{SVG}text")}
    assert min(sizes) * 85 / wide / 25.4 * 72 == pytest.approx(8, rel=1e-4)  # points
    families = {text.get("font-family") for text in root.iter(f"{SVG}text")}
    assert len(families) == 1
    assert families.pop().endswith(", sans-serif")


def test_a_pdf_has_its_millimetres_and_pictures_to_the_last_bit(qapp, tmp_path):
    one = figure(field(), paper=Paper(mm=(174, 100)))
    export.save_pdf(one, tmp_path / "a.pdf", one.size, "A & B", one.zoom)
    content = (tmp_path / "a.pdf").read_bytes()
    left, bottom, right, top = map(float, re.search(rb"/MediaBox \[(.*?)\]", content)[1].split())
    assert right - left == pytest.approx(174 / 25.4 * 72, abs=1e-3)
    assert top - bottom == pytest.approx(100 / 25.4 * 72, abs=1e-3)
    assert b"/Subtype /Image" in content
    assert b"DCTDecode" not in content  # JPEG


def test_a_height_that_is_not_asked_for_follows_the_plots(qapp):
    wide = figure(curves(), curves(), paper=Paper(mm=(85, 0), font=8))
    high = wide.size[1] * wide.zoom * 25.4 / 96
    assert wide.size[0] * wide.zoom * 25.4 / 96 == pytest.approx(85)
    assert 85 < high < 250  # one above the other
    assert figure(curves(), paper=Paper(mm=(85, 0), font=8)).size[1] < wide.size[1]


def test_what_has_no_room_is_refused(qapp):
    with pytest.raises(Problem, match="not enough room for 4 plots"):
        figure(*[curves() for _ in range(4)], paper=Paper(mm=(40, 30), font=8)).check()
    with pytest.raises(Problem, match="too narrow: choose a greater width"):
        figure(*[curves() for _ in range(4)], paper=Paper(mm=(20, 300), font=8)).check()
    with pytest.raises(Problem, match="too low: choose a greater height"):
        figure(*[curves() for _ in range(4)], paper=Paper(mm=(400, 14), font=8)).check()
    figure(*[curves() for _ in range(4)], paper=Paper(mm=(174, 120), font=8)).check()


def test_a_table_of_two_lines_is_as_low_as_it_is(qapp):
    table = TablePanel("Rates", LIGHT)
    table.set_lines(["p"], [TableRow(name, None, ("0.5",)) for name in "ab"])
    table.resize(600, 123)
    figure(table, paper=Paper(mm=(120, 0), font=8)).check()
    with pytest.raises(Problem, match="too low"):
        figure(table, paper=Paper(mm=(120, 12), font=8)).check()


def test_plots_are_laid_out_anew_where_they_have_no_room_side_by_side(qapp):
    left, right = curves(), curves()
    parts = [(left, QRectF(0, 0, 500, 400)), (right, QRectF(508, 0, 300, 400))]
    for mm, beside in ((174, True), (85, False)):
        one = Composite("", "", parts, LIGHT, Paper(mm=(mm, 0), font=8))
        (_, first), (_, second) = one._laid_out(QRectF(0, 0, *one.size))
        assert (first.top() == second.top()) == beside
        assert not first.intersects(second)


def test_empty_bands_of_the_screen_are_closed(qapp):
    spots = [QRectF(0, 40, 300, 200), QRectF(308, 40, 100, 200), QRectF(0, 300, 408, 100)]
    closed = [place for _, place in drawn_together([(None, spot) for spot in spots])]
    assert [(spot.left(), spot.top(), spot.width(), spot.height()) for spot in closed] == [
        (0, 40, 300, 200),
        (308, 40, 100, 200),
        (0, 248, 408, 100),
    ]


@pytest.mark.parametrize(("text", "size"), [("85x60", (85, 60)), ("85", (85, 0)), ("174.5×99", (174.5, 99))])
def test_a_size_is_read(text, size):
    assert size_in_mm(text) == size


@pytest.mark.parametrize("text", ["", "x", "85x", "85x0", "5x60", "1e9", "nan", "-85x60", "9" * 5000])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(Problem, match="like 85x60"):
        size_in_mm(text)


def test_what_is_remembered_may_be_nonsense():
    assert paper_of({}) == Paper()
    assert paper_of({"size": "column", "font": 9.5}) == Paper(mm=(85.0, 0.0), font=9.5)
    nonsense = {"size": [], "font": "big", "theme": 3, "width": None, "marks": 1}
    assert paper_of(nonsense) == Paper(marks=True)
    assert paper_of({"size": "own", "width": -5, "height": 1e9}).mm == (20.0, 1000.0)


# What is on paper


def with_playhead():
    plot = curves()
    plot.set_cursor(4.0, "step 4")
    return plot


def with_grip():
    plot = curves()
    plot.set_handles([Handle("from", "", 5.0, 50.0, Stroke("#123456"))])
    return plot


def with_start():
    plot = field()
    plot.set_start(0.5, 0.5)
    return plot


def with_chosen_cell():
    plot = HeatmapPanel("Heat", LIGHT)
    plot.set_matrix(np.outer(X[:4], X[:4]))
    plot.select((1, 1))
    return plot


def with_chosen_line():
    plot = TablePanel("Table", LIGHT)
    plot.set_lines(["f"], [TableRow("Adam", None, ("1",)), TableRow("Lion", None, ("2",))], chosen=1)
    return plot


@pytest.mark.parametrize("make", [with_playhead, with_grip, with_start, with_chosen_cell, with_chosen_line])
def test_what_leads_through_a_run_is_on_paper_only_when_asked_for(qapp, make):
    marked, plain = make(), make()
    if make is with_playhead:
        plain.set_cursor(None)
    elif make is with_grip:
        plain.set_handles([])
    elif make is with_start:
        plain.set_start(None)
    elif make is with_chosen_cell:
        plain.select(None)
    else:
        plain.set_lines(plain.head, plain.lines, chosen=-1)
    assert (pixels(marked, PAPER) == pixels(plain, PAPER)).all()
    assert (pixels(marked, SCREEN) != pixels(plain, SCREEN)).any()


def test_data_and_named_values_stay_on_paper_as_points(qapp):
    plot = curves()
    plot.set_handles(
        [
            Handle("0", "", 2.0, 60.0, Stroke("#123456"), dot=True),
            Handle("p", "p = 7", 7.0, 20.0, Stroke("#654321")),
        ]
    )
    found = pixels(plot, PAPER)[..., :3].astype(int)
    for colour in ((0x12, 0x34, 0x56), (0x65, 0x43, 0x21)):
        assert (np.abs(found - colour).max(axis=-1) < 8).any()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ground_is_plain_or_missing(qapp, tmp_path, theme):
    for transparent in (False, True):
        one = figure(curves(theme), paper=Paper(transparent=transparent))
        list(export.paint_png(one, tmp_path / "a.png", one.size, transparent=transparent))
        image = QImage(str(tmp_path / "a.png"))
        assert image.hasAlphaChannel() == transparent
        inner = image.pixelColor(image.width() - 40, image.height() // 2)
        for colour in (image.pixelColor(1, 1), inner):
            assert colour.alpha() == (0 if transparent else 255)
            assert transparent or colour.name() == theme.plot.lower()
    assert pixels(curves(theme), Manner(ground=False))[0, 0, 3] == 0


def test_the_settings_are_whole_or_left_out(qapp):
    long = "step 214 / 500 · Racers Adam (η 0.1, β₁ 0.9), Lion (η 0.01) · File " + "very-" * 30 + "long.csv"
    whole = figure(curves(), paper=Paper(mm=(60, 0)), subtitle=long)
    lines = [line for line, *_ in whole.head(whole.size[0]).lines()]
    assert "".join(lines[1:]).replace(" ", "").replace("·", "") == long.replace(" ", "").replace("·", "")
    metrics = QFontMetricsF(LIGHT.font())
    assert all(metrics.horizontalAdvance(line) <= whole.size[0] for line in lines[1:])
    bare = figure(curves(), paper=Paper(mm=(60, 0), settings=False, title=False), subtitle=long)
    assert bare.head(bare.size[0]).lines() == []
    assert bare.size[1] < whole.size[1]


def test_a_title_is_not_cut_on_paper(qapp):
    metrics = QFontMetricsF(LIGHT.font())
    words = "How far each of the walkers has come after so many steps, in nats"
    assert " ".join(wrapped(words, metrics, 120)) == words
    chinese = "每一种方法在这么多步之后，离最小值点还有多远。"
    lines = wrapped(chinese, metrics, 90)
    assert "".join(lines) == chinese
    assert len(lines) > 2
    assert not any(line[0] in "，。" for line in lines)


def test_a_name_too_long_for_a_line_is_broken_after_a_bracket(qapp):
    metrics = QFontMetricsF(LIGHT.font())
    name = "CrossEntropyLoss(label_smoothing=s)"
    assert wrapped(name, metrics, metrics.horizontalAdvance(name) - 1) == [
        "CrossEntropyLoss(",
        "label_smoothing=s)",
    ]
    assert wrapped(name, metrics, metrics.horizontalAdvance("CrossEntropyLoss(")) == [
        "CrossEntropyLoss(",
        "label_smoothing=",
        "s)",
    ]
    number = "0.4493449344934493"  # a point within a number is no seam
    assert wrapped(number, metrics, metrics.horizontalAdvance("0.44934"))[0] == "0.44934"


def test_what_needs_a_width_is_reduced_on_narrower_paper(qapp):
    class Wide(CurvesPanel):
        narrowest = 800.0

    def widths(kind):
        plot, seen = kind("p", LIGHT), []
        plot._draw = lambda painter, rect, live: seen.append(rect.width() * painter.transform().m11())
        one = figure(plot, paper=Paper(mm=(100, 80)))
        export.picture(one, one.size, 96, one.zoom)
        return seen[0]

    plain, reduced = widths(CurvesPanel), widths(Wide)
    assert reduced == pytest.approx(plain, rel=0.03)  # as wide on paper, margins apart


# Fonts


def test_chinese_is_written_as_in_china_whatever_the_desktop_has():
    latin = SimpleNamespace(supportsCharacter=lambda code: False)
    japanese = SimpleNamespace(supportsCharacter=lambda code: True)
    there = ("Noto Sans CJK JP", "Noto Sans CJK SC", "DejaVu Sans", "Microsoft YaHei")
    assert fonts.ordered("DejaVu Sans", there, latin) == (
        "DejaVu Sans",
        "Noto Sans CJK SC",
        "Microsoft YaHei",
    )
    assert fonts.ordered("Noto Sans CJK JP", there, japanese)[0] == "Noto Sans CJK SC"
    assert fonts.ordered("Microsoft YaHei", there, japanese)[0] == "Microsoft YaHei"


def test_the_letters_of_the_program_are_these(qapp):
    assert LIGHT.font().families() == list(fonts.families())


def test_ideographs_are_copied_from_a_pdf_as_what_they_are(qapp, tmp_path):
    table = b"<2FBB> begincmap\n<0001> <0003> [<9ED8> <2FBB> <2F00> ]\n<0004> <0004> <2F08>\nendcmap <2FBB>"
    told = export.copyable(table)
    assert (
        told
        == b"<2FBB> begincmap\n<0001> <0003> [<9ED8> <9AA8> <4E00> ]\n<0004> <0004> <4EBA>\nendcmap <2FBB>"
    )
    if not set(fonts.families()) & set(fonts.CHINESE):
        pytest.skip("no Chinese font is installed")
    one = figure(curves(), paper=Paper(mm=(85, 60)), title="骨直角化一二人工见门马")
    export.save_pdf(one, tmp_path / "a.pdf", one.size, "", one.zoom)
    tables = b"".join(re.findall(rb"begincmap(.*?)endcmap", (tmp_path / "a.pdf").read_bytes(), re.DOTALL))
    codes = {int(code, 16) for code in re.findall(rb"<([0-9A-F]{4})>", tables)}
    assert {ord(one) for one in "骨直角化一二人工见门马"} <= codes
    assert not any(0x2E80 <= code < 0x2FE0 for code in codes)


# Large pictures


@pytest.mark.parametrize("dpi", [96, 131, 300])
def test_bands_make_the_same_picture_as_one_stroke(qapp, tmp_path, monkeypatch, dpi):
    one = figure(curves(), field(), paper=Paper(mm=(60, 0)))
    whole = export.picture(one, one.size, dpi, one.zoom).convertToFormat(QImage.Format.Format_RGB888)
    monkeypatch.setattr(export, "BAND", 37 * whole.width())
    shares = list(export.paint_png(one, tmp_path / "a.png", one.size, dpi, one.zoom, transparent=False))
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) == -(-whole.height() // 37)
    banded = QImage(str(tmp_path / "a.png")).convertToFormat(QImage.Format.Format_RGB888)
    assert banded.size() == whole.size()
    apart = np.abs(_rgb(banded) - _rgb(whole))
    assert (apart > 8).mean() < 1e-4


def _rgb(image):
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].astype(int)


def test_who_does_not_want_to_wait_keeps_the_old_file(qapp, tmp_path, monkeypatch):
    one = figure(curves(), paper=Paper(mm=(60, 0)))
    (tmp_path / "a.png").write_bytes(b"old")
    monkeypatch.setattr(export, "BAND", 5000)
    work = export.paint_png(one, tmp_path / "a.png", one.size, 300, one.zoom)
    next(work)
    next(work)
    work.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


def test_a_picture_beyond_all_reason_is_refused_with_its_size(qapp, tmp_path):
    one = figure(curves(), paper=Paper(mm=(1000, 1000)))
    with pytest.raises(Problem, match="not 47244 × 47244"):
        export.save_png(one, tmp_path / "a.png", one.size, 1200, one.zoom)
    with pytest.raises(Problem, match="too large to copy"):
        export.copy_picture(one, one.size, 400, one.zoom)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "csv"])
def test_a_full_disk_is_told_and_leaves_what_was_there(qapp, tmp_path, ending):
    resource = pytest.importorskip("resource", reason="this system cannot limit the size of a file")
    one = figure(curves(), field(), paper=Paper())
    path = tmp_path / f"a.{ending}"
    path.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        with pytest.raises(Problem, match=rf"a\.{ending} could not be written: the file would be too large"):
            export.SAVERS[ending](one, path, one.size)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [(path.name, "old")]


# Names


PLOTS = {
    "two-distributions": "bars codes costs interval lengths message numbers stacks tree",
    "binary": "cross entropy slope",
    "entropy-softmax": "chain curve double entropy logits shares single table temperature-shares",
    "fit": "bars compared identity runs slopes",
    "three-classes": "losses slopes triangle",
    "gaussian-fit": "costs densities forward integrands reverse",
    "curves": "numbers slopes values",
    "losses-softmax": "accuracy backward drift forward jacobian logits loss regions-1 regions-2 shares "
    "sigmoid weights-1 weights-2",
    "cross-entropies": "gradients kinds logits steps",
    "neuron": "answers parts pulls sigmoid slopes",
    "likelihood": "descent frequency likelihood mirror outlier-data points-data pulls surface sweep",
    "classifier": "accuracy confusion example heat images loss maps pad regions spectra strip",
    "race": "curves field landscape panels-1 panels-2 profile rates results shares spent spread tried tuned",
    "conventions": "apart field names",
    "convergence": "gaps rates",
    "newton": "curve errors field table times",
    "averages": "series weights",
    "batches": "ball cloud field loss",
    "sparse": "loss often steps weights",
    "maps": "distance field legend map",
    "landscape": "error field loss results surface",
    "cell": "bars curves diagram",
    "train": "coloured heat loss norm right sequence spectra unit written",
    "memory": "accuracy below felt inside",
    "deep-network": "activations chain factors gradients loss spectra",
    "dying-relu": "dead learning turns units",
    "clipping": "field loss norm profile",
    "mistakes": "components loss panels-1 panels-2 panels-3 panels-4 panels-5 panels-6 symptom",
}


def test_names_of_files_never_change_and_every_system_takes_them(qtbot):
    names = []
    for experiment in EXPERIMENTS:
        kind = view_type(experiment)
        view = kind(LIGHT, kind.options_type())
        qtbot.addWidget(view)
        ids = panel_ids(view)
        assert set(ids) == set(view.findChildren(Panel))
        assert sorted(ids.values()) == PLOTS[file_name(experiment)].split()
        names += [file_name(experiment), *(file_name(experiment, own) for own in ids.values())]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{3,40}", name) for name in names)


def test_the_folders_of_a_file_are_in_no_figure():
    config = EXPERIMENTS["losses.classifier"].config_type()
    here = replaced(config, data=CsvFile(path="/home/ada/secret/iris.csv"))
    there = replaced(config, data=CsvFile(path="C:\\Users\\ada\\secret\\wine.csv"))
    for words in (settings_text(here), settings_text(there), differences_text(here, there)):
        assert "ada" not in words
        assert "secret" not in words
    assert "iris.csv" in settings_text(here)
    assert "wine.csv" in settings_text(there)
    assert "wine.csv" in differences_text(here, there)


# Numbers


def test_a_csv_holds_numbers_to_the_last_bit_and_excel_knows_what_it_is(on_screen, tmp_path):
    screen = on_screen("optimizers.race", steps=12)
    found = {one.name: one for one in figures_of(screen)}["race-results"]
    for marked in (False, True):
        list(found.save(tmp_path / "a.csv", "csv", 96, marked))
        content = (tmp_path / "a.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") == marked
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert header[:2] == ["name", "f"]
    for row, index in zip(rows, range(len(screen.playback.config.racers)), strict=True):
        assert float(row[1]) == screen.playback.recording.column(f"{index}.f")[12]


def test_a_figure_of_another_theme_does_not_touch_the_screen(on_screen, tmp_path):
    screen = on_screen("entropy.binary")
    before = screen.grab().toImage()
    with on_paper(screen, 1, Paper(theme="dark")) as found:
        image = export.picture(found.drawing, found.size)
    assert image.pixelColor(2, 2).name() == DARK.plot.lower()
    with on_paper(screen, 1, Paper()) as found:
        assert found.panel in screen.view.panels()
    assert screen.grab().toImage() == before


@pytest.mark.parametrize("name", ["losses.softmax", "entropy.fit"])
def test_what_was_on_the_screen_is_there_again_afterwards(on_screen, tmp_path, name):
    screen = on_screen(name, goal=40, size=(1000, 560), notes=False)
    panels = screen.view.panels()
    before = [panel.grab().toImage() for panel in panels]
    for one in figures_of(screen, Paper(mm=(85, 0))):
        export.save_svg(one.drawing, tmp_path / "one.svg", one.size, one.title, one.drawing.zoom)
    for panel in panels:
        panel.update()
    assert [panel.grab().toImage() for panel in panels] == before


def test_plots_side_by_side_are_higher_before_they_stand_below_each_other():
    below = QRectF(0, 120, 300, 300)
    parts = [(curves(), QRectF(0, 0, 600, 120)), (curves(), below), (curves(), below.translated(300, 0))]
    height = Composite("", "", parts, LIGHT, Paper(mm=(113, 0), font=8)).size[1]
    assert (
        420 * 110 / 120 <= height < 450
    )  # the low one has the 110 that it needs; all below each other: over 700


def test_what_is_low_on_the_screen_may_be_so_on_paper():
    numbers = LargeNumbersPanel("", LIGHT)
    numbers.set_numbers([LargeNumber("H(P)", 1.75, "bits", LIGHT.stroke("training"))])
    parts = [(numbers, QRectF(0, 0, 800, 72)), (curves(), QRectF(0, 72, 800, 330))]
    Composite("", "", parts, LIGHT, Paper(mm=(174, 0), font=8)).check()
