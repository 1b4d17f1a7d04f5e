"""The theorems of *Convergence rates*: each with its problem, its methods, and an assumption to break."""

from typing import Annotated, ClassVar

import numpy as np

from engine.config import Tagged, choice, number
from engine.convergence.methods import (
    Function,
    Logits,
    NoisyRuns,
    chain,
    fixed_nesterov,
    gradient_descent,
    heavy_ball,
    kink,
    nesterov,
    newton,
    noisy,
    quadratic,
    spectrum,
    wells,
)
from engine.convergence.theorems import (
    Array,
    best_descent,
    best_heavy_ball,
    best_nesterov,
    best_scale,
    descent_bound,
    heavy_ball_bound,
    nesterov_bound,
    newton_bound,
    newton_radius,
    stochastic_bound,
    strong_descent_bound,
    strong_nesterov_bound,
)
from engine.experiments.optimizers.convergence_trial import (
    RUNS,
    Dimension,
    Noise,
    Steps,
    TheoremTrial,
    breaks,
    condition_number,
    noise_in_gradients,
    nothing,
    side_by_side,
)

HARDEST = 1e8  # the ratio of curvatures of the convex problem: practically not strongly convex
CONSTANT = 3.0  # times c: the constant step, so long that f − f* soon stays above the bound


class Smooth(Tagged, frozen=True, tag="smooth"):
    """f is convex and L-smooth; nothing more is known."""

    title = "Convex and smooth"
    meaning = "f is convex, and its slope changes by at most L a unit of length."
    fits: ClassVar[str] = "slope"
    function: Annotated[
        str,
        choice(
            "Problem",
            "What is minimised.",
            {"spectrum": "All curvatures", "chain": "Nesterov's chain"},
            when=lambda c: c.broken not in ("kink", "convex"),
        ),
    ] = "spectrum"
    broken: Annotated[
        str,
        breaks(
            {
                "step": "The step: 2.1/L",
                "kink": "Smoothness: |x|",
                "convex": "Convexity: dents",
                "noise": "Exact gradients: noise",
            }
        ),
    ] = "none"
    noise: Noise = 0.1
    steps: Steps = 1000
    dimension: Dimension = 60

    @property
    def random(self) -> bool:
        """Whether the run uses random numbers, so that the seed matters."""
        return self.broken == "noise" and self.noise > 0

    def trial(self, seed: int) -> TheoremTrial:
        """Both methods with step 1/L."""
        function, rng = self._function(), np.random.default_rng(seed)
        if self.broken == "noise":
            function = noisy(function, self.noise, rng)
        start, smoothness, gradient = function.start, function.smoothness, function.gradient
        eta, d = (2.1 if self.broken == "step" else 1.0) / smoothness, float(np.linalg.norm(start))
        walks = {
            "gradient_descent": gradient_descent(gradient, start, eta),
            "nesterov": nesterov(gradient, start, eta),
        }
        bounds = {
            "gradient_descent": lambda k: descent_bound(k, smoothness, d),
            "nesterov": lambda k: nesterov_bound(k, smoothness, d),
        }
        return TheoremTrial(
            side_by_side(walks, function.value), bounds, {"L": smoothness, "d": d, "eta": eta}
        )

    def _function(self) -> Function:
        """The function that is minimised; without smoothness or convexity if that is broken."""
        if self.broken in ("kink", "convex"):
            return (kink if self.broken == "kink" else wells)(self.dimension)
        return spectrum(self.dimension, HARDEST) if self.function == "spectrum" else chain(self.dimension)


class Strong(Tagged, frozen=True, tag="strong"):
    """A quadratic whose curvatures lie between μ = L/κ and L."""

    title = "Strongly convex"
    meaning = "The curvature of f is at least μ and at most L everywhere; κ = L/μ."
    fits: ClassVar[str] = "factor"
    kappa: Annotated[float, condition_number(1.1, 1e6, (2, 1e4))] = 100.0
    broken: Annotated[
        str,
        breaks(
            {
                "step": "The step: 5 % too long",
                "flat": "μ: one flatter direction",
                "noise": "Exact gradients: noise",
            }
        ),
    ] = "none"
    noise: Noise = 0.01
    steps: Steps = 300
    dimension: Dimension = 30

    @property
    def random(self) -> bool:
        """Whether the run uses random numbers, so that the seed matters."""
        return self.broken == "noise" and self.noise > 0

    def trial(self, seed: int) -> TheoremTrial:
        """Three methods, each with the settings that are best for this κ."""
        assumed, rng = spectrum(self.dimension, self.kappa), np.random.default_rng(seed)
        function = self._flatter(assumed) if self.broken == "flat" else assumed
        if self.broken == "noise":
            function = noisy(function, self.noise, rng)
        mu, smoothness, start = assumed.strength, assumed.smoothness, assumed.start
        d, first = float(np.linalg.norm(start)), float(assumed.value(start))
        plain, ball, fast = (best(mu, smoothness) for best in (best_descent, best_heavy_ball, best_nesterov))
        eta, ball_eta, fast_eta = plain.rate, ball.rate, fast.rate
        if self.broken == "step":  # 5 % longer than the longest step with which the method converges
            eta = 1.05 * 2 / smoothness
            ball_eta = 1.05 * (2 + 2 * ball.beta) / smoothness
            fast_eta = 1.05 * (2 + 2 * fast.beta) / (1 + 2 * fast.beta) / smoothness
        g, kappa = function.gradient, smoothness / mu
        walks = {
            "gradient_descent": gradient_descent(g, start, eta),
            "nesterov": fixed_nesterov(g, start, fast_eta, fast.beta),
            "momentum": heavy_ball(g, start, ball_eta, ball.beta),
        }
        bounds = {
            "gradient_descent": lambda k: strong_descent_bound(k, kappa, first),
            "nesterov": lambda k: strong_nesterov_bound(k, kappa, first, mu, d),
            "momentum": lambda k: heavy_ball_bound(k, kappa, first),
        }
        constants = {"kappa": kappa, "f0": first, "mu": mu, "d": d, "beta": ball.beta, "eta": plain.rate}
        return TheoremTrial(side_by_side(walks, function.value), bounds, constants)

    def _flatter(self, assumed: Function) -> Function:
        """The same function with a smallest curvature of only μ/100, which violates the assumption."""
        eigenvalues = np.geomspace(1 / self.kappa, 1.0, self.dimension)
        eigenvalues[0] /= 100
        return quadratic(eigenvalues, assumed.start)


