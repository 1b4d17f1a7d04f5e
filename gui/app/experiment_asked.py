"""The experiment that a command line names."""

from typing import Any

from engine.config import Problem
from engine.experiment import Experiment
from engine.experiments import experiment_of
from engine.session import SessionError


def experiment_asked(name: str) -> Experiment[Any, Any]:
    """The experiment of a name; raises `SessionError`, which says how to see all names."""
    try:
        return experiment_of(name)
    except Problem as problem:
        raise SessionError("{what} “nabla list” names them all.", what=str(problem)) from problem
