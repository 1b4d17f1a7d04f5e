"""The page of conventions: the sentence of every family, the paths, the distances, and what to write."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.config import replaced
from engine.experiments.optimizers.conventions import EXPERIMENT, ConventionsConfig
from engine.experiments.optimizers.conventions_families import (
    AdamFamily,
    DecayFamily,
    MomentumFamily,
    NesterovFamily,
    RMSPropFamily,
)
from gui.plots.ticks import value_text
from gui.screen.view import Ghost, Moment, view_type
from gui.views.optimizers.conventions import ConventionsOptions, ConventionsView, finding, steps_at
from gui.views.optimizers.conventions_settings import settings
from gui.views.optimizers.conventions_words import (
    form_blocks,
    form_terms,
    primed,
    translation_blocks,
)
from tests.gui.plots.conftest import mouse
from tests.gui.views.moments import present_step, ran, told

PLAIN = {"method": "gradient_descent", "learning_rate": 0.001}
MOMENTUM = {"method": "momentum", "learning_rate": 0.001}
FAMILIES = (
    MomentumFamily(dampening=0.5),
    NesterovFamily(),
    RMSPropFamily(),
    AdamFamily(),
    DecayFamily(),
    DecayFamily(**MOMENTUM),
    DecayFamily(**PLAIN),
)
CHANGING = {"factor": 0.1, "change_at": 30}
VIEW, SIZE, BEGIN, STEP = ConventionsView, (900, 600), ConventionsConfig(steps=60, family=FAMILIES[0]), 40


def moment(family, step=40, changes=None):
    """A run at a step, as the page is shown it."""
    config = replaced(ConventionsConfig(steps=60), family=family, **(changes or {}))
    return Moment(config, ConventionsOptions(), ran(EXPERIMENT, config).recording, step)


def numbers(at, path, step=40):
    """The distance at a step, and the largest so far, as they are written."""
    column = at.recording.column(f"{path}.apart")
    return value_text(float(column[step])), value_text(float(column[: step + 1].max()))


def test_the_view_is_found_by_its_name():
    assert view_type("optimizers.conventions") is ConventionsView


@pytest.mark.parametrize(
    ("family", "changes", "setting"),
    [
        (MomentumFamily(), {}, "η′ = η/(1 − β)"),
        (MomentumFamily(first="averaged", second="inside"), {}, "η′ = η(1 − β)"),
        (MomentumFamily(second="inside"), CHANGING, "v′ times 0.1 at step 30"),
        (MomentumFamily(first="inside", second="heavy_ball"), CHANGING, "v′ times 10 at step 30"),
        (
            MomentumFamily(first="inside", second="averaged"),
            CHANGING,
            "η′ = η/(1 − β), v′ times 10 at step 30",
        ),
        (NesterovFamily(), {}, "x = x′ + ηβv′"),
        (NesterovFamily(), CHANGING, "x = x′ + ηβv′, x′ and v′ carried over at step 30"),
        (NesterovFamily(first="shifted", second="sutskever"), {}, "x = x′ + βv′"),
        (NesterovFamily(first="framework", second="look_ahead"), {}, "x = x′ − ηβv′"),
        (AdamFamily(), {}, "ε′ = ε√(1 − β₂ᵗ)"),
        (AdamFamily(first="hat", second="outside"), {}, "ε′ = ε/√(1 − β₂ᵗ)"),
        (AdamFamily(second="uncorrected"), {}, "η′ = η√(1 − β₂ᵗ)/(1 − β₁ᵗ), ε′ = ε√(1 − β₂ᵗ)"),
        (AdamFamily(first="uncorrected", second="hat"), {}, "η′ = η(1 − β₁ᵗ)/√(1 − β₂ᵗ)"),
        (DecayFamily(first="decoupled", second="constant"), {}, "λ′ = ηλ"),
        (DecayFamily(first="constant", second="coupled", **PLAIN), {}, "λ′ = λ/η"),
    ],
)
def test_the_sentence_of_what_can_be_translated(family, changes, setting):
    at = moment(family, changes=changes)
    near, apart = numbers(at, "2")[1], numbers(at, "1")[0]
    exact = at.recording.column("2.apart")[:41].max() == 0
    together = (
        "both take the very same path, to the last bit"
        if exact
        else f"the two stay within {near} of each other"
    )
    assert finding(at) == (f"With {setting} {together}; without it they are {apart} apart at step 40.")
    assert max(at.recording.column("2.apart")) < 1e-13


@pytest.mark.parametrize(
    ("family", "setting"),
    [
        (AdamFamily(second="inside"), "ε′ = ε²"),
        (AdamFamily(first="inside", second="hat"), "ε′ = √ε√(1 − β₂ᵗ)"),
        (AdamFamily(first="hat", second="inside"), "ε′ = ε²/(1 − β₂ᵗ)"),
        (DecayFamily(**MOMENTUM), "λ′ = λ/(1 − β)"),
        (DecayFamily(first="constant", second="coupled", **MOMENTUM), "λ′ = (1 − β)λ/η"),
    ],
)
def test_the_sentence_of_what_can_not(family, setting):
    at = moment(family)
    now, apart = numbers(at, "2")[0], numbers(at, "1")[0]
    assert finding(at) == (
        f"Nothing makes the two the same: with {setting} they are {now} apart at step 40, without it {apart}."
    )


def test_the_other_sentences():
    begin = "Two forms of one method begin at the same point. Do they take the same path?"
    assert finding(moment(MomentumFamily(), 0)) == begin
    at = moment(DecayFamily())
    apart = numbers(at, "1")[0]
    assert finding(at) == f"No value of λ makes the two the same: at step 40 they are {apart} apart."
    at = moment(MomentumFamily(second="dampened", dampening=0.1))
    now, apart = numbers(at, "2")[0], numbers(at, "1")[0]
    assert finding(at) == (
        f"With η′ = η/(1 − d) they are {now} apart at step 40, for the first step is not dampened; "
        f"without it {apart}."
    )
    at = moment(DecayFamily(**PLAIN))
    near = numbers(at, "2")[1]
    assert finding(at) == f"No translation is needed: the two stay within {near} of each other."
    at = moment(DecayFamily(first="decoupled", second="constant"))
    assert at.recording.column("2.apart").max() == 0.0
    apart = numbers(at, "1")[0]
    assert finding(at) == (
        "With λ′ = ηλ both take the very same path, to the last bit; "
        f"without it they are {apart} apart at step 40."
    )
    at = moment(NesterovFamily(first="sutskever", second="look_ahead"), 1)
    assert at.recording.column("2.apart")[1] == 0.0
    assert finding(at) == "No translation is needed: both take the very same path, to the last bit."
    same = finding(moment(MomentumFamily(second="heavy_ball")))
    assert same == "Both are the same form: choose another one to compare."


def test_the_sentences_of_what_diverges():
    wild = MomentumFamily(first="averaged", second="heavy_ball", learning_rate=0.01)
    assert finding(moment(wild)) == "By step 40 a form has diverged, with the same numbers in both."
    at = moment(MomentumFamily(second="dampened", dampening=0.9))
    apart = numbers(at, "1")[0]
    assert finding(at) == (
        f"With η′ = η/(1 − d) the second form has diverged; without it they are {apart} apart."
    )


def test_before_the_change_of_the_rate_nothing_is_needed():
    said = finding(moment(MomentumFamily(second="inside"), 20, CHANGING))
    assert said.startswith("No translation is needed: the two stay within ")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: f"{one.title} {one.learning_rate}")
def test_every_pair_is_told_with_its_numbers_and_terms(family):
    for first, second in product(family.forms, repeat=2):
        at = moment(replaced(family, first=first, second=second), changes=CHANGING)
        steps = steps_at(at)
        rules = form_blocks(at.config, steps, 40, True)
        assert all(live.numbers.startswith("x:  ") for live in rules)
        terms = {one.latex for one in form_terms(at.config, steps, 40, ((), ()), True)}
        assert {"x_{t+1}", "x'_{t+1}"} <= terms
        blocks = translation_blocks(at.config, 40, True)
        for one, block in zip(settings(at.config.family), blocks, strict=False):
            assert block.latex == one.latex
            assert not one.letter or one.latex.split(" = ")[0] in terms
        assert form_blocks(at.config, (None, None), 0, True)


def test_the_letters_of_the_second_form_by_hand():
    assert primed(r"v_t = \beta\, v_{t-1} + (1-\beta)\, g_t", ["η"]) == (
        r"v'_t = \beta\, v'_{t-1} + (1-\beta)\, g'_t"
    )
    assert primed(r"x_{t+1} = x_t - \eta\, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \varepsilon}", ["ε"]) == (
        r"x'_{t+1} = x'_t - \eta\, \frac{\hat{m}'_t}{\sqrt{\hat{v}'_t} + \varepsilon'}"
    )
    assert (
        primed(r"\hat{m}_t = \frac{m_t}{1-\beta_1^t}", ["β₁"]) == r"\hat{m}'_t = \frac{m'_t}{1-{\beta_1'}^t}"
    )
    assert primed(r"\beta_2 v_{t-1} + (1-\beta_2)\, g_t^2", []) == (
        r"\beta_2 v'_{t-1} + (1-\beta_2)\, {g'_t}^2"
    )


def test_the_paths_are_those_of_the_run_and_the_translated_one_lies_on_the_first(show_with, qtbot):
    view = show_with()
    lines = {path.key: path for path in view.field.paths}
    assert list(lines) == ["1", "0", "2"]
    for key, path in lines.items():
        expected = [view.at.recording.column(f"{key}.{axis}")[:41] for axis in "xy"]
        assert np.array_equal(path.xy.T, expected)
    assert lines["0"].width > lines["2"].width
    assert not lines["2"].halo
    with qtbot.waitSignal(view.options_changed):
        qtbot.mouseClick(view.bar["translate"], Qt.MouseButton.LeftButton)
    assert [path.key for path in view.field.paths] == ["1", "0"]
    assert "step 40" in told(view)[2].title
    assert "translated" not in told(view)[2].title
    assert [live.numbers for live in told(view) if live.title == "Translation, switched off"] == [
        "η′ = 0.01000"
    ]


def test_where_both_take_one_path_the_second_lies_on_the_first(show_with):
    """The dashes on the band: both are seen."""
    first, second = show_with(family=MomentumFamily(second="inside")).field.paths
    assert (first.key, second.key) == ("0", "1")
    assert first.width > second.width
    assert (first.halo, second.halo) == (True, False)


def test_the_curves_are_the_distances(show_with):
    view = show_with(family=MomentumFamily(second="inside"))
    drawn = dict(view.apart.table())
    assert list(drawn) == ["step", "same numbers"]
    assert np.array_equal(drawn["same numbers"], view.at.recording.column("1.apart"))
    view = show_with()
    assert np.array_equal(dict(view.apart.table())["translated"], view.at.recording.column("2.apart"))


def test_where_nothing_is_translated_nothing_says_so(show_with):
    view = show_with(family=DecayFamily())
    assert view.bar["translate"].isHidden()
    assert [path.key for path in view.field.paths] == ["1", "0"]
    assert [line.curve.key for line in view.apart.lines] == ["1"]
    assert view.names.head == ("Coupled (L2)", "Decoupled, times η")
    assert "translated" not in "".join(live.title + live.numbers for live in told(view))
    assert not show_with().bar["translate"].isHidden()


def test_what_is_written_is_for_the_path_that_is_shown(show_with):
    view = show_with()
    assert [line.cells[1] for line in view.names.lines] == [
        "–",
        "–",
        "chain(ema(0.9, debias=False), scale(-0.01))",
    ]
    assert view.names.head == ("Heavy ball", "Averaged, translated")
    plain = show_with(options={"translate": False})
    assert plain.names.lines[2].cells[1] == "chain(ema(0.9, debias=False), scale(-0.001))"
    assert plain.names.head == ("Heavy ball", "Averaged")


def test_what_is_written_is_read_in_whole_under_the_mouse(show_with):
    """Two long calls have no room side by side: none is left out."""
    view = show_with(family=DecayFamily(beta=0.852))
    calls = [call for line in view.names.lines for call in line.cells]
    assert len(calls) == 6
    assert view.names.wordy
    assert all(call in view.names.toolTip() for call in calls if call != "–")


def test_the_same_form_twice_is_on_an_axis_that_has_a_zero(show_with):
    """A logarithmic one has no place for it, and said to switch, where there is no switch."""
    assert show_with().apart.axes().y.log
    assert not show_with(family=MomentumFamily(first="heavy_ball", second="heavy_ball")).apart.axes().y.log


def test_where_two_columns_have_no_room_the_forms_are_below_each_other(show_with):
    """The second column was left out."""
    view = show_with(family=DecayFamily(method="momentum", learning_rate=0.001))
    sides = {}
    for wide in (800, 1600):
        view.resize(wide, 700)
        view.catch_up()
        QApplication.processEvents()
        assert view.names.narrowest <= wide
        assert view.names.height() >= view.names.height_on_paper(wide) - view.names.title_height
        sides[wide] = view.names.lines
    view.resize(800, 600)
    assert len(view.names.lines) == 3, "a low page keeps its paths large, and shortens the calls"
    low, side = sides[800], sides[1600]
    assert [line.cells for line in side] == [(low[2 * k].cells[0], low[2 * k + 1].cells[0]) for k in range(3)]
    assert [line.name for line in low[:2]] == [
        "PyTorch · Coupled (L2)",
        "PyTorch · Decoupled, times η, translated",
    ]


def test_what_is_written_is_for_the_step_that_is_shown(show_with):
    view = show_with(family=AdamFamily())
    rate = (1 - 0.999**40) ** 0.5
    assert view.names.lines[1].cells[1] == f"Adam(learning_rate=0.1, epsilon={3 * rate:.6g})"
    present_step(view, 1)
    assert view.names.lines[1].cells[1] == f"Adam(learning_rate=0.1, epsilon={3 * 0.001**0.5:.6g})"


def test_the_start_is_dragged_and_a_step_is_chosen_on_a_path(show_with, qtbot):
    view = show_with(family=MomentumFamily(), step=60)
    plane = view.field.axes().plane
    xy = view.field.paths[1].xy
    with qtbot.waitSignal(view.step_chosen) as chosen:
        mouse(view.field, "press", plane.point(*xy[50]))
        mouse(view.field, "release", plane.point(*xy[50]))
    assert chosen.args[0] == 50
    with qtbot.waitSignal(view.edited) as edited:
        mouse(view.field, "press", plane.point(-1.2, 1.0))
        mouse(view.field, "move", plane.point(0.5, 2.0))
    assert edited.args[0].start == pytest.approx((0.5, 2.0), abs=0.05)
    mouse(view.field, "release", plane.point(0.5, 2.0))


def test_it_opens_where_the_two_are_clearly_apart(show_with):
    view = show_with()
    column = view.at.recording.column("1.apart")
    step = view.opens_on(view.at)
    assert column[step] >= 0.9 * column.max() > 1.0
    assert (column[:step] < 0.9 * column.max()).all()


def test_where_the_two_never_part_it_opens_at_the_end(show_with):
    view = show_with(family=MomentumFamily(second="heavy_ball"))
    assert view.opens_on(view.at) in (None, 60)


def test_pinned_runs_are_behind(show_with):
    other = replaced(ConventionsConfig(steps=60), family=MomentumFamily(learning_rate=0.0005))
    ghost = Ghost(other, ran(EXPERIMENT, other).recording, "η 0.0005")
    view = show_with(ghosts=(ghost,))
    faint = [path for path in view.field.paths if path.ghost]
    assert [path.key for path in faint] == ["ghost 0.0", "ghost 0.1"]
    assert np.array_equal(faint[0].xy[:, 0], ghost.recording.column("0.x"))
    assert any("pinned: η 0.0005" in name for name, _ in view.apart.table())
