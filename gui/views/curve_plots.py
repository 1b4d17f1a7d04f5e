"""How a page fills a plot of curves: the curves, the axes, whose ranges follow them, and the playhead."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any, NamedTuple

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.scale import Range
from gui.screen.moment import Moment, every, whole_run
from gui.screen.view import Key, View

At = Moment[Any, Any]
Named = tuple[str, str]  # a name and a unit, both translated


class CurveAxes(NamedTuple):
    """The axes of a plot of curves, as `CurvesPanel.set_axes` takes them; its title where that changes."""

    x: Named
    y: Named
    log_x: bool = False
    log_y: bool = False
    x_limits: Range | None = None
    y_limits: Range | None = None
    whole_x: bool = False
    title: str = ""
    y_most: float = inf
    log_option: str = ""  # the option of the page, if any, that says whether y is logarithmic


CurvesOf = Callable[[Any, Theme], Sequence[Curve]]
AxesOf = Callable[[Any], CurveAxes]


def over_steps(
    steps: float, name: str, unit: str = "", log: bool = False, limits: Range | None = None, title: str = ""
) -> CurveAxes:
    """A quantity against the steps of a run."""
    return CurveAxes((tr("step"), ""), (name, unit), False, log, (0.0, float(steps)), limits, title=title)


def fill_curves(
    view: View, panel: CurvesPanel, curves: CurvesOf, axes: AxesOf, by: Key = every, steady: bool = False
) -> None:
    """Draw the curves of a moment; the axes are set anew for another run, and where they are otherwise.

    Both functions are of a module: `curves(at, theme)` and `axes(at)`. `by` is what the curves depend on.
    """
    view.fill(panel, partial(_show_curves, curves=curves), by=by)
    fill_axes(view, panel, axes, steady)


def fill_steps(view: View, panel: CurvesPanel, curves: CurvesOf, axes: AxesOf, told: bool = False) -> None:
    """Draw what a run has come to so far over its steps: the step is marked, and a click leads to another."""
    fill_curves(view, panel, curves, axes, by=whole_run)
    mark_step(view, panel, told)


def fill_axes(view: View, panel: CurvesPanel, axes: AxesOf, steady: bool = False) -> None:
    """Set the axes anew where they are otherwise, and for another run, unless they are `steady`."""
    view.fill(panel, partial(_show_axes, axes=axes), by=axes if steady else partial(_run_and, axes))
    panel.options_asked.connect(view.change)


def mark_step(view: View, panel: CurvesPanel, told: bool = False) -> None:
    """Mark the step on an axis of steps, with its number if it is `told`; a click leads to another step."""
    view.fill(panel, partial(_show_step, told=told))
    panel.clicked.connect(view.jump)


def set_legend(panel: CurvesPanel, legend: str) -> None:
    """Show the names of the curves at another place, or on paper only."""
    if panel.legend != legend:
        panel.legend = legend
        panel.redraw()


def _show_curves(panel: CurvesPanel, at: At, curves: CurvesOf) -> None:
    panel.set_curves(curves(at, panel.theme))


def _show_axes(panel: CurvesPanel, at: At, axes: AxesOf) -> None:
    wanted = axes(at)
    if wanted.title:
        panel.title = wanted.title
    panel.log_option = wanted.log_option
    panel.set_axes(*wanted[:4], x_limits=wanted.x_limits, y_limits=wanted.y_limits, whole_x=wanted.whole_x)


def _run_and(axes: AxesOf, at: At) -> object:
    return at.recording, axes(at)


def _show_step(panel: CurvesPanel, at: At, told: bool) -> None:
    panel.set_cursor(at.step, str(at.step) if told else "")
