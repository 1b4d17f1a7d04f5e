"""Two distributions on the screen, driven with the mouse and the keys."""

from functools import partial
from math import inf

import pytest
from PySide6.QtCore import QPoint, Qt

from engine.config import replaced
from engine.experiments.entropy.two_distributions import EXPERIMENT, PRESETS, TwoDistributionsConfig
from engine.information.shaped_distribution import Distribution
from gui.export.export import picture
from gui.look.language import install
from gui.look.theme import LIGHT
from gui.screen.moment import Ghost
from gui.views.entropy.two_distributions import TwoDistributionsOptions, TwoDistributionsView
from tests.gui.plots.conftest import has_colour, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, recorded, told

run = partial(recorded, EXPERIMENT)


class Desk:
    """A view that answers its own edits at once, as the window does."""

    def __init__(self, qtbot, config, theme=LIGHT, ghosts=()):
        self.view = TwoDistributionsView(theme, TwoDistributionsOptions())
        self.edits, self.qtbot, self.ghosts = [], qtbot, ghosts
        self.view.edited.connect(self.take)
        qtbot.addWidget(self.view)
        self.view.resize(640, 600)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.show(config)

    def take(self, config):
        self.edits.append(config)
        self.show(config)

    def show(self, config):
        self.config, self.recording = config, run(config)
        present(self.view, config, self.recording, 0, self.ghosts)
        self.view.repaint()

    def numbers(self):
        return {one.name: one.value for one in self.view.numbers.numbers}

    def live(self):
        return {live.title: live for live in told(self.view)}

    def spot(self, which, k, value):
        """Where a bar would end at a value."""
        axes = self.view.bars.axes()
        return QPoint(
            round(self.view.bars._slot(axes, which, k).center().x()), round(float(axes.plane.py(value)))
        )

    def drag(self, which, k, *values):
        bars, left = self.view.bars, Qt.MouseButton.LeftButton
        shot = self.recording.snapshot(0)[1]
        self.qtbot.mousePress(bars.viewport(), left, pos=self.spot(which, k, (shot.p, shot.q)[which][k]))
        for value in values:
            self.qtbot.mouseMove(bars.viewport(), self.spot(which, k, value))
        self.qtbot.mouseRelease(bars.viewport(), left, pos=self.spot(which, k, values[-1]))


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot, TwoDistributionsConfig(Distribution((0.5, 0.3, 0.2)), Distribution((0.2, 0.2, 0.6))))


def test_a_bar_follows_the_mouse_and_the_others_give_way(desk):
    desk.drag(0, 0, 0.6, 0.75)
    p = desk.config.p.values
    assert p[0] == pytest.approx(0.75, abs=0.01)
    assert p[1] / p[2] == pytest.approx(1.5)
    assert desk.config.q.values == (0.2, 0.2, 0.6)


def test_a_drag_to_the_end_and_back_brings_the_others_back(desk):
    desk.drag(1, 2, 1.0, 0.6)
    assert max(edit.q.values[2] for edit in desk.edits) > 0.98
    assert desk.config.q.values == pytest.approx((0.2, 0.2, 0.6), abs=0.01)


def test_what_gave_way_to_one_bar_altogether_still_knows_its_proportions(desk):
    bars = desk.view.bars
    bars.setFocus()
    desk.qtbot.keyClick(bars, Qt.Key.Key_End)
    assert desk.config.p.values == (1, 0, 0)
    desk.qtbot.keyClick(bars, Qt.Key.Key_Home)
    assert desk.config.p.values == pytest.approx((0, 0.6, 0.4))


def test_after_another_edit_a_drag_begins_anew(desk):
    desk.drag(0, 0, 1.0)
    desk.show(replaced(desk.config, p=Distribution((0.8, 0.1, 0.1))))
    desk.drag(0, 0, 0.5)
    assert desk.config.p.values[1] == desk.config.p.values[2] == pytest.approx(0.25, abs=0.01)


def test_bars_are_moved_and_locked_with_the_keys(desk):
    bars, key = desk.view.bars, Qt.Key
    bars.setFocus()
    desk.qtbot.keyClick(bars, key.Key_Right)
    desk.qtbot.keyClick(bars, key.Key_Up)
    assert desk.config.p.values[1] == pytest.approx(0.31)
    desk.qtbot.keyClick(bars, key.Key_L)
    assert desk.config.p.locked == (1,)
    desk.qtbot.keyClick(bars, key.Key_Left)
    desk.qtbot.keyClick(bars, key.Key_End)
    assert desk.config.p.values == pytest.approx((0.69, 0.31, 0))
    desk.qtbot.keyClick(bars, key.Key_Right)
    desk.qtbot.keyClick(bars, key.Key_L)
    assert desk.config.p.locked == ()


