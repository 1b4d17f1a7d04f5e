"""The part of a session that belongs to the views: whether it is valid, and whether two sessions differ."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import ValidationError, convert

from engine.config import Config, problem_from
from engine.session import Look, Session, SessionError
from gui.screen.view import view_type

UNCHANGED = Look()
NOTHING: Mapping[str, Session] = MappingProxyType({})


def check_looks(session: Session) -> None:
    """Check what a session says of the views.

    Raises:
        SessionError: an option does not exist or does not fit, and where.
    """
    for name, look in session.looks.items():
        try:
            options_of(name, look)
        except ValidationError as error:
            problem = problem_from(error)
            place = f"$.looks[{name!r}].options{'.' * bool(problem.where)}{problem.where}"
            raise SessionError(problem.sentence, where=place, **problem.values) from error


def options_of(name: str, look: Look) -> Config:
    """The options of a view; those that a session does not mention have their defaults."""
    return convert(look.options, view_type(name).options_type)


def differs(one: Session, other: Session, looked_at: Mapping[str, Session] = NOTHING) -> bool:
    """Whether two sessions differ in what a user would save: not in what is open, or at which step.

    `looked_at` has sessions by experiment: one that stands just as there does not count.
    """
    names = {*one.experiments, *other.experiments, *one.looks, *other.looks}
    return one.theme != other.theme or any(
        differs_in(name, one, other)
        and not (name in looked_at and not differs_in(name, one, looked_at[name]))
        for name in names
    )


def differs_in(name: str, one: Session, other: Session) -> bool:
    """Whether two sessions differ in the settings or the look of an experiment.

    Asked for every experiment whenever one is opened, so what the sessions share is not compared.
    """
    config, config2 = (session.experiments.get(name) for session in (one, other))
    if config is not config2 and one.config(name) != other.config(name):
        return True
    look, look2 = (session.looks.get(name, UNCHANGED) for session in (one, other))
    kept = (look.pins, look.branches) != (look2.pins, look2.branches)
    return look != look2 and (kept or _options_differ(name, look, look2))


def _options_differ(name: str, one: Look, other: Look) -> bool:
    said: list[dict[str, Any]] = [one.options, other.options]
    return said[0] != said[1] and options_of(name, one) != options_of(name, other)
