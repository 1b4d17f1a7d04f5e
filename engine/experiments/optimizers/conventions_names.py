"""What the forms are called in three frameworks, and the arguments that give the numbers of a rule.

    PyTorch   SGD: v ← βv + g, first step undampened; Adam: ε outside the root, weight_decay coupled; AdamW
    Keras     SGD: v ← βv − ηg; Adam: ε̂, 1e-7 unless it is given (1e-8 in the others); the argument
              weight_decay of every optimizer is decoupled, times η; the regulariser L2(l) adds l‖x‖² to the
              loss, so that l = λ/2
    Optax     trace: v ← βv + g; ema: the average; adam: eps outside and eps_root inside the root; adamw;
              rmsprop: eps inside the root unless eps_in_sqrt=False; bias_correction=True is Adam with b1 = 0

A form that a framework does not have is empty. Arguments that are at their defaults are left out. With the
usual 1e-8 it does not matter whether ε or ε̂ is meant. If η changes, Keras' momentum, with η inside v, is not
that of the others.

References: docs.pytorch.org/docs/stable/optim.html; keras.io/api/optimizers; optax.readthedocs.io. Keras says
of its `epsilon` that it is "epsilon hat" of Kingma and Ba's paper; in RMSprop it is inside the root.

All calls were run with PyTorch 2.13, Keras 3 and Optax 0.2.8, in float64: after 50 steps on a bowl none
differs from the rule here by more than 2·10⁻¹⁵, but where ε̂ stands for ε, by 10⁻⁵. PyTorch refuses a pair of
betas of which only one is written as a float, such as (0, 0.99).
"""

from typing import NamedTuple

from engine.experiments.optimizers.conventions_families import (
    AdamFamily,
    DecayFamily,
    NesterovFamily,
    RMSPropFamily,
)
from engine.experiments.optimizers.conventions_translation import Family
from engine.optimizers.adam import Adam
from engine.optimizers.conventions_of_adam import WithDecay
from engine.optimizers.update_rule import GradientRule

FRAMEWORKS = ("PyTorch", "Keras", "Optax (JAX)")
BETAS = (0.9, 0.999)  # the default of Adam in all three


class Calls(NamedTuple):
    """A form in each framework; empty where it has none."""

    pytorch: str = ""
    keras: str = ""
    optax: str = ""


def calls(family: Family, form: str, rule: GradientRule, changes: bool = False) -> Calls:
    """What to write in each framework for a form of a family, with the numbers of `rule`.

    `changes` says that η changes within the run.
    """
    if isinstance(family, AdamFamily):
        return _adam(family, form, rule)
    if isinstance(family, RMSPropFamily):
        return _rmsprop(family, form, rule)
    if isinstance(family, DecayFamily):
        found = _decay(family, form, rule)
        inside = changes and not family.memoryless and family.method == "momentum"
        return found._replace(keras="") if inside else found
    rate, beta = _text(rule.learning_rate), _text(family.beta)
    if isinstance(family, NesterovFamily):
        return {
            "shifted": Calls(
                "",
                f"SGD(learning_rate={rate}, momentum={beta}, nesterov=True)",
                f"chain(scale(-{rate}), trace({beta}, nesterov=True))",
            ),
            "framework": Calls(
                f"SGD(lr={rate}, momentum={beta}, nesterov=True)",
                "",
                f"sgd({rate}, momentum={beta}, nesterov=True)",
            ),
        }.get(form, Calls())
    dampening = _text(family.dampening)
    return {
        "heavy_ball": Calls(f"SGD(lr={rate}, momentum={beta})", "", f"sgd({rate}, momentum={beta})"),
        "averaged": Calls("", "", f"chain(ema({beta}, debias=False), scale(-{rate}))"),
        "inside": Calls(
            "", f"SGD(learning_rate={rate}, momentum={beta})", f"chain(scale(-{rate}), trace({beta}))"
        ),
        "dampened": Calls(f"SGD(lr={rate}, momentum={beta}, dampening={dampening})"),
    }[form]


