"""Surfaces: the functions one walks on, with their gradients and curvature.

surface               what a surface f(x, y) has: its value, its gradient ∇f and its Hessian H
classic               twelve of them, each with its derivatives by hand; the table of all
functions_1d          curves on which Newton's method shines, and on which it fails
quadratic_model       the parabola that a step believes in, its vertex and its level lines
stationary_points     where a surface is level
stationary_kinds      … and what is there: a minimum, a saddle or a maximum
expression            the user's own formula: a chapter in the chapter
choice                which surface, as a setting: one that is known, or a formula of one's own
minima                … and how low it goes
"""

from engine.surfaces.classic import (
    SURFACES,
    Ackley,
    Beale,
    Booth,
    Bowl,
    Cliff,
    Himmelblau,
    MonkeySaddle,
    Plateau,
    Rastrigin,
    Rosenbrock,
    Saddle,
    StyblinskiTang,
    register,
)
from engine.surfaces.surface import Surface

__all__ = [
    "SURFACES",
    "Ackley",
    "Beale",
    "Booth",
    "Bowl",
    "Cliff",
    "Himmelblau",
    "MonkeySaddle",
    "Plateau",
    "Rastrigin",
    "Rosenbrock",
    "Saddle",
    "StyblinskiTang",
    "Surface",
    "register",
]
