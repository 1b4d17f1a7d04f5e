"""Convergence: what theorems guarantee, and what is measured.

theorems              the bounds of the theorems, with their constants
methods               … and the methods, on functions that satisfy the assumptions or violate one
stability             which learning rates converge on a quadratic, and how fast
many_runs             thousands of runs at once, with the code that moves one
rate_sweep            each rule at every learning rate: where is f at the end?
start_sweep           one rule from many starts: where is f at the end, and when is it low?
performance           methods compared on many problems: quantile curves, performance profiles
newton_cost           what one Newton step costs, measured
"""

from engine.convergence.theorems import (
    Tuning,
    best_descent,
    best_heavy_ball,
    best_nesterov,
    best_scale,
    descent_bound,
    fitted_factor,
    fitted_order,
    fitted_slope,
    heavy_ball_bound,
    nesterov_bound,
    newton_bound,
    newton_radius,
    stochastic_bound,
    strong_descent_bound,
    strong_nesterov_bound,
)

__all__ = [
    "Tuning",
    "best_descent",
    "best_heavy_ball",
    "best_nesterov",
    "best_scale",
    "descent_bound",
    "fitted_factor",
    "fitted_order",
    "fitted_slope",
    "heavy_ball_bound",
    "nesterov_bound",
    "newton_bound",
    "newton_radius",
    "stochastic_bound",
    "strong_descent_bound",
    "strong_nesterov_bound",
]