def test_the_sums_meet_whatever_is_dragged(desk):
    for which, k, value in ((0, 1, 0.9), (1, 0, 0.05), (0, 2, 0.4), (1, 2, 0.99)):
        desk.drag(which, k, value)
        first, second = desk.view.stacks.stacks
        assert first.total == pytest.approx(second.total, rel=1e-12)
        assert second.total == pytest.approx(desk.numbers()["H(P, Q)"], rel=1e-12)


def test_where_q_says_never_everything_tells_of_it(desk):
    desk.drag(1, 0, 0.0)
    assert desk.config.q.values[0] == 0
    assert desk.view.bars.impossible == (0,)
    numbers = desk.numbers()
    assert (numbers["H(P, Q)"], numbers["KL(P‖Q)"]) == (inf, inf)
    assert numbers["KL(Q‖P)"] < inf
    assert "∞" in desk.live()["Cross-entropy: P is the truth"].numbers
    assert "infinite" in desk.live()["Slope at the logits of Q"].numbers
    with_sign = painted(desk.view.bars, 400, 260)
    desk.view.bars.impossible = ()
    without = painted(desk.view.bars, 400, 260)
    colour = LIGHT.ink(LIGHT.stroke("cross_entropy").colour)  # letters of the colour, dark enough to read
    for part in (slice(0, 30), slice(100, None)):  # the line of the title, and where the bars stand
        assert has_colour(with_sign[part], colour)
        assert not has_colour(without[part], colour)


@pytest.mark.parametrize(("base", "unit"), [("2", "bits"), ("e", "nats"), ("10", "dits")])
def test_the_base_changes_units_everywhere(desk, base, unit):
    desk.show(replaced(desk.config, base=base))
    view, live = desk.view, desk.live()
    assert {one.unit for one in view.numbers.numbers} == {unit, "of P"}
    assert unit in view.stacks.table()[2][0]
    assert unit in live["Entropy and perplexity"].numbers
    check = live["Slope at the logits of Q"].check
    assert check.passed
    assert "bits" in view.codes.title


def test_examples_are_chosen_and_named_until_something_changes(desk):
    combo = desk.view.presets
    combo.setFocus()
    for k, (name, (p, q)) in enumerate(PRESETS.items()):
        desk.qtbot.keyClick(combo, Qt.Key.Key_Home if k == 0 else Qt.Key.Key_Down)
        assert (desk.config.p.values, desk.config.q.values) == (p, q), name
        assert combo.currentData() == name
    desk.drag(0, 0, 0.9)
    assert combo.currentIndex() == -1


def test_exchange_and_make_equal(desk):
    there = desk.numbers()
    desk.qtbot.mouseClick(desk.view.swap, Qt.MouseButton.LeftButton)
    back = desk.numbers()
    assert (back["KL(P‖Q)"], back["H(P)"]) == (there["KL(Q‖P)"], there["H(Q)"])
    desk.qtbot.mouseClick(desk.view.equal, Qt.MouseButton.LeftButton)
    assert desk.numbers()["KL(P‖Q)"] == 0
    assert not desk.view.equal.isEnabled()
    assert "only then" in " ".join(live.numbers for live in desk.live().values())


def test_the_table_shows_words_beside_what_they_should_cost(desk):
    desk.show(TwoDistributionsConfig(*(Distribution(each) for each in PRESETS["halves"])))
    lines = desk.view.codes.lines
    assert [line.cells[1] for line in lines] == ["0", "10", "110", "111", "1.750"]
    assert lines[-1].cells == ("1.750", "1.750", "2.000", "2.000")
    desk.show(TwoDistributionsConfig(Distribution((1.0,)), Distribution((0.5, 0.5))))
    assert [line.cells[1] for line in desk.view.codes.lines] == ["ε", "–", "0.000"]


def test_the_outcome_under_the_mouse_stands_out_in_all_plots(desk):
    desk.qtbot.mouseMove(desk.view.bars.viewport(), QPoint(2, 2))  # wherever a test before has left it
    desk.qtbot.mouseMove(desk.view.bars.viewport(), desk.spot(0, 1, 0.1))
    assert desk.view.codes.chosen == 1
    desk.show(desk.config)
    assert desk.view.codes.chosen == 1
    desk.show(TwoDistributionsConfig(Distribution((1.0,)), Distribution((1.0,))))
    desk.view.bars.grab()
    assert desk.view.codes.chosen == 0, "the only outcome, which is now under the mouse"


