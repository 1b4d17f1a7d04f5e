"""The three scenes in formulas with their numbers."""

import math

import numpy as np

from engine import bernoulli
from engine.experiments.losses.likelihood import Fit, Lines
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import (
    Coin,
    Point,
    check,
    check_coin,
    check_line,
)
from engine.gradient_check import GradientCheck
from engine.likelihood import Array, d_coin_log_likelihood, gradient
from engine.robust_lines import LINE_LOSSES
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text

GAUSS = r"L=-\frac1N\ln p=\frac{1}{2\sigma^2 N}\sum_i\left(y_i-\hat y_i\right)^2+\ln\sigma+\tfrac12\ln 2\pi"
CLOSED = r"X=QR,\qquad R\,\theta^*=Q^\top y"
STEP = r"\theta\leftarrow\theta-\eta\,\frac{1}{N\sigma^2}X^\top\left(X\theta-y\right)"
STEP_SIGMA = r"\ln\sigma\leftarrow\ln\sigma-\eta+\frac{\eta}{N\sigma^2}\sum_i\left(y_i-\hat y_i\right)^2"
SPEED = r"\eta<\frac{2}{\lambda_{\max}},\qquad \frac{\lambda_{\max}}{\lambda_{\min}}=\kappa(X)^2"
COIN = r"\ln L(q)=k\,\ln q+(n-k)\,\ln(1-q)"
COIN_SLOPE = (
    r"\frac{\partial \ln L}{\partial q}=\frac{k}{q}-\frac{n-k}{1-q}=0\;\Rightarrow\;\hat q=\frac{k}{n}"
)
SAME = r"-\frac1n\ln L(q)=H\left(f,q\right)=H(f)+\mathrm{KL}\left(f\,\|\,q\right),\quad f=\frac kn"
DOUBTFUL = 1e12  # of 16 digits fewer than 4 are left then
POWERS = ("", "·x", "·x²", "·x³", "·x⁴", "·x⁵")


def _badge(found: GradientCheck | None) -> Check | None:
    return Check(found.max_relative_error, found.passed) if found is not None else None


def curve_text(coefficients: Array) -> str:
    """Write ŷ = 1.2 + 0.5·x − 0.1·x²."""
    text = f"ŷ = {value_text(float(coefficients[0]))}"
    for value, power in zip(coefficients[1:].tolist(), POWERS[1:], strict=False):
        text += f" {'−' if value < 0 else '+'} {value_text(abs(value))}{power}"
    return text


def points_formulas(config: LikelihoodConfig, fit: Fit, now: Point) -> list[Live]:
    """The likelihood, the closed form, the step of gradient descent, and what limits it."""
    blocks = [_gauss(config, fit, now), _closed(fit), _step(fit, now), _speed(config, fit, now)]
    if fit.learned and not now.lost:
        pull = gradient(fit.features, fit.y, now.theta, now.log_sigma)[1]
        blocks.insert(3, Live(tr("… and of ln σ"), STEP_SIGMA, f"∂L/∂ln σ = {value_text(pull)}"))
    return blocks


def _gauss(config: LikelihoodConfig, fit: Fit, now: Point) -> Live:
    title = tr("Negative log-likelihood")
    if now.lost:
        return Live(title, GAUSS, tr("✗ The step was too long: θ has left the numbers."))
    sigma = math.exp(now.log_sigma)
    numbers = [
        tr("descent: L = {value}, σ = {sigma}", value=value_text(now.loss), sigma=value_text(sigma)),
        tr(
            "closed form: L* = {value}, σ = {sigma}",
            value=value_text(fit.lowest),
            sigma=value_text(fit.sigma),
        ),
    ]
    if not fit.sigma > 0:
        numbers.append(tr("The curve goes through all points: σ may shrink to 0, and there is no maximum."))
    elif not fit.learned:
        numbers.append(tr("The most likely σ would be {sigma}.", sigma=value_text(fit.best.sigma)))
    return Live(title, GAUSS, "\n".join(numbers), _badge(check(fit, now)))


