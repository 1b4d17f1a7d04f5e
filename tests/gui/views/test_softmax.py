"""The view of *Softmax and sigmoid*: bars, chain and panes show the run, and what is dragged is edited."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from scipy import special

from engine.experiments.entropy.softmax import EXPERIMENT, SoftmaxSigmoidConfig
from gui.export.export import picture
from gui.look.theme import DARK, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.entropy.softmax import SoftmaxSigmoidOptions, SoftmaxSigmoidView
from gui.views.entropy.softmax_panes import chosen
from tests.gui.views.moments import present, ran, told

VIEW, SIZE = SoftmaxSigmoidView, (800, 700)

EIGHT = (2.0, 1.0, 0.1, -1.5, 3.0, 0.0, -4.0, 5.0)


made = partial(ran, EXPERIMENT)


@pytest.fixture
def show(show_with):
    def make(options=None, **rest):
        view = show_with(options=options, **rest)
        view.edited.connect(lambda config: again(view, config))
        return view

    return make


def again(view, config):
    """What the window does with an edit."""
    view.runner = made(config)
    present(view, config, view.runner.recording, 0)


def columns(panel):
    return {column.title: column for column in panel.columns}


def test_the_view_is_found_by_its_name():
    assert view_type("entropy.softmax") is SoftmaxSigmoidView


def test_the_chain_has_every_step(show):
    view = show(temperature=0.5, shift=3.0)
    chain, z = columns(view.chain), np.array(view.at.config.logits)
    assert np.allclose(chain["z + c"].values, z + 3)
    assert np.allclose(chain["x"].values, (z + 3) / 0.5)
    assert chain["exp(x−m)"].values.max() == 1
    assert np.allclose(chain["p"].values, special.softmax(2 * z))
    assert np.allclose(chain["ln p"].values, special.log_softmax(2 * z))
    assert chain["p"].foot == "Σ = 1.000"


def test_a_bar_is_dragged_with_the_mouse(show, qtbot):
    view = show(logits=(0.0, 0.0, 0.0))
    panel = view.logits
    with qtbot.waitSignal(view.edited) as heard:
        middle = QPoint(panel.width() // 2, panel.height() // 3)
        qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 20))
        qtbot.mouseMove(panel.viewport(), middle)
        qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert np.count_nonzero(heard.args[0].logits) == 1
    assert view.shares.series[0].values == pytest.approx(special.softmax(heard.args[0].logits))


@pytest.mark.parametrize(
    ("shift", "single", "double"),
    [
        (0.0, "right here", "right here"),
        (100.0, "overflow", "right here"),
        (800.0, "overflow", "overflow"),
        (-150.0, "underflow", "right here"),
        (-800.0, "underflow", "underflow"),
    ],
)
def test_the_naive_formula_beside_the_stable_one(show, shift, single, double):
    view = show(SoftmaxSigmoidOptions(pane="naive"), shift=shift)
    assert single in view.single.title
    assert double in view.double.title
    for panel, words in ((view.single, single), (view.double, double)):
        found = columns(panel)["p"]
        assert found.wrong.all() == (words != "right here")
        quotient = {"right here": "", "overflow": "– = ∞/∞", "underflow": "– = 0/0"}[words]
        assert found.foot == quotient
    assert np.allclose(view.shares.series[0].values, special.softmax(view.at.config.logits))


def test_a_probability_that_became_0_has_no_logarithm(show):
    view = show(SoftmaxSigmoidOptions(pane="naive"), logits=(0.0, -120.0))
    assert "became 0" in view.single.title
    assert columns(view.single)["ln p"].values[1] == -np.inf
    view.change({"pane": "chain"})
    assert columns(view.chain)["ln p"].values[1] == -120.0
    assert "−∞" in told(view, 0)[2].numbers


def test_the_switches_choose_what_is_large(show, qtbot):
    view = show()
    assert view.panels() == [view.logits, view.shares, view.chain]
    panes = {
        "sigmoid": [view.curve, view.table],
        "temperature": [view.temperature_shares, view.entropy],
        "naive": [view.single, view.double],
        "chain": [view.chain],
    }
    for name in panes:
        qtbot.mouseClick(view.bar["pane"][name], Qt.MouseButton.LeftButton)
        assert view.options.pane == name
        assert view.panels() == [view.logits, view.shares, *panes[name]]
        large, whole = view._panes[name], view.width() * view.height()
        qtbot.waitUntil(lambda one=large, room=whole: one.width() * one.height() > 0.5 * room)


def test_in_a_low_window_the_chain_tells_less(show, qtbot):
    view = show()
    assert view.chain.columns[0].caption == "c = 0"
    view.resize(800, 240)
    qtbot.waitUntil(lambda: not view.chain.columns[0].caption)


def test_a_lecture_shows_one_large_plot_with_numbers_in_its_cells(show):
    view = show(theme=replace(LIGHT, scale=1.6))
    assert [column.title for column in view.chain.columns] == ["x", "x − m", "exp(x−m)", "p"]
    for name, large in (
        ("chain", view.chain),
        ("naive", view.single),
        ("sigmoid", view.curve),
        ("temperature", view.temperature_shares),
    ):
        view.change({"pane": name})
        assert view.panels() == [view.logits, large]


def test_classes_come_and_go(show, qtbot):
    view = show(logits=(1.0, 2.0))
    assert not view.fewer.isEnabled()
    for _ in range(6):
        qtbot.mouseClick(view.more, Qt.MouseButton.LeftButton)
    assert view.at.config.logits == (1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert not view.more.isEnabled()
    qtbot.mouseClick(view.fewer, Qt.MouseButton.LeftButton)
    assert len(view.at.config.logits) == 7


def test_two_classes_are_a_sigmoid_of_the_difference(show):
    view = show(SoftmaxSigmoidOptions(pane="sigmoid"), logits=(3.0, 1.25))
    handle = view.curve.handles[0]
    assert (handle.x, handle.y) == pytest.approx((1.75, special.expit(1.75)))
    curve = view.curve.curves[0]
    assert np.allclose(curve.y, special.expit(curve.x))


def test_the_point_on_the_sigmoid_is_dragged(show, qtbot):
    view = show(SoftmaxSigmoidOptions(pane="sigmoid", chosen=2), temperature=2.0)
    curve = view.curve
    at = curve.axes().plane.point(curve.handles[0].x, curve.handles[0].y).toPoint()
    to = curve.axes().plane.point(2.0, 0.5).toPoint()
    qtbot.mousePress(curve.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(curve.viewport(), to)
    qtbot.mouseRelease(curve.viewport(), Qt.MouseButton.LeftButton, pos=to)
    assert view.curve.handles[0].x == pytest.approx(2.0, abs=0.1)
    assert view.at.config.logits[:2] == SoftmaxSigmoidConfig().logits[:2]


def test_a_click_on_a_probability_asks_for_its_sigmoid(show, qtbot):
    view = show()
    with qtbot.waitSignal(view.options_changed):
        view.shares.clicked.emit(3)
    assert (view.options.pane, chosen(view.at)) == ("sigmoid", 3)
    qtbot.mouseClick(
        view.table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.table._lay_out(view.table.content).cell(0, 1).center().toPoint(),
    )
    assert chosen(view.at) == 1


def test_the_temperature_is_dragged_along_its_curve(show, qtbot):
    view = show(SoftmaxSigmoidOptions(pane="temperature"))
    panel = view.entropy
    handle = panel.handles[0]
    assert np.interp(handle.x, panel.curves[0].x, panel.curves[0].y) == pytest.approx(handle.y, abs=1e-3)
    panel.setFocus()
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(panel, Qt.Key.Key_Right)
    assert heard.args[0].temperature == pytest.approx(10**0.04, rel=1e-2)
    panel.handle_dragged.emit("T", 1e9, 0.0)
    assert view.at.config.temperature == 100.0
    assert len(view.temperature_shares.curves) == 4


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"logits": EIGHT, "shift": -2000.0},
        {"logits": (1000.0, -1000.0)},
        {"temperature": 0.01, "shift": 2000.0},
        {"logits": (0.0,) * 8},
    ],
)
def test_nothing_is_written_that_is_not_a_number(show, settings):
    view = show(theme=DARK, **settings)
    blocks = told(view, 0)
    words = " ".join(block.numbers for block in blocks).lower()
    assert "nan" not in words
    assert "inf" not in words
    assert all(block.check is None or block.check.passed for block in blocks)
    for name in ("chain", "naive", "sigmoid", "temperature"):
        view.change({"pane": name})
        for panel in view.panels():
            assert panel.table()
            assert not picture(panel, (500, 300)).isNull()


def test_a_chosen_class_that_has_gone_is_the_last(show):
    view = show(SoftmaxSigmoidOptions(pane="sigmoid", chosen=7), logits=(1.0, 2.0))
    assert chosen(view.at) == 1


def test_a_pinned_run_stands_beside(show):
    pinned = made(SoftmaxSigmoidConfig(temperature=10.0))
    view = show(ghosts=[Ghost(pinned.config, pinned.recording, "T = 10")])
    assert [bars.name for bars in view.shares.series] == ["p", "T = 10"]
    other = made(SoftmaxSigmoidConfig(logits=(1.0, 2.0)))
    assert len(show(ghosts=[Ghost(other.config, other.recording, "2")]).shares.series) == 1


NAIVE = "In float32 the naive formula ends in {}; the stable one gives class {} p = {}."
SAYINGS = [  # by hand, with SciPy's softmax
    (
        "chain",
        {},
        "Class 1 has p = 0.6461: it leads by 1.000 in x = (z + c)/T, which makes it 2.718 times the next.",
    ),
    (
        "chain",
        {"temperature": 0.5, "logits": (1.0, 2.0)},
        "Class 2 has p = 0.8808: it leads by 2.000 in x = (z + c)/T, which makes it 7.389 times the next.",
    ),
    (
        "chain",
        {"logits": (0.0,) * 4},
        "4 classes share the largest logit, and so the largest p: 0.2500 each.",
    ),
    ("chain", {"logits": (-40.0, 0.0)}, "Class 2 leads by 40.00 in x = (z + c)/T, and takes all: p = 1."),
    (  # e + 1
        "naive",
        {"logits": (1.0, 0.0)},
        "Here the naive formula is right too, in float32 as in float64: Σ exp(x) is 3.718.",
    ),
    ("naive", {"shift": 100.0}, NAIVE.format("Σ = ∞", 1, "0.6461")),
    ("chain", {"shift": -150.0}, NAIVE.format("Σ = 0", 1, "0.6461")),
    ("naive", {"logits": (0.0, -120.0)}, NAIVE.format("p = 0", 1, "1.000")),
    (
        "naive",
        {"shift": 800.0},
        "Even in float64 the naive formula ends in Σ = ∞; the stable one gives class 1 p = 0.6461.",
    ),
    (
        "chain",
        {"logits": (1000.0, -1000.0)},
        "Even in float64 the naive formula ends in Σ = ∞; the stable one gives class 1 p = 1.000.",
    ),
    (
        "sigmoid",
        {"logits": (3.0, 1.25)},
        "Class 1 against all others is a sigmoid: at u = 1.750 it is σ(u) = 0.8520, the p of softmax.",
    ),
    (
        "temperature",
        {"logits": (0.0, 0.0), "temperature": 10.0},
        "At T = 10 the entropy is 0.6931 of at most 0.6931 nats, and class 1 has p = 0.5000.",
    ),
]


@pytest.mark.parametrize(("pane", "settings", "says"), SAYINGS)
def test_the_sentence_tells_what_is_seen(show, pane, settings, says):
    view = show(SoftmaxSigmoidOptions(pane=pane), **settings)
    assert view.finding.text == says
