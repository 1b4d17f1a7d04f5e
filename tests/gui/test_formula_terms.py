"""Every page names the terms of its formulas: each stands in a formula, and what it points at is there."""

from math import inf

import pytest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.losses.classifier_features import LearntFilters
from engine.losses.cross_entropies import CROSS_ENTROPIES
from engine.optimizers.descent import SGD
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import METHODS, Muon
from engine.optimizers.rectified import RAdam
from engine.optimizers.resilient import Rprop
from engine.optimizers.schedules import CosineRestarts, InverseTimeDecay
from engine.runner import Runner
from gui.look.formula import Order, typeset_or_none
from gui.look.terms import terms_in
from gui.look.theme import LIGHT
from gui.screen.moment import Moment
from gui.screen.terms import meanings, standing_in
from gui.screen.view import view_type

STEP, FAR = 5, 20  # where a run is looked at, and how far it is computed
NARROW = 208.0  # the room for a formula in the narrowest notes
# What shows terms that the page as it opens does not: settings, options.
SCENES = {
    "entropy.two_distributions": [
        ({}, {"pane": pane, "model": model}) for pane in ("tree", "message") for model in "pq"
    ],
    "entropy.softmax": [({}, {"pane": pane}) for pane in ("sigmoid", "temperature")]
    + [({"logits": (1.0, 0.0)}, {"pane": "sigmoid"})],
    "entropy.fit": [({}, {"explained": name}) for name in ("reverse_kl", "js", "squared_error")],
    "entropy.three_classes": [({}, {"of": name}) for name in ("cross_entropy", "kl", "reverse_kl", "js")],
    "losses.curves": [
        ({"over": over}, {"explained": name})
        for over, name in (("number", "huber"), ("probability", "bce"), ("logit", "hinge"))
    ],
    "losses.cross_entropies": [({}, {"kind": name}) for name in CROSS_ENTROPIES],
    "losses.likelihood": [({"scene": scene}, {}) for scene in ("coin", "outlier")],
    "optimizers.race": [({}, {"layout": "step", "racer": racer}) for racer in (1, 2)]
    + [({}, {"racer": 2})]
    + [({"racers": (SGD(schedule=CosineRestarts(first_period=2, warmup_steps=2)),)}, {})]
    + [
        ({"racers": (ASGD(averaging_start=2), RAdam(), Rprop(backtracking=True))}, {"racer": k})
        for k in (0, 1, 2)
    ],
    "optimizers.batches": [({"optimizer": SGD(schedule=InverseTimeDecay(warmup_steps=2))}, {})],
    "optimizers.newton": [({"scene": "surface"}, {}), ({"scene": "cost"}, {})],
    "optimizers.averages": [({"corrected": True}, {})],
    "optimizers.landscape": [({"steps": 4, "grid": "17"}, {})],
    "losses.classifier": [({"optimizer": Muon(weight_decay=0.1, method=method)}, {}) for method in METHODS]
    + [({"features": LearntFilters(), "epochs": 1}, {})],
    "gradients.deep_network": [({"optimizer": Muon()}, {})],
    "lstm.train": [({"optimizer": Muon(scale="match_rms_adamw", nesterov=False)}, {})],
    "lstm.cell": [({}, {"cell": cell}) for cell in ("gru", "rnn")],
}


def page(qtbot, name):
    """The view of a page, on the screen."""
    kind = view_type(name)
    view = kind(LIGHT, kind.options_type())
    qtbot.addWidget(view)
    view.resize(1100, 760)
    view.show()
    return view


def run_of(name, settings):
    """Settings, and a recording of a run with them."""
    config = replaced(EXPERIMENTS[name].config_type(), **settings)
    runner = Runner(EXPERIMENTS[name], config)
    runner.drive(inf if runner.cheap else FAR)
    return config, runner.recording


def scenes(qtbot, name):
    """The view of a page in its scenes, with the formulas of each."""
    view, runs = page(qtbot, name), {}
    for settings, options in [({}, {}), *SCENES.get(name, [])]:
        key = str(settings)
        if key not in runs:
            runs[key] = run_of(name, settings)
        config, recording = runs[key]
        options, step = replaced(type(view.options)(), **options), int(min(STEP, recording.last))
        for _ in range(2):  # once to begin, once to see it laid out
            view.show_moment(Moment(config, options, recording, step, (), view.memo))
            view.catch_up()
        yield view, [live.latex for live in view.formulas(view.at) if live.latex]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_terms_stand_in_formulas_that_can_be_read_and_point_at_what_is_there(qtbot, name):
    written, named, seen, linked = set(), set(), {}, 0
    for view, formulas in scenes(qtbot, name):
        terms = view.terms(view.at)
        symbols = [one.latex for one in terms]
        named |= {*symbols}
        written |= {symbols[found.term] for latex in formulas for found in terms_in(latex, symbols)}
        for one in terms:
            for panel, key in one.spots:
                spot = one.latex, type(panel).__name__, key
                seen[spot] = seen.get(spot, False) or panel.thing(key) is not None
        known = meanings(terms, view.at.config, view.at.options, view.theme)
        assert all(one.shown.name for one in known)
        linked += sum(len(standing_in(latex, known)) for latex in formulas)
        assert all(legible(latex) for latex in formulas)
    assert linked >= 3
    assert named - written - OPEN_ENDED == set()
    assert {spot for spot, there in seen.items() if not there and not optional(*spot)} == set()


def legible(latex):
    """Whether the letters are at least 13 pixels high in the narrowest notes."""
    found = typeset_or_none(Order(latex, LIGHT.px(17), LIGHT.text, (), NARROW))
    return found is not None and 17 * min(1.0, NARROW / found.width) >= 13


# Of rules that only some optimizers have; of losses that other settings have; of answers of other tasks.
OPEN_ENDED = {"g(x_t)", "g_t", "x_t", "x_{t+1}", "S", "p_k", "q_k", r"\hat y", "L(q)"}


def optional(latex, panel, key):
    """Whether it is there only beside a second model, or for one of the terms that only some have."""
    return key.startswith("second.") or latex in OPEN_ENDED
