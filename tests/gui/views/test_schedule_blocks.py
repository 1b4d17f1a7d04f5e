"""Pages that do not show the rule itself tell the learning rate of the step, where it changes."""

from math import inf

import msgspec
import pytest

from engine.changes import Change, is_live, live_fields
from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.optimizers.descent import Nesterov
from engine.optimizers.schedules import CosineRestarts, StepDecay
from engine.optimizers.update_rule import GradientRule
from engine.runner import Runner
from gui.form.settings_text import settings_text
from gui.look.theme import LIGHT
from gui.screen.moment import Moment
from gui.screen.view import view_type

PAGES = {
    "entropy.fit": {},
    "entropy.gaussian_fit": {},
    "losses.classifier": {},
    "lstm.train": {"hidden": 4, "batch_size": 4},
    "lstm.memory": {"hidden": 4, "batch_size": 4, "delay": 5},
    "gradients.deep_network": {"depth": 3, "width": 8},
    "gradients.dying_relu": {},
    "optimizers.landscape": {"grid": "17", "width": 4, "steps": 4},
    "optimizers.race": {},
    "optimizers.sparse": {},
    "optimizers.batches": {},
    "losses.neuron": {},
    "losses.softmax": {},
    "losses.likelihood": {},
    "gradients.clipping": {},
    "optimizers.newton": {},
    "gradients.mistakes": {},
}
# Pages that explain the step that will be done at the step on the screen
TELLS_THE_NEXT = ["losses.neuron", "losses.likelihood", "gradients.clipping", "optimizers.newton"]
OPTIONS = {"optimizers.newton": {"of": "gradient_descent"}}  # only one of its methods has a learning rate
HALVED = StepDecay(step_size=2, gamma=0.5)  # 1, 1, ½, ½, …


def scheduled(name):
    """The settings of a page, where every learning rate is halved every two steps."""
    config = replaced(EXPERIMENTS[name].config_type(), **PAGES[name])

    def with_one(rule):
        return msgspec.structs.replace(rule, schedule=HALVED) if isinstance(rule, GradientRule) else rule

    if hasattr(config, "schedule"):
        return replaced(config, schedule=HALVED)
    if hasattr(config, "racers"):
        return replaced(config, racers=tuple(map(with_one, config.racers)))
    return replaced(config, optimizer=with_one(config.optimizer))


def shown(name, config, qtbot):
    """The page of a run, and a function that shows a step of it and tells its formulas."""
    runner = Runner(EXPERIMENTS[name], config)
    runner.drive(inf if runner.cheap else 4)
    kind = view_type(name)
    view = kind(LIGHT, replaced(kind.options_type(), **OPTIONS.get(name, {})))
    qtbot.addWidget(view)
    view.resize(1100, 760)
    view.show()

    def told(step):
        view.show_moment(Moment(config, view.options, runner.recording, step, (), view.memo))
        view.catch_up()
        return {live.latex.split(" = ")[0]: live.numbers for live in view.formulas(view.at) or []}

    return view, told


LIVE = [name for name in PAGES if is_live(EXPERIMENTS[name].config_type)]


@pytest.mark.parametrize("name", LIVE)
def test_a_schedule_that_begins_while_the_run_goes_on_is_told_from_there_on(qtbot, name):
    config = replaced(EXPERIMENTS[name].config_type(), **PAGES[name])
    places = [where for where in live_fields(config) if where.endswith(".schedule")]
    changes = tuple(Change(2, where, msgspec.to_builtins(HALVED)) for where in places)
    view, told = shown(name, replaced(config, changes=changes), qtbot)
    assert r"\psi_t" not in told(2)
    assert r"\eta_t" not in [one.latex for one in view.terms(view.at)]
    assert told(3)[r"\psi_t"].split(" = ")[-1].split("\n")[0] == "0.5000", "t counts on: k = 2"
    assert r"\eta_t" in [one.latex for one in view.terms(view.at)]


@pytest.mark.parametrize("name", PAGES)
def test_the_factor_of_the_step_is_told(qtbot, name):
    view, formulas = shown(name, scheduled(name), qtbot)
    told = formulas(2 if name in TELLS_THE_NEXT else 3)
    assert r"\eta_t" in told
    assert told[r"\psi_t"].split(" = ")[-1].split("\n")[0] == "0.5000"
    symbols = [one.latex for one in view.terms(view.at)]
    assert {r"\psi_t", r"\eta_t"} <= set(symbols)


def test_the_title_of_a_figure_has_what_it_takes_to_make_the_run_again():
    text = settings_text(scheduled("optimizers.batches"))
    assert "Optimizer Gradient descent (η 1, Schedule Step decay (s 2, γ 0.5, w 0))" in text


def test_what_is_the_same_for_both_coordinates_is_told_once(qtbot):
    """By hand: at step 5, after a warm-up of 1, k = 3: of a second cycle of 4 steps one is done."""
    schedule = CosineRestarts(first_period=2, warmup_steps=1)
    config = replaced(
        EXPERIMENTS["optimizers.race"].config_type(),
        racers=(Nesterov(learning_rate=0.001, schedule=schedule),),
        steps=10,
    )
    runner = Runner(EXPERIMENTS["optimizers.race"], config)
    runner.drive(inf)
    kind = view_type("optimizers.race")
    view = kind(LIGHT, kind.options_type())
    qtbot.addWidget(view)
    view.show_moment(Moment(config, view.options, runner.recording, 5, (), view.memo))
    view.catch_up()
    told = {live.latex.split(" = ")[0]: live.numbers for live in view.formulas(view.at)}
    assert told["k"] == "max(5 − 1 − 1, 0) = 3"
    assert told["p"] == "1/4 = 0.2500"
    assert told[r"\eta_t"].startswith("0.001·0.8536 = 8.536×10")  # ½(1 + cos(π/4))
    assert told[r"\theta_t"].startswith("x:  ")
    values = {one.latex: one.value for one in view.terms(view.at)}
    assert (values["k"], values[r"T_{\mathrm{cur}}"], values["T_i"]) == ("3", "1", "4")
