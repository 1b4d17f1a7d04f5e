"""The texts of *Convergence rates*: the names, the bounds with their numbers, the assumptions."""

from typing import NamedTuple

import numpy as np

from engine.experiments.optimizers.convergence import Comparison, ConvergenceConfig
from engine.experiments.optimizers.convergence_trial import Measured
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.words import told


class Bound(NamedTuple):
    """The bound that a theorem guarantees for a method."""

    latex: str
    plain: str  # in one line of text
    short: str  # beside a curve

    @property
    def right(self) -> str:
        """The right side of the LaTeX: the bound itself."""
        return self.latex.partition(r"\leq")[2].partition(r",\quad")[0]


BOUNDS = {
    ("smooth", "gradient_descent"): Bound(r"f_k-f^*\leq\frac{L\,d^2}{2k}", "L d²/(2k)", "≤ C/k"),
    ("smooth", "nesterov"): Bound(r"f_k-f^*\leq\frac{2L\,d^2}{(k+1)^2}", "2L d²/(k+1)²", "≤ C/k²"),
    ("strong", "gradient_descent"): Bound(
        r"f_k-f^*\leq\left(\frac{\kappa-1}{\kappa+1}\right)^{2k}(f_0-f^*)",
        "((κ−1)/(κ+1))²ᵏ (f₀−f*)",
        "≤ C((κ−1)/(κ+1))²ᵏ",
    ),
    ("strong", "nesterov"): Bound(
        r"f_k-f^*\leq\left(1-\frac{1}{\sqrt{\kappa}}\right)^{k}\left(f_0-f^*+\frac{\mu d^2}{2}\right)",
        "(1−1/√κ)ᵏ (f₀−f* + μd²/2)",
        "≤ C(1−1/√κ)ᵏ",
    ),
    ("strong", "momentum"): Bound(
        r"f_k-f^*\leq\left(1+(1+\sqrt{\beta})\,k\right)^2\beta^{k}\,(f_0-f^*)",
        "(1+(1+√β)k)² βᵏ (f₀−f*)",
        "≤ C k²βᵏ",
    ),
    ("newton", "newton"): Bound(
        r"f_k-f^*\leq\frac{L}{2}r_k^2,\quad r_{k+1}=\frac{M\,r_k^2}{2(\mu-M\,r_k)}",
        "L r²/2, r ← M r²/(2(μ−M r))",
        "≤ L r²/2",
    ),
    ("newton", "gradient_descent"): Bound(r"f_k-f^*\leq\frac{L\,d^2}{2k}", "L d²/(2k)", "≤ C/k"),
    ("stochastic", "averaged_iterate"): Bound(
        r"E\,f(\bar x_k)-f^*\leq\left(\frac{D^2}{2c}+c\,G^2\right)\frac{1}{\sqrt{k}}",
        "(D²/(2c) + c G²)/√k",
        "≤ C/√k",
    ),
    ("schedule", "constant_rate"): Bound(
        r"E\,f_k-f^*\leq b+(1-\eta\mu)^k\,(f_0-f^*-b),\quad b=\frac{\eta L\sigma^2}{2\mu}",
        "b + (1−ημ)ᵏ (f₀−f*−b)",
        "≤ b + C(1−ημ)ᵏ",
    ),
    ("schedule", "falling_rate"): Bound(
        r"E\,f_k-f^*\leq\frac{C}{1+d\,k},\quad C=\max\left(\frac{b\,\eta\mu}{\eta\mu-d},f_0-f^*\right)",
        "max(b ημ/(ημ−d), f₀−f*)/(1+d k)",
        "≤ C/(1+d k)",
    ),
}
CONSTANTS = {"schedule": r"\eta_t=\frac{\eta}{1+d\,(t-1)}"}  # what the letters stand in, where not in d
LETTERS = {
    "kappa": "κ",
    "mu": "μ",
    "beta": "β",
    "sigma": "σ",
    "eta": "η",
    "f0": "f₀ − f*",
    "radius": "2μ/(3M)",
}
FITS = {
    "slope": r"f_k-f^*\approx C\,k^{p}",
    "factor": r"f_k-f^*\approx C\,\rho^{k}",
    "order": r"f_{k+1}-f^*\approx C\,(f_k-f^*)^{q}",
}
RATES = {
    "slope": "f − f* goes like k to the power {p} ({first}) and {q} ({last}); every bound has held.",
    "factor": "Each step leaves {p} of f − f* ({first}) or {q} ({last}); every bound has held.",
    "order": "Each step raises f − f* to the power {p} ({first}) or {q} ({last}); every bound has held.",
}
FIT_NAMES = {"slope": "slope p", "factor": "factor ρ", "order": "order q"}
FIT_TITLES = {"slope": "Slope p", "factor": "Factor ρ", "order": "Order q"}


