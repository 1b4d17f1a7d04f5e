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
    view.resize(640, 470)  # as in the smallest window
    desk.qtbot.waitUntil(lambda: not view.bar["codes"].isHidden())
    assert view.panels() == [view.bars, view.stacks]
    assert abs(view.bars.mapTo(view, QPoint()).y() - view.stacks.mapTo(view, QPoint()).y()) < 2
    desk.qtbot.mouseClick(view.bar["codes"], Qt.MouseButton.LeftButton)
    assert view.panels() == [view.numbers, view.codes]
    assert view.options.codes
    view.resize(640, 600)
    desk.qtbot.waitUntil(lambda: view.bar["codes"].isHidden())
    assert len(view.panels()) == 4


# The code as a tree, and the long message


@pytest.fixture
def coder(qtbot):
    """(0.4, 0.3, 0.2, 0.1): 0.1 + 0.2, then 0.3 + 0.3, then 0.4 + 0.6."""
    return Desk(
        qtbot, TwoDistributionsConfig(Distribution((0.4, 0.3, 0.2, 0.1)), Distribution((0.1, 0.2, 0.3, 0.4)))
    )


def press_pane(desk, pane):
    desk.qtbot.mouseClick(desk.view.bar["pane"][pane], Qt.MouseButton.LeftButton)
    hero = {"bars": desk.view.bars, "tree": desk.view.tree, "message": desk.view.message}[pane]
    desk.qtbot.waitUntil(lambda: hero.width() > 300)


def test_the_tree_grows_merge_by_merge_with_the_box_and_with_the_keys(coder):
    press_pane(coder, "tree")
    view, tree = coder.view, coder.view.tree
    assert view.panels() == [view.codes, view.tree, view.lengths]
    assert (view.bar["merges"].value(), view.bar["merges"].maximum()) == (3, 3)
    assert {leaf.name: leaf.word for leaf in tree.leaves} == {"1": "0", "2": "10", "4": "110", "3": "111"}
    tree.setFocus()
    coder.qtbot.keyClick(tree, Qt.Key.Key_Left)
    coder.qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert (tree.merges, view.options.merges, view.bar["merges"].value()) == (1, 1, 1)
    says = "Merge 1 of 3: the two rarest groups, 0.1000 and 0.2000, become one of 0.3000."
    assert view.finding.text == says
    assert tree._next() == {"10", "11"}
    view.bar["merges"].setValue(0)
    assert tree.merges == 0
    assert "group of its own" in view.finding.text
    assert tree._next() == {"110", "111"}


def test_a_leaf_under_the_mouse_tells_its_word_and_stands_out_in_the_table(coder):
    press_pane(coder, "tree")
    view, tree = coder.view, coder.view.tree
    spot = tree._layout(tree.content).at("110")
    coder.qtbot.mouseMove(tree.viewport(), QPoint(2, 2))
    coder.qtbot.mouseMove(tree.viewport(), spot.toPoint())
    assert tree.knots["110"].told == "Outcome 4: code word 110, 3 bits; −log₂ p = 3.322"
    assert tree._way() == {"", "1", "11", "110"}
    assert view.codes.chosen == 3
    coder.qtbot.mouseMove(tree.viewport(), tree._layout(tree.content).at("11").toPoint())
    assert tree.knots["11"].told == "3, 4: together 0.3000, joined in turn 1"
    coder.qtbot.keyClick(tree, Qt.Key.Key_Down)
    coder.qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.chosen == "10"


def test_the_code_for_q_used_on_p_shows_what_each_word_adds(coder):
    press_pane(coder, "tree")
    assert coder.view.finding.text.startswith(
        "P's code takes 1.900 bits an outcome, 0.05356 more than H(P) = 1.846"
    )
    combo = coder.view.bar["model"]
    combo.setFocus()
    coder.qtbot.keyClick(combo, Qt.Key.Key_Down)
    tree = coder.view.tree
    # ℓ = 3, 3, 2, 1 for Q's words: 1.2 + 0.9 + 0.4 + 0.1 = 2.6 bits; 0.4·(3 + log₂ 0.4) = 0.6712
    says = "Made for Q, the code takes 2.600 bits as outcomes come from P: 0.7000 more than P's own code."
    assert coder.view.finding.text == says
    assert {leaf.name: leaf.cells[3] for leaf in tree.leaves}["1"] == "+0.6712"
    assert [stack.total for stack in coder.view.lengths.stacks] == pytest.approx([1.9, 2.6])
    numbers = coder.live()["Extra bits"].numbers  # of 2 by hand: 0.3·(3 + log₂ 0.3) = 0.3789
    assert numbers.startswith("2.600 − 1.846 = 0.7536\n0.6712 + 0.3789 − 0.06439 − 0.2322")


