"""The user's own formula, under a short name for scripts: see `engine.surfaces.expression`."""

from engine.surfaces.expression import Expression, parse

__all__ = ["Expression", "parse"]
