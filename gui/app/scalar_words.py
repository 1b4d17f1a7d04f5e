"""The scalars of a run in words, as the plots call them: "f · Adam", "loss · held-out".

A scalar is named <who>.<what> (`engine.experiment`). What is measured has the same words everywhere; who it
is depends on the experiment and its settings.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from engine.config import Config
from engine.experiments.lstm.train_config import TrainConfig, titles
from engine.experiments.optimizers.averages import AveragesConfig
from engine.experiments.optimizers.batches_config import BatchesConfig, sizes
from engine.experiments.optimizers.conventions_config import ConventionsConfig
from engine.information.divergence_gradients import DIVERGENCES
from engine.losses.neuron import NEURON_LOSSES
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import racer_names

SIGNS = {  # what has no words in any language
    "x": "x",
    "y": "y",
    "f": "f",
    "z": "z",
    "p": "p",
    "norm": "‖g‖",
    "log_sigma": "ln σ",
    "weight": "w",
    "bias": "b",
    "sigma": "σ′(z)",
    "by_z": "∂L/∂z",
    "by_p": "∂L/∂p",
    "entropy": "H(P)",
    "cross_entropy": "H(P, Q)",
    "kl": "KL(P‖Q)",
    "reverse_kl": "KL(Q‖P)",
    "js": "JS",
    "mean": "μ",
    "log_width": "ln σ",
    "d_mean": "∂L/∂μ",
    "d_log_width": "∂L/∂ln σ",
    "value": "f",
    "gap": "f − f*",
}
DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def scalar_words(config: Config, experiment: str, name: str) -> str:
    """A scalar of a run, in words; one that is not known keeps its name."""
    who, _, what = name.rpartition(".")
    said, of = what_words(what), _who_words(config, experiment, who)
    if experiment == "optimizers.landscape" and what == "distance":
        said = "‖θ − θ₀‖"
    return f"{said} · {of}" if of else said


def what_words(what: str) -> str:
    """What is measured, in words."""
    if what in SIGNS:
        return SIGNS[what]
    if found := re.fullmatch(r"(theta|z)(\d+)", what):
        letter, number = found[1], int(found[2])
        return f"θ{number}".translate(DIGITS) if letter == "theta" else f"z{number + 1}".translate(DIGITS)
    return {
        "loss": tr("loss"),
        "accuracy": tr("accuracy"),
        "held_out": tr("held-out loss"),
        "right": tr("held-out accuracy"),
        "all": tr("held-out loss"),
        "rare": tr("held-out loss with rare features"),
        "common": tr("held-out loss with common features only"),
        "clipped": tr("‖g‖ after clipping"),
        "first": tr("‖∂L/∂a‖ at the first layer"),
        "last": tr("‖∂L/∂a‖ at the last layer"),
        "slope": tr("length of the gradient"),
        "error": tr("distance from the minimum"),
        "distance": tr("largest |Q − P|"),
        "moved": tr("length of the step"),
        "apart": tr("distance from the first form"),
        "values": tr("evaluations of f"),
        "gradients": tr("evaluations of ∇f"),
        "hessians": tr("evaluations of ∇²f"),
        "evaluations": tr("evaluations of f and ∇f"),
        "projected": tr("loss at the projection"),
        "perplexity": tr("perplexity"),
        "above": tr("loss above its minimum"),
        "dead": tr("fraction of dead units"),
        "deaths": tr("died"),
        "revivals": tr("revived"),
        "mean_logit": tr("mean logit"),
        "logit": tr("Largest logit"),
        "bound": tr("bound"),
        "series": tr("series"),
        "signal": tr("series without noise"),
        "average": tr("average"),
        "heads": tr("heads so far"),
        "runs": tr("known runs"),
        "hidden_state": tr("hidden state"),
        "cell_state": tr("cell state"),
        "forget_gate": tr("forget gate"),
        "input_gate": tr("input gate"),
        "output_gate": tr("output gate"),
        "candidate": tr("candidate"),
        "reset_gate": tr("reset gate"),
        "update_gate": tr("update gate"),
    }.get(what, what)


def _who_words(config: Config, experiment: str, who: str) -> str:
    """Whose scalar it is, in words; empty where there is only one."""
    if who == "gradient" or not who:
        return ""
    if who.isdigit():
        names = _listed(config)
        if experiment == "gradients.dying_relu":
            return tr("layer {n}", n=who)
        return names[int(who)] if int(who) < len(names) else str(int(who) + 1)
    if isinstance(config, TrainConfig):
        return dict(zip(("first", "second"), titles(config), strict=False)).get(who, who)
    if experiment.startswith("entropy.") and who in DIVERGENCES:
        return tr(DIVERGENCES[who].title)
    if who in NEURON_LOSSES:
        return tr(NEURON_LOSSES[who].title)
    return _METHODS.get(experiment, _known)().get(who, _known().get(who, who))


def _listed(config: Config) -> Sequence[str]:
    """The names of what a config has a list of: racers, batch sizes, β, forms."""
    racers = getattr(config, "racers", None)
    if racers is not None:
        return racer_names(racers)
    if isinstance(config, BatchesConfig):
        return [f"B = {size}" for size in sizes(config)]
    if isinstance(config, AveragesConfig):
        return [f"β = {short_text(beta)}" for beta in config.betas]
    if isinstance(config, ConventionsConfig):
        first, second = (
            tr(config.family.forms[form]) for form in (config.family.first, config.family.second)
        )
        return first, second, tr("{name}, translated", name=second)
    return ()


def _known() -> Mapping[str, str]:
    return {
        "training": tr("training"),
        "held_out": tr("held-out"),
        "right": tr("right"),
        "notes": tr("wrong"),
        "wrong": tr("wrong"),
        "a": "A",
        "b": "B",
        "rnn": "RNN",
        "gru": "GRU",
        "lstm": "LSTM",
        "forward": "KL(P‖Q)",
        "reverse": "KL(Q‖P)",
    }


def _clipping() -> Mapping[str, str]:
    return {"none": tr("Unclipped"), "norm": tr("Clipped by norm"), "value": tr("Clipped by value")}


def _methods() -> Mapping[str, str]:
    return {
        "gradient_descent": tr("Gradient descent"),
        "nesterov": "Nesterov",
        "momentum": tr("Heavy ball"),
        "newton": tr("Newton"),
        "damped_newton": tr("Damped Newton"),
        "averaged_iterate": tr("Mean of the points"),
        "last_iterate": tr("Last point, one run"),
        "constant_rate": tr("Constant η"),
        "falling_rate": tr("η falling as 1/t"),
    }


_METHODS: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "gradients.clipping": _clipping,
    "optimizers.convergence": _methods,
    "optimizers.newton": _methods,
}
