"""The user's own formula, under the name that it has outside: see `engine.surfaces.expression`."""

from engine.surfaces.expression import Expression, parse

__all__ = ["Expression", "parse"]