def kind(config: ConvergenceConfig) -> str:
    """The name of the theorem."""
    return str(config.theorem.__struct_config__.tag)


def bound_of(config: ConvergenceConfig, method: str) -> Bound | None:
    """Return the bound of the theorem for a method; None if there is none."""
    return BOUNDS.get((kind(config), method))


def method_names() -> dict[str, str]:
    """What the methods are called."""
    return {
        "gradient_descent": tr("Gradient descent"),
        "nesterov": "Nesterov",
        "momentum": tr("Heavy ball"),
        "newton": tr("Newton"),
        "averaged_iterate": tr("Mean of the points"),
        "last_iterate": tr("Last point, one run"),
        "constant_rate": tr("Constant η"),
        "falling_rate": tr("η falling as 1/t"),
    }


def assumptions(config: ConvergenceConfig) -> str:
    """Return the assumptions of the theorem."""
    return {
        "smooth": tr("Assumed: f convex; gradient L-Lipschitz (L-smooth); exact gradients; step 1/L."),
        "strong": tr("Assumed: curvatures between μ and L, both known; exact gradients; the best steps."),
        "newton": tr("Assumed: Hessian M-Lipschitz; ‖x₀ − x*‖ < 2μ/(3M), where μ is the curvature at x*."),
        "stochastic": tr("Assumed: f convex on a ball; E g a subgradient; E‖g‖² ≤ G²; step c/√k."),
        "schedule": tr("Assumed: curvatures between μ and L; E g = ∇f; variance σ² of g; η ≤ 1/L; d < ημ."),
    }[kind(config)]


def broken(config: ConvergenceConfig) -> str:
    """Say which assumption does not hold, and the consequence; "" if all hold."""
    words = {
        ("smooth", "step"): tr("Broken: the step is 2.1/L. Each step overshoots by more."),
        ("smooth", "kink"): tr("Broken: |x| has an edge, so there is no L. Steps jump over it forever."),
        ("smooth", "convex"): tr("Broken: f has dents, so it is not convex. The methods end in one."),
        ("smooth", "noise"): tr("Broken: the gradients have noise. Nesterov's momentum adds it up."),
        ("strong", "step"): tr("Broken: each step is 5 % over the limit of stability."),
        ("strong", "flat"): tr("Broken: one curvature is μ/100. In that direction the methods hardly move."),
        ("strong", "noise"): tr("Broken: the gradients have noise, so f cannot fall below a floor."),
        ("newton", "far"): tr("Broken: x₀ is too far away. So little curvature there: Newton jumps out."),
        ("stochastic", "constant"): tr("Broken: the step stays at 3c. The noise never dies away."),
        ("schedule", "early"): tr("Broken: d = 3 is more than ημ. The rate falls before x has arrived."),
        ("schedule", "biased"): tr("Broken: the noise has a mean, so the gradients point elsewhere."),
        ("stochastic", "biased"): tr("Broken: the noise has a mean, so the gradients point elsewhere."),
    }
    return words.get((kind(config), config.theorem.broken), "")


def verdict(measured: Measured) -> str:
    """Whether the bound holds, as a cell of a table."""
    failed = measured.first_failure()
    if failed is not None:
        return tr("✗ step {step}", step=failed)
    return "✓" if (measured.bound > 0).any() else "–"


