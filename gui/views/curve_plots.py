"""How a page fills a plot of curves: the curves, the axes, and the playhead."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any, NamedTuple

from engine.changes import changes_of
from gui.form.change_words import after_text
from gui.look.language import tr
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark, Span, Turn
from gui.plots.scale import Range
from gui.screen.questions import same
from gui.screen.view import Key, Moment, View, whole_run

At = Moment[Any, Any]
Named = tuple[str, str]  # a name and a unit, both translated


Place = Callable[[Any, int], float]  # the place of a step on the x axis, at a moment


def steps_as_they_are(at: Any, step: int) -> float:
    """Return the place of a step on an axis of steps: the step itself."""
    return float(step)


class CurveAxes(NamedTuple):
    """The axes of a plot of curves, as for `CurvesPanel.set_axes`; and its title, if that changes."""

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


class Plot(NamedTuple):
    """The content of a plot of curves at a moment. A field that is None is not changed."""

    axes: CurveAxes
    curves: Sequence[Curve]
    marks: Sequence[Mark] | None = None
    handles: Sequence[Handle] | None = None
    spans: Sequence[Span] | None = None
    cursor: tuple[float | None, str] | None = None  # where it is, and its label


PlotOf = Callable[..., Plot]  # a function of a module, called with the moment and the theme
AxesOf = Callable[[Any], CurveAxes]


def over_steps(
    steps: float, name: str, unit: str = "", log: bool = False, limits: Range | None = None, **more: Any
) -> CurveAxes:
    """Return the axes of a quantity against the steps of a run; `more` are other fields of `CurveAxes`."""
    return CurveAxes((tr("step"), ""), (name, unit), False, log, (0.0, float(steps)), limits, **more)


def fill_plot(
    view: View,
    panel: CurvesPanel,
    plot: PlotOf,
    by: Key | None = None,
    steady: bool = False,
    of: str = "",
    prompt: bool = False,
) -> None:
    """Draw a plot, by what it depends on. Its axes are set anew for another run, and where they are others.

    With `steady` only there. The curves come first: the ranges follow those that are there. With `of`
    the function is given the answer to a question too; `prompt` is as in `View.fill`.
    """
    view.fill(panel, _Drawing(plot, steady), by=by, of=of, prompt=prompt)
    panel.options_asked.connect(view.change)


def fill_history(
    view: View, panel: CurvesPanel, plot: PlotOf, told: bool = False, prompt: bool = False
) -> None:
    """Draw what a run has come to so far over its steps: the step is marked, and a click leads to another.

    What is `prompt` tells of the same step as the sentence over the plots, also while a run is played.
    """
    fill_plot(view, panel, plot, by=whole_run, prompt=prompt)
    mark_step(view, panel, told, prompt)


class _Drawing:
    """Fills a plot, and remembers which axes it has set."""

    def __init__(self, plot: PlotOf, steady: bool) -> None:
        self.plot, self.steady = plot, steady
        self._axes: object = None
        self._of: object = None  # the recording of the run that is drawn

    def __call__(self, panel: CurvesPanel, at: At, *answer: Any) -> None:
        shown = self.plot(at, panel.theme, *answer)
        another = not self.steady and at.recording is not self._of
        if another:
            self._of = at.recording
            panel.forget_range()
        panel.set_curves(shown.curves)
        if shown.marks is not None:
            panel.set_marks(shown.marks)
        if shown.handles is not None:
            panel.set_handles(shown.handles)
        if shown.spans is not None:
            panel.set_spans(shown.spans)
        if shown.cursor is not None:
            panel.set_cursor(*shown.cursor)
        if not same(shown.axes, self._axes):
            self._axes = shown.axes
            _set_axes(panel, shown.axes)
        elif another:
            panel.forget_range()


def fill_axes(view: View, panel: CurvesPanel, axes: AxesOf) -> None:
    """Set the axes when they have changed, and for another run."""
    view.fill(panel, lambda panel, at: _set_axes(panel, axes(at)), by=lambda at: (at.recording, axes(at)))
    panel.options_asked.connect(view.change)


def mark_step(view: View, panel: CurvesPanel, told: bool = False, prompt: bool = False) -> None:
    """Mark the step on an axis of steps, with its number if `told`; a click goes to another step.

    The steps at which settings were changed are marked too.
    """
    view.fill(panel, lambda panel, at: panel.set_cursor(at.step, str(at.step) if told else ""), prompt=prompt)
    panel.clicked.connect(view.jump)
    mark_turns(view, panel)


def mark_turns(view: View, panel: CurvesPanel, place: Place = steps_as_they_are) -> None:
    """Mark where settings were changed during the run; `place` returns the place of a step at a moment."""
    view.fill(panel, partial(_show_turns, place=place), by=_how_it_is_seen)


def _how_it_is_seen(at: At) -> object:
    """Return the settings and the options: these may decide what an axis counts."""
    return at.config, at.options, at.recording


def _show_turns(panel: CurvesPanel, at: At, place: Place) -> None:
    steps = sorted({change.step for change in changes_of(at.config)})
    panel.set_turns([Turn(place(at, step), after_text(at.config, step)) for step in steps])


def set_legend(panel: CurvesPanel, legend: str) -> None:
    """Set where the names of the curves are shown; see `CurveNames`."""
    if panel.legend != legend:
        panel.legend = legend
        panel.redraw()


def _set_axes(panel: CurvesPanel, wanted: CurveAxes) -> None:
    if wanted.title:
        panel.title = wanted.title
    panel.log_option = wanted.log_option
    panel.set_axes(
        *wanted[:4],
        x_limits=wanted.x_limits,
        y_limits=wanted.y_limits,
        whole_x=wanted.whole_x,
        y_most=wanted.y_most,
    )
