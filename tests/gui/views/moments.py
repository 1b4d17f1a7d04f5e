"""Runs, and a page that is shown what a tab would show it."""

from engine.config import replaced
from gui.screen.fills import Urgency
from gui.screen.moment import Moment
from tests.runs import ran


def ran_with(experiment, **changes):
    """The run of an experiment to its end, with other settings than it begins with."""
    return ran(experiment, replaced(experiment.config_type(), **changes))


def recorded(experiment, config):
    """The recording of a run to its end."""
    return ran(experiment, config).recording


def moment(view, config, recording, step, ghosts=()):
    """A run at a step, or at its end, looked at as the page is looked at."""
    return Moment(config, view.options, recording, int(min(step, recording.last)), tuple(ghosts), view.memo)


def present(view, config, recording, step, ghosts=()):
    """Show a run at a step, and the numbers that follow a moment later."""
    view.show_moment(moment(view, config, recording, step, ghosts))
    for fill in view.fills.every:
        if fill.waits is Urgency.READ:
            view.fills.draw(fill)


def present_step(view, step):
    """Show another step of the run on show."""
    present(view, view.at.config, view.at.recording, step, view.at.ghosts)


def told(view, step=None):
    """The formulas of the run on show, at a step or at the one on show."""
    at = view.at
    step = at.step if step is None else step
    return view.formulas(moment(view, at.config, at.recording, step, at.ghosts))