def blocks(config: ConvergenceConfig, found: Comparison, step: int) -> list[Live]:
    """The bound of each method with its numbers at a step; last the constants that stand in them."""
    names, lives = method_names(), []
    for name, measured in found.methods.items():
        promised = bound_of(config, name)
        if promised is not None:
            lives.append(Live(names[name], promised.latex, _numbers(measured, step)))
    pairs = [f"{LETTERS.get(name, name)} = {value_text(value)}" for name, value in found.constants.items()]
    latex = CONSTANTS.get(kind(config), r"d=\|x_0-x^*\|")
    return [*lives, Live(tr("The constants"), latex, "\n".join(pairs))]


def _numbers(measured: Measured, step: int) -> str:
    """f − f* beside the bound at a step, and whether the bound has failed."""
    bound, gap, failed = float(measured.bound[step]), float(measured.gap[step]), measured.first_failure()
    lines = [f"k = {step}:  {value_text(gap)}"]
    if bound > 0 and gap >= 0:
        lines[0] += f" {'>' if gap > bound * (1 + 1e-9) else '≤'} {value_text(bound)}"
        share = "{share} times the bound" if gap > bound else "{share} of the bound"
        lines.append(tr(share, share=gap / bound))
    elif np.isnan(bound):
        begins = (measured.bound > 0).any()
        lines.append(
            tr("The bound begins at k = 1.") if begins else tr("The theorem guarantees nothing here.")
        )
    if failed is not None:
        lines.append(tr("✗ The bound fails from step {step} on.", step=failed))
    return "\n".join(lines)


# The sentence over the plot


def standing(found: Comparison, step: int) -> str:
    """Where the lowest and the highest method are at a step, and whether the bounds have held."""
    names = method_names()
    gaps = {names[name]: float(measured.gap[step]) for name, measured in found.methods.items()}
    known = sorted((gap, name) for name, gap in gaps.items() if np.isfinite(gap))
    if not known and step == 0:
        return tr("How fast does f − f* fall, and does it stay under the bound?")
    if step and (broke := _broke(found, step)):
        return broke
    if not known:
        return tr("After {k} steps no method is left: all have diverged.", k=step)
    (low, first), (high, last) = known[0], known[-1]
    slots = {"k": step, "first": first, "low": told(low), "last": last, "high": told(high)}
    if step == 0:
        return tr(
            "All start at f − f* = {value}. How fast will they fall, and stay under their bounds?",
            value=told(high),
        )
    if len(known) == 1:
        return tr("After {k} steps {first} is at f − f* = {low}; every bound has held.", **slots)
    return tr("After {k} steps f − f* is {low} ({first}) and {high} ({last}); every bound has held.", **slots)


def rates(config: ConvergenceConfig, found: Comparison, step: int, fits: dict[str, float]) -> str:
    """How fast the fastest and the slowest fall over the window, and whether the bounds have held."""
    names, fits_as = method_names(), config.theorem.fits
    known = sorted((fit, names[name]) for name, fit in fits.items() if np.isfinite(fit))
    if (broke := _broke(found, step)) or len(known) < 2:
        return broke or standing(found, step)
    (p, first), (q, last) = (known[0], known[-1]) if fits_as != "order" else (known[-1], known[0])
    return tr(RATES[fits_as], p=p, q=q, first=first, last=last)


def _broke(found: Comparison, step: int) -> str:
    """The first method that has risen above its bound, and where it is now; empty if none has."""
    failures = {name: measured.first_failure() for name, measured in found.methods.items()}
    failed = {name: k for name, k in failures.items() if k is not None and k <= step}
    if not failed:
        return ""
    name = min(failed, key=lambda one: failed[one])
    gap, bound = (float(values[step]) for values in found.methods[name])
    sentence = "{name} rose above its bound at step {n}; at step {k} it is under it again."
    if not np.isfinite(gap):
        sentence = "{name} rose above its bound at step {n}; by step {k} it has diverged."
    elif gap > bound:
        sentence = "{name} rose above its bound at step {n}; at step {k} it is {ratio} times the bound."
    ratio = told(gap / bound) if bound > 0 else "∞"
    return tr(sentence, name=method_names()[name], n=failed[name], k=step, ratio=ratio)