def _adam(family: AdamFamily, form: str, rule: GradientRule) -> Calls:
    """A form of Adam in each framework."""
    rate, epsilon = _text(rule.learning_rate), _text(rule.epsilon)  # type: ignore[attr-defined]
    pairs = [(family.beta1, BETAS[0]), (family.beta2, BETAS[1])]
    own = [value != default for value, default in pairs]
    both = f", betas=({_float(family.beta1)}, {_float(family.beta2)})" if any(own) else ""
    keras, optax = (
        "".join(f", {name}={_text(pairs[k][0])}" for k, name in enumerate(names) if own[k])
        for names in (("beta_1", "beta_2"), ("b1", "b2"))
    )
    return {
        "outside": Calls(f"Adam(lr={rate}{both}, eps={epsilon})", "", f"adam({rate}{optax}, eps={epsilon})"),
        "hat": Calls("", f"Adam(learning_rate={rate}{keras}, epsilon={epsilon})"),
        "inside": Calls("", "", f"adam({rate}{optax}, eps=0, eps_root={epsilon})"),
    }.get(form, Calls())


def _rmsprop(family: RMSPropFamily, form: str, rule: GradientRule) -> Calls:
    """A form between RMSProp and Adam in each framework."""
    rate, epsilon = _text(rule.learning_rate), _text(rule.epsilon)  # type: ignore[attr-defined]
    beta1, beta2 = _text(getattr(rule, "beta1", 0.0)), _text(family.beta2)
    optax = f"rmsprop({rate}, decay={beta2}, eps={epsilon}, eps_in_sqrt=False"
    return {
        "rmsprop": Calls(f"RMSprop(lr={rate}, alpha={beta2}, eps={epsilon})", "", f"{optax})"),
        "corrected": Calls(
            f"Adam(lr={rate}, betas=(0.0, {beta2}), eps={epsilon})", "", f"{optax}, bias_correction=True)"
        ),
        "adam": Calls(
            f"Adam(lr={rate}, betas=({_float(getattr(rule, 'beta1', 0.0))}, {beta2}), eps={epsilon})",
            "",
            f"adam({rate}, b1={beta1}, b2={beta2}, eps={epsilon})",
        ),
    }.get(form, Calls())


def _decay(family: DecayFamily, form: str, rule: GradientRule) -> Calls:
    """A form of weight decay in each framework."""
    rate, decay = _text(rule.learning_rate), rule.weight_decay if isinstance(rule, WithDecay) else 0.0
    adam, momentum = family.method == "adam", family.method == "momentum"
    beta, weight = (_float(family.beta1) if adam else _text(family.beta)), f"weight_decay={_text(decay)}"
    m = f", momentum={beta}" if momentum else ""
    b1 = [f", {name}{beta}{end}" if adam and family.beta1 != BETAS[0] else "" for name, end in BETA1]
    b1[1] += f", epsilon={_text(Adam().epsilon)}" if adam else ""
    name, optax = ("Adam", f"adam({rate}{b1[2]})") if adam else ("SGD", f"sgd({rate}{m})")
    extra = m or b1[0]
    if form == "coupled":
        return Calls(
            f"{name}(lr={rate}{extra}, {weight})",
            f"{name}(learning_rate={rate}{m or b1[1]}), kernel_regularizer=L2({_text(decay / 2)})",
            f"chain(add_decayed_weights({_text(decay)}), {optax})",
        )
    if form == "constant":
        return Calls("", "", f"chain({optax}, add_decayed_weights(-{_text(decay)}))")
    if adam:
        return Calls(
            f"AdamW(lr={rate}{b1[0]}, {weight})",
            f"AdamW(learning_rate={rate}{b1[1]}, {weight})",
            f"adamw({rate}{b1[2]}, {weight})",
        )
    first = f"trace({beta}), " if momentum else ""
    return Calls(
        "",
        f"SGD(learning_rate={rate}{m}, {weight})",
        f"chain({first}add_decayed_weights({_text(decay)}), scale(-{rate}))",
    )


BETA1 = (("betas=(", ", 0.999)"), ("beta_1=", ""), ("b1=", ""))


def _text(value: float) -> str:
    """A number with up to six digits."""
    return f"{value:.6g}"


def _float(value: float) -> str:
    """A number that Python reads as a float, whole or not."""
    text = _text(value)
    return text if "." in text or "e" in text else f"{text}.0"
