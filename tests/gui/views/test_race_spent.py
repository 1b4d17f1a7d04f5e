"""What each racer has spent, on the screen: the table, and the line over the curves, of the step on show."""

from functools import partial

from engine.config import replaced
from engine.experiments.optimizers.race import EXPERIMENT, RaceConfig
from engine.experiments.optimizers.race_ledger import Spent
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.table import OPTIMIZERS
from gui.views.optimizers.race import RaceView
from gui.views.optimizers.race_options import inspection
from gui.views.optimizers.race_spent import uneven
from tests.gui.views.moments import moment, present_step, recorded

run = partial(recorded, EXPERIMENT)
CONFIG = RaceConfig(
    surface="bowl",
    condition=1.0,
    start=(3.0, 4.0),
    steps=20,
    racers=(
        OPTIMIZERS["gradient_descent"](learning_rate=0.01),
        OPTIMIZERS["adam"](learning_rate=0.1),
        OPTIMIZERS["newton"](),
    ),
)
VIEW, BEGIN = RaceView, CONFIG


def test_the_table_has_what_was_spent_by_the_step_on_show(make):
    view = make(table="spent")
    assert view.spent.isVisibleTo(view)
    assert not view.results.isVisibleTo(view)
    heads = ("f", "∇f", "∇²f", "Σ", "ms", "memory")
    assert view.spent.head == heads
    descent, adam, newton = (line.values for line in view.spent.lines)
    assert (descent[:4], descent[5]) == ((0, 20, 0, 20), 0)
    assert (adam[:4], adam[5]) == ((0, 20, 0, 20), 4)
    assert (newton[:4], newton[5]) == ((0, 2, 2, 6), 0)  # the second step finds no slope, and is the last
    assert all(line.values[4] > 0 for line in view.spent.lines)
    present_step(view, 1)
    assert [line.values[:4] for line in view.spent.lines] == [(0, 1, 0, 1), (0, 1, 0, 1), (0, 1, 1, 3)]


def test_the_table_follows_a_step_a_moment_later_and_another_choice_at_once(make, qtbot):
    view = make(table="spent")
    view.show_moment(moment(view, view.at.config, view.at.recording, 1))
    assert view.spent.lines[0].values[:4] == (0, 20, 0, 20), "of the step before"
    qtbot.waitUntil(lambda: view.spent.lines[0].values[:4] == (0, 1, 0, 1))
    view.show_moment(moment(view, view.at.config, view.at.recording, 2))
    view.set_option(racer=1)
    assert view.spent.lines[0].values[:4] == (0, 2, 0, 2)


def test_the_table_is_chosen_in_the_bar_and_exported(make, qtbot):
    view = make()
    assert view.results.isVisibleTo(view)
    box = view.bar["table"]
    with qtbot.waitSignal(view.options_changed):
        box.setCurrentIndex(box.findData("spent"))
    assert view.spent in view.panels()
    assert view.results not in view.panels()
    table = dict(view.spent.table())
    assert table["name"] == ["Gradient descent", "Adam", "Newton"]
    assert table["Σ"] == [20, 20, 6]
    assert table["memory"] == [0, 4, 0]
    view.spent.selected.emit(1)
    assert view.options.racer == 1


def test_the_line_says_so_when_racers_have_spent_differently(make):
    view = make()
    assert view.uneven.text == ("Newton has spent as much as 6 gradient evaluations, Gradient descent 20.")
    assert view.uneven.accessibleName() == view.uneven.text
    present_step(view, 6)
    assert view.uneven.text == ""  # six steps of each, or two of 1 + 2
    room = view.uneven.height()
    present_step(view, 2)
    assert view.uneven.text == ("Gradient descent has spent as much as 2 gradient evaluations, Newton 6.")
    present_step(view, 0)
    assert view.uneven.text == ""
    assert view.uneven.height() == room > 0  # nothing jumps when it comes and goes


def test_there_is_no_room_for_it_where_all_spend_the_same(make):
    view = make(
        RaceConfig(steps=10, racers=(OPTIMIZERS["adam"](), OPTIMIZERS["momentum"](learning_rate=1e-3)))
    )
    assert view.uneven.height() == 0


def test_the_sentence_names_the_least_and_the_most():
    spent = [Spent(Evaluations(*calls), 0.0, 0) for calls in ((0, 500, 0), (50, 40, 0), (0, 300, 0))]
    assert uneven(list("ABC"), spent) == "B has spent as much as 90 gradient evaluations, A 500."
    assert uneven(list("AC"), [spent[0], spent[0]]) == ""
    lost = spent[2]._replace(ended=True)
    assert uneven(list("AC"), [spent[0], lost]) == ""
    assert uneven(list("A"), [lost]) == ""


def test_with_equal_evaluations_only_who_has_stopped_has_spent_less():
    spent = [Spent(Evaluations(*calls), 0.0, 0) for calls in ((0, 92, 0), (50, 40, 0))]
    assert uneven(list("AB"), spent, paid=92) == ""  # B is in the middle of a step
    stopped = spent[1]._replace(rests=True)
    sentence = "B has spent as much as 90 gradient evaluations, A 92."
    assert uneven(list("AB"), [spent[0], stopped], paid=92) == sentence


def test_a_race_of_equal_evaluations_on_the_screen(make):
    view = make(replaced(CONFIG, budget="evaluations"), step=2)
    assert view.curves.x_axis.name == "gradient evaluations"
    assert view.curves.title == "f − f* against evaluations"
    assert view.when(view.at) == "evaluation 2 / 20"
    assert view.finding.text.startswith("After 2 evaluations Adam is lowest, with f − f* = 11.14")
    assert view.uneven.text == ""
    assert view.results.head[1] == "needed"
    assert view.field.paths[2].xy.tolist() == [[3.0, 4.0]] * 3  # Newton's step is complete after 3
    present_step(view, 20)
    assert view.finding.text.startswith("Newton reached f − f* ≤ 0.001 after 3 evaluations")
    assert view.results.lines[2].values[1] == 3
    assert view.uneven.text == ("Newton has spent as much as 6 gradient evaluations, Gradient descent 20.")


def test_the_step_of_a_method_with_dear_steps_is_explained_until_its_next_one(make):
    """Newton's step to the minimum is complete after 3 evaluations; the next one would be after 6."""
    view = make(replaced(CONFIG, budget="evaluations"), step=2, racer=2)
    assert inspection(view.at) is None
    for step in (3, 4, 5):
        present_step(view, step)
        found = inspection(view.at)
        assert (found.before, found.after) == ((3.0, 4.0), (0.0, 0.0))


def test_who_ends_in_a_race_of_equal_evaluations_ends_at_one_of_them(make):
    lost = OPTIMIZERS["gradient_descent"](learning_rate=3.0)  # doubles the distance at every step
    view = make(replaced(CONFIG, racers=(lost, OPTIMIZERS["newton"]()), steps=600, budget="evaluations"))
    assert view.results.lines[0].cells[0].startswith("✗ evaluation 5")  # f overflows at 2·512
