"""The three scenes in formulas with their numbers."""

import math
from collections.abc import Sequence

import numpy as np

from engine.experiments.losses.likelihood import CurveFit
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.experiments.losses.likelihood_inspection import LikelihoodPoint, point
from engine.gradient_check import GradientCheck
from engine.information import bernoulli
from engine.losses.likelihood import Array, d_coin_log_likelihood, gradient
from engine.losses.robust_lines import LINE_LOSSES
from engine.optimizers.descent import GradientDescent
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.losses.likelihood_shared import At, coin_of, fit_of, lines_of
from gui.views.schedule_blocks import schedule_blocks

Checks = Sequence[GradientCheck | None]
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
DOUBTFUL = 1e12  # at this condition fewer than 4 of 16 digits are right
POWERS = ("", "·x", "·x²", "·x³", "·x⁴", "·x⁵")


def curve_text(coefficients: Array) -> str:
    """Write ŷ = 1.2 + 0.5·x − 0.1·x²."""
    text = f"ŷ = {value_text(float(coefficients[0]))}"
    for value, power in zip(coefficients[1:].tolist(), POWERS[1:], strict=False):
        text += f" {'−' if value < 0 else '+'} {value_text(abs(value))}{power}"
    return text


def points_formulas(at: At, checks: Checks) -> list[Live]:
    """Return the formulas of the likelihood, the closed form, the next step of gradient descent, and its
    limit.
    """
    fit, now, rule, t = fit_of(at), point(at.recording, at.step), at.config.descent, at.step + 1
    steps = [_step(rule, fit, now)]
    if fit.learned and not now.lost:
        pull = gradient(fit.features, fit.y, now.theta, now.log_sigma)[1]
        latex = rule.with_schedule(STEP_SIGMA)
        steps.append(Live(tr("… and of ln σ"), latex, f"∂L/∂ln σ = {value_text(pull)}"))
    limits = [*schedule_blocks(rule, t), _speed(at.config, fit, now, t)]
    return [_gauss(fit, now, checks[0]), _closed(fit), *steps, *limits]


def _gauss(fit: CurveFit, now: LikelihoodPoint, check: GradientCheck | None) -> Live:
    title = tr("Negative log-likelihood")
    if now.lost:
        return Live(title, GAUSS, tr("✗ The step was too long: θ has diverged."))
    numbers = [
        tr("descent: L = {value}, σ = {sigma}", value=now.loss, sigma=math.exp(now.log_sigma)),
        tr("closed form: L* = {value}, σ = {sigma}", value=fit.lowest, sigma=fit.sigma),
    ]
    if not fit.sigma > 0:
        numbers.append(tr("The curve goes through all points: σ may shrink to 0, and there is no maximum."))
    elif not fit.learned:
        numbers.append(tr("The most likely σ would be {sigma}.", sigma=fit.best.sigma))
    return Live(title, GAUSS, "\n".join(numbers), check)


def _closed(fit: CurveFit) -> Live:
    """Return the closed form, its condition, and the digits that the normal equations would lose."""
    numbers = [curve_text(fit.basis.coefficients(fit.best.theta)), f"κ(X) = {value_text(fit.best.condition)}"]
    if fit.best.condition > DOUBTFUL:
        numbers.append(tr("✗ So ill-conditioned that few digits of θ are right."))
    if fit.normal is None:
        numbers.append(tr("XᵀXθ = Xᵀy cannot be solved: XᵀX is singular in these digits."))
    else:
        away = float(np.abs(fit.normal - fit.best.theta).max() / max(np.abs(fit.best.theta).max(), 1e-300))
        numbers.append(tr("XᵀXθ = Xᵀy gives the same up to {error}.", error=away))
    return Live(tr("Least squares in closed form"), CLOSED, "\n".join(numbers))


def _step(rule: GradientDescent, fit: CurveFit, now: LikelihoodPoint) -> Live:
    title, latex = tr("A step of gradient descent"), rule.with_schedule(STEP)
    if now.lost:
        return Live(title, latex, "ŷ = –")
    away = float(np.abs(fit.curve(now.theta - fit.best.theta, fit.x)).max())
    words = tr("at the points at most {away} from the closed form", away=away)
    return Live(title, latex, f"{curve_text(fit.basis.coefficients(now.theta))}\n{words}")