def _closed(fit: Fit) -> Live:
    """The closed form, its condition, and what the normal equations would have lost."""
    numbers = [curve_text(fit.basis.coefficients(fit.best.theta)), f"κ(X) = {value_text(fit.best.condition)}"]
    if fit.best.condition > DOUBTFUL:
        numbers.append(tr("✗ So ill-conditioned that few digits of θ are right."))
    if fit.normal is None:
        numbers.append(tr("XᵀXθ = Xᵀy cannot be solved: XᵀX is singular in these digits."))
    else:
        away = float(np.abs(fit.normal - fit.best.theta).max() / max(np.abs(fit.best.theta).max(), 1e-300))
        numbers.append(tr("XᵀXθ = Xᵀy gives the same up to {error}.", error=value_text(away)))
    return Live(tr("Least squares in closed form"), CLOSED, "\n".join(numbers))


def _step(fit: Fit, now: Point) -> Live:
    title = tr("A step of gradient descent")
    if now.lost:
        return Live(title, STEP, "ŷ = –")
    away = float(np.abs(fit.curve(now.theta - fit.best.theta, fit.x)).max())
    numbers = (
        curve_text(fit.basis.coefficients(now.theta)),
        tr("at the points at most {away} from the closed form", away=value_text(away)),
    )
    return Live(title, STEP, "\n".join(numbers))


def _speed(config: LikelihoodConfig, fit: Fit, now: Point) -> Live:
    """How long a step may be, and how slow the flattest direction is with the present one."""
    sigma = config.sigma if now.lost else math.exp(now.log_sigma)
    steep = float(fit.best.curvatures(fit.count, sigma)[0])
    rate = config.learning_rate
    numbers = [tr("η = {rate}, at most {most}", rate=value_text(rate), most=value_text(2 / steep))]
    if rate >= 2 / steep:
        numbers.append(tr("✗ too long for the steepest direction: it grows with every step"))
    else:
        steps = fit.best.steps_per_digit(rate, fit.count, sigma)
        numbers.append(tr("{steps} steps for each further digit", steps=value_text(steps)))
    return Live(tr("Why it is slow"), SPEED, "\n".join(numbers))


def coin_formulas(config: LikelihoodConfig, now: Coin) -> list[Live]:
    """The likelihood at q, its slope, and the cross-entropy that it is."""
    q, seen = config.guess, f"k = {now.heads},  n = {now.tosses}"
    if not now.tosses:
        nothing = tr("Nothing was tossed yet: every q is as likely.")
        return [
            Live(tr("Log-likelihood"), COIN, nothing),
            Live(tr("Its maximum"), COIN_SLOPE, ""),
            Live(tr("It is the cross-entropy"), SAME, ""),
        ]
    cross = float(bernoulli.cross_entropy(now.frequency, q, math.e))
    own = float(bernoulli.entropy(now.frequency, math.e))
    extra = float(bernoulli.kl_divergence(now.frequency, q, math.e))
    slope = d_coin_log_likelihood(now.heads, now.tosses, q)
    return [
        Live(
            tr("Log-likelihood"),
            COIN,
            f"{seen}\nln L(q) = {value_text(-cross * now.tosses)}",
            _badge(check_coin(now, q)),
        ),
        Live(
            tr("Its maximum"),
            COIN_SLOPE,
            f"∂ ln L/∂q = {value_text(slope)}\nk/n = {value_text(now.frequency)}",
        ),
        Live(
            tr("It is the cross-entropy"),
            SAME,
            f"H(k/n, q) = {value_text(cross)} = {value_text(own)} + {value_text(extra)} {tr('nats')}",
        ),
    ]


def outlier_formulas(config: LikelihoodConfig, found: Lines) -> list[Live]:
    """Each loss with its line and the pull of the outlier."""
    blocks = []
    x, y = config.outlier
    for name, line in found.lines.items():
        loss = LINE_LOSSES[name]
        residual = np.array(y - float(line.at(x)))
        numbers = [
            curve_text(np.array(line[:2])),
            tr(
                "The outlier: r = {residual}, ψ(r) = {pull}",
                residual=value_text(float(residual)),
                pull=value_text(float(loss.pull(residual, config.delta))),
            ),
        ]
        if not line.unique:
            numbers.append(tr("Other lines are as good; this one is amid them."))
        blocks.append(
            Live(tr(loss.title), loss.latex, "\n".join(numbers), _badge(check_line(config, found, name)))
        )
    note = tr("The gradients are checked at the dotted line, where none of them is 0.")
    return [
        *blocks,
        Live(tr("Without the outlier"), "", f"{curve_text(np.array(found.without[:2]))}\n{note}"),
    ]
