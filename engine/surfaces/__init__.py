"""Surfaces: the functions that are minimised, with their gradients and Hessians.

surface               what a surface f(x, y) has: its value, its gradient ∇f and its Hessian H
classic               five well-known bowls and valleys, each with its derivatives by hand; the table of all
obstacles             seven more: saddles, many minima, flat ground, a cliff
expression            the user's own formula: a chapter in the chapter
functions_1d          functions of one variable on which Newton's method works well, and on which it fails
quadratic_model       the local quadratic model of f, its vertex and its level lines
stationary_kinds      whether a point with gradient 0 is a minimum, a saddle or a maximum
stationary_points     where the gradient of a surface is 0
kinks                 minima of a formula where it has no gradient, found by values of f alone
choice                the settings that choose a surface: a well-known one, or the user's own formula
minima                the stationary points and the lowest minima of the chosen surface
"""

from engine.surfaces.classic import (
    SURFACES,
    Beale,
    Booth,
    Bowl,
    Himmelblau,
    Rosenbrock,
    register,
)
from engine.surfaces.obstacles import (
    Ackley,
    Cliff,
    MonkeySaddle,
    Plateau,
    Rastrigin,
    Saddle,
    StyblinskiTang,
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