class NewtonNear(Tagged, frozen=True, tag="newton"):
    """A smooth function whose Hessian is Lipschitz, started near its minimum."""

    title = "Newton near the minimum"
    meaning = "The Hessian of f changes by at most M a unit of length, and x₀ is near x*."
    fits: ClassVar[str] = "order"
    random: ClassVar[bool] = False
    broken: Annotated[
        str,
        breaks({"far": "The start: too far"}),
    ] = "none"
    distance: Annotated[
        float,
        number(
            "Start",
            "How far x₀ is from x*, as a part of the radius 2μ/(3M) of the theorem.",
            gt=0,
            le=0.99,
            soft=(0.1, 0.99),
            when=lambda c: c.broken == "none",
        ),
    ] = 0.9
    steps: Annotated[
        int, number("Steps", "How many steps every method takes.", symbol="k", ge=3, le=50, soft=(3, 20))
    ] = 6

    def trial(self, seed: int) -> TheoremTrial:
        """Three logits fitted by Newton's method, and by gradient descent with step 1/L."""
        f = Logits(np.array([0.2, 0.3, 0.6]))
        mu, smoothness, m = f.strength, f.smoothness, f.lipschitz
        radius = newton_radius(mu, m)
        allowed = self.distance * radius
        d = 6.0 if self.broken == "far" else allowed
        start = d * np.array([2.0, 1.0, -2.0]) / 3
        promised = newton_bound(self.steps, allowed, mu, m, smoothness)
        walks = {
            "newton": newton(f.gradient, f.curvature, start),
            "gradient_descent": gradient_descent(f.gradient, start, 1 / smoothness),
        }
        bounds = {
            "newton": lambda k: promised[k],
            "gradient_descent": lambda k: descent_bound(k, smoothness, d),
        }
        constants = {"d": d, "mu": mu, "M": m, "L": smoothness, "radius": radius}
        return TheoremTrial(side_by_side(walks, f.value), bounds, constants)


class Stochastic(Tagged, frozen=True, tag="stochastic"):
    """f is convex with slopes of bounded length, and its gradients come with noise."""

    title = "Stochastic"
    meaning = "f is convex, its noisy gradients are unbiased, and steps fall like c/√k."
    fits: ClassVar[str] = "slope"
    noise: Annotated[float, noise_in_gradients(5)] = 2.0
    broken: Annotated[
        str,
        breaks({"constant": "The step: constant, 3c", "biased": "Noise of mean 0: biased"}),
    ] = "none"
    scale: Annotated[
        float,
        number(
            "Step size",
            "c in the step c/√k, in parts of the best one, D/(√2 G).",
            symbol="c",
            ge=1e-6,
            le=100,
            soft=(0.1, 10),
            scale="log",
        ),
    ] = 1.0
    steps: Steps = 1000
    dimension: Dimension = 10

    @property
    def random(self) -> bool:
        """Whether random numbers have a visible effect: without noise they only choose the signs of x*."""
        return self.noise > 0

    def trial(self, seed: int) -> TheoremTrial:
        """The mean of 16 runs, because the theorem is about the expectation."""
        diameter, moment = 2.0, 1 + self.noise**2
        c = self.scale * best_scale(diameter, moment)
        bias = 3.0 if self.broken == "biased" else 0.0

        def rate(k: Array) -> Array:
            return np.full(len(k), CONSTANT * c) if self.broken == "constant" else c / np.sqrt(k)

        runs = NoisyRuns(rate, self.dimension, RUNS, self.noise, bias, np.random.default_rng(seed))

        def gaps(count: int) -> dict[str, Array]:
            return dict(zip(("averaged_iterate", "last_iterate"), runs.gaps(count), strict=True))

        bounds = {
            "averaged_iterate": lambda k: stochastic_bound(k, diameter, moment, c),
            "last_iterate": nothing,
        }
        return TheoremTrial(gaps, bounds, {"D": diameter, "G": moment**0.5, "c": c})