def _speed(config: LikelihoodConfig, fit: CurveFit, now: LikelihoodPoint, t: int) -> Live:
    """Return the largest stable step, and the speed along the flattest direction with the rate of step t."""
    sigma = config.sigma if now.lost else math.exp(now.log_sigma)
    steep = float(fit.best.curvatures(fit.count, sigma)[0])
    rule, rate = config.descent, config.descent.rate(t)
    always = rule.constant_rate
    told = "η = {rate}, at most {most}" if always else "now η_t = {rate}, at most {most}"
    numbers = [tr(told, rate=rate, most=2 / steep)]
    if rate >= 2 / steep:
        grows = "✗ too long for the steepest direction: it grows with every step"
        now_it_grows = "✗ too long for the steepest direction: it grows in this step"
        numbers.append(tr(grows if always else now_it_grows))
    else:
        steps = fit.best.steps_per_digit(rate, fit.count, sigma)
        each = "{steps} steps for each further digit"
        now_each = "at this rate {steps} steps for each digit"
        numbers.append(tr(each if always else now_each, steps=steps))
    return Live(tr("Why it is slow"), rule.with_schedule(SPEED), "\n".join(numbers))


def coin_formulas(at: At, checks: Checks) -> list[Live]:
    """Return the likelihood at q, its slope, and the equal cross-entropy."""
    now, q = coin_of(at), at.config.guess
    titles = tr("Log-likelihood"), tr("Its maximum"), tr("It is the cross-entropy")
    latex = (COIN, COIN_SLOPE, SAME)
    if not now.tosses:
        numbers = (tr("Nothing was tossed yet: every q is as likely."), "", "")
        return [Live(*block) for block in zip(titles, latex, numbers, strict=True)]
    cross = float(bernoulli.cross_entropy(now.frequency, q, math.e))
    own = value_text(float(bernoulli.entropy(now.frequency, math.e)))
    extra = value_text(float(bernoulli.kl_divergence(now.frequency, q, math.e)))
    slope = value_text(d_coin_log_likelihood(now.heads, now.tosses, q))
    numbers = (
        f"k = {now.heads},  n = {now.tosses}\nln L(q) = {value_text(-cross * now.tosses)}",
        f"∂ ln L/∂q = {slope}\nk/n = {value_text(now.frequency)}",
        f"H(k/n, q) = {value_text(cross)} = {own} + {extra} {tr('nats')}",
    )
    badges = (checks[0], None, None)
    return [Live(*block) for block in zip(titles, latex, numbers, badges, strict=True)]


def outlier_formulas(at: At, checks: Checks) -> list[Live]:
    """Each loss with its line and the influence ψ of the outlier."""
    (x, y), found, blocks = at.config.outlier, lines_of(at), []
    for (name, line), check in zip(found.lines.items(), checks, strict=True):
        loss, residual = LINE_LOSSES[name], y - float(line.at(x))
        psi = float(loss.influence(np.array(residual), at.config.delta))
        words = tr("The outlier: r = {residual}, ψ(r) = {pull}", residual=residual, pull=psi)
        numbers = [curve_text(np.array(line[:2])), words]
        if not line.unique:
            numbers.append(tr("Other lines are as good; this one is amid them."))
        blocks.append(Live(tr(loss.title), loss.latex, "\n".join(numbers), check))
    note = tr("The gradients are checked at the dotted line, where none of them is 0.")
    without = f"{curve_text(np.array(found.without[:2]))}\n{note}"
    return [*blocks, Live(tr("Without the outlier"), "", without)]


FORMULAS = {"points": points_formulas, "coin": coin_formulas, "outlier": outlier_formulas}


def finding(at: At) -> str:
    """Say how far the descent is from least squares; or the most likely q; or how an outlier turns the
    lines.
    """
    return {"points": _descended, "coin": _tossed, "outlier": _turned}[at.config.scene](at)


def _descended(at: At) -> str:
    fit, now = fit_of(at), point(at.recording, at.step)
    if now.lost:
        return tr("After {n} steps the descent has diverged: its learning rate is too large.", n=at.step)
    away = float(np.abs(fit.features @ (now.theta - fit.best.theta)).max())
    start = "The descent on the likelihood starts {away} away from the least-squares curve."
    later = "After {n} steps the descent on the likelihood is within {away} of the least-squares curve."
    return tr(later if at.step else start, n=at.step, away=away)


def _tossed(at: At) -> str:
    now, p = coin_of(at), short_text(at.config.p, 4)
    if not now.tosses:
        return tr("Before the first toss every q is as likely as any other; p = {p}.", p=p)
    return tr(
        "{k} heads in {n} tosses: q = {share} is likeliest, its cross-entropy is lowest; p = {p}.",
        k=now.heads,
        n=now.tosses,
        share=short_text(now.frequency, 4),
        p=p,
    )


def _turned(at: At) -> str:
    found = lines_of(at)
    slopes = {name: line.slope for name, line in found.lines.items()}
    return tr(
        "The outlier turns the slope of the squares from {without} to {mse}; absolute error has {mae},"
        " Huber {huber}.",
        without=found.without.slope,
        **slopes,
    )