def test_the_words_of_the_tree_are_those_of_the_table_whatever_comes(desk):
    press_pane(desk, "tree")
    for p, q in (((1.0,), (1.0,)), ((0, 1), (1, 0)), ((1 / 12,) * 12, (1.0,)), *PRESETS.values()):
        desk.show(TwoDistributionsConfig(Distribution(tuple(p)), Distribution(tuple(q))))
        words = {leaf.name: leaf.word for leaf in desk.view.tree.leaves}
        code = desk.recording.snapshot(0)[1].code_p
        assert words == {str(k + 1): word for k, word in enumerate(code.words) if word is not None}
        assert desk.view.bar["merges"].maximum() == len(words) - 1


def test_a_long_message_is_coded_and_the_place_in_it_is_dragged(desk):
    desk.show(TwoDistributionsConfig(Distribution((0.9, 0.1)), Distribution((0.7, 0.3)), length=100))
    press_pane(desk, "message")
    view = desk.view
    assert view.panels() == [view.message, view.interval, view.costs]
    assert view.finding.text == (
        "Huffman's code takes 1.000 bits an outcome, however long the message is; arithmetic coding comes to"
        " H(P) = 0.4690."
    )
    curves = {curve.key: curve for curve in view.message.curves}
    assert curves["single"].y.tolist() == [1.0] * 100
    assert curves["entropy"].y.tolist() == pytest.approx([0.468996] * 2, abs=5e-7)
    gap = curves["arithmetic"].y - curves["surprise"].y
    assert (gap >= -1e-12).all()
    assert (gap < 2 / curves["surprise"].x).all()
    axes = view.message.axes()
    at = partial(
        lambda n: QPoint(
            round(float(axes.plane.px(axes.x.coordinate(n)))), round(axes.plane.rect.center().y())
        )
    )
    desk.qtbot.mousePress(view.message.viewport(), Qt.MouseButton.LeftButton, pos=at(5.0))
    desk.qtbot.mouseMove(view.message.viewport(), at(20.0))
    desk.qtbot.mouseMove(view.message.viewport(), at(30.0))
    desk.qtbot.mouseRelease(view.message.viewport(), Qt.MouseButton.LeftButton, pos=at(30.0))
    assert view.options.coded == pytest.approx(30, abs=1)
    assert str(view.options.coded) in view.interval.title
    before = view.options.coded
    view.interval.setFocus()
    desk.qtbot.keyClick(view.interval, Qt.Key.Key_Right)
    assert view.options.coded == before + 1


def test_the_interval_of_the_first_outcomes_by_hand(desk):
    desk.show(TwoDistributionsConfig(Distribution((0.5, 0.25, 0.25)), Distribution((0.5, 0.5)), length=10))
    press_pane(desk, "message")
    shown = desk.view.interval
    desk.view.bar["coded"].setValue(1)
    first = shown.stages[0].chosen
    assert [(stage.low, stage.high) for stage in shown.stages] == [
        ("0", "1"),
        (("0", "0.5"), ("0.5", "0.75"), ("0.75", "1"))[first],
    ]
    assert shown.bracket == (0.0, 1.0, ("0", "10", "11")[first])


@pytest.mark.parametrize(("name", "value"), [("length", 60), ("block", 2), ("seed", 7)])
def test_where_the_message_is_set_it_is_shown(name, value):
    options, before = TwoDistributionsOptions(), TwoDistributionsConfig()
    after = replaced(before, **{name: value})
    assert TwoDistributionsView.followed(options, before, after)[0].pane == "message"
    other = replaced(before, base="e")
    assert TwoDistributionsView.followed(options, before, other)[0].pane == "bars"


def test_what_q_holds_to_be_impossible_ends_the_message(desk):
    desk.show(TwoDistributionsConfig(Distribution((0.5, 0.5)), Distribution((1.0, 0.0)), length=50))
    press_pane(desk, "message")
    assert len(desk.view.message.curves[-1].x) == 50
    desk.view.change({"model": "q"})
    assert "the message ends before it" in desk.view.finding.text
    assert len(desk.view.message.curves[-1].x) < 50


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