def test_padded_outcomes_are_marked_and_do_not_move(desk):
    desk.show(TwoDistributionsConfig(*(Distribution(each) for each in PRESETS["padded"])))
    p, q = desk.view.bars.series
    assert (p.padded, q.padded) == ({2, 3, 4, 5}, frozenset())
    desk.edits.clear()
    desk.drag(0, 4, 0.5)
    assert desk.edits == []


def test_a_pinned_run_stands_beside_the_numbers(qtbot):
    old = TwoDistributionsConfig(base="e")
    desk = Desk(qtbot, TwoDistributionsConfig(), ghosts=(Ghost(old, run(old), "base e"),))
    before = {one.name: one.before for one in desk.view.numbers.numbers}
    assert before["H(P)"] == "was 1.213 nats"
    assert before["perplexity"] == "was 3.364"


@pytest.mark.parametrize(("language", "theme"), in_turn(["en", "zh_CN"]))
def test_every_panel_can_be_exported_at_the_ends(qtbot, qapp, theme, language):
    install(qapp, language)
    try:
        for p, q in (((1.0,), (1.0,)), ((0, 1), (1, 0)), ((1 / 12,) * 12, (1.0,)), (*PRESETS["peaked"],)):
            desk = Desk(qtbot, TwoDistributionsConfig(Distribution(p), Distribution(q)), theme)
            for panel in desk.view.panels():
                assert panel.title
                assert len({len(column) for _, column in panel.table()}) == 1
                assert not picture(panel, (500, 320)).isNull()
    finally:
        install(qapp, "en")


def test_in_a_low_window_the_codes_take_the_place_of_bars_and_sums(desk):
    view = desk.view
    assert view.bar["codes"].isHidden()
    assert len(view.panels()) == 4
    view.resize(640, 360)
    desk.qtbot.waitUntil(lambda: not view.bar["codes"].isHidden())
    assert view.panels() == [view.bars, view.stacks]
    assert abs(view.bars.y() - view.stacks.mapTo(view.bars.parentWidget(), QPoint()).y()) < 2
    desk.qtbot.mouseClick(view.bar["codes"], Qt.MouseButton.LeftButton)
    assert view.panels() == [view.numbers, view.codes]
    assert view.options.codes
    view.resize(640, 600)
    desk.qtbot.waitUntil(lambda: view.bar["codes"].isHidden())
    assert len(view.panels()) == 4


SENTENCES = {  # by hand; KL of the die: log₂ ⅙ and ⅙ log₂(⅙/0.1), five times, and ⅙ log₂(⅙/½)
    "halves": "H(P, Q) is 2.000 bits: the entropy H(P) = 1.750 plus KL(P‖Q) = 0.2500."
    " The other way round, KL(Q‖P) is 0.2500.",
    "wrong": "H(P, Q) is 2.625 bits: the entropy H(P) = 1.750 plus KL(P‖Q) = 0.8750."
    " The other way round, KL(Q‖P) is 0.8750.",
    "one_hot": "P is certain, H(P) is 0: all of H(P, Q), 0.7370 bits, is KL(P‖Q).",
    "disjoint": "Outcome 1 comes, but Q says never: H(P, Q) and KL(P‖Q) are infinite, JS is 1.000 bits.",
    "padded": "H(P, Q) is 2.585 bits: the entropy H(P) = 1.000 plus KL(P‖Q) = 1.585."
    " The other way round, KL(Q‖P) is ∞.",
    "die": "H(P, Q) is 2.935 bits: the entropy H(P) = 2.585 plus KL(P‖Q) = 0.3500."
    " The other way round, KL(Q‖P) is 0.4240.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_tells_what_the_wrong_belief_costs(desk, name):
    desk.show(TwoDistributionsConfig(*(Distribution(each) for each in PRESETS[name])))
    desk.view.catch_up()
    assert desk.view.finding.text == SENTENCES[name]


def test_the_sentence_tells_when_q_is_p(desk):
    desk.show(TwoDistributionsConfig(Distribution((0.5, 0.5)), Distribution((0.5, 0.5)), "e"))
    desk.view.catch_up()
    says = "Q is P: H(P, Q) is no more than H(P), 0.6931 nats, and KL is 0 both ways."
    assert desk.view.finding.text == says
