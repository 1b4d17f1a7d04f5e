"""Losses ▸ Loss curves: the losses, small their slopes, and a line of numbers for every loss."""

from math import hypot, isfinite

import numpy as np

from engine.experiments.losses.curves import ENDS, CurvesConfig, CurvesSnapshot, DrawnLoss
from engine.experiments.losses.curves_config import POINTS
from engine.losses.loss_curves import OVER, sigmoid_of
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark, Span
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.scale import Range
from gui.plots.snapping import short
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.options_widgets import SwitchRow
from gui.screen.terms import Term, term
from gui.screen.view import Live, Room, View
from gui.views.curve_plots import CurveAxes, Plot, fill_plot, set_legend
from gui.views.losses.curves_formulas import SYMBOLS, compared, flat_text, formulas, interval, slope_text
from gui.views.losses.curves_options import SHORT, TITLES, At, CurvesOptions, drawn, subject
from gui.views.pinned import behind, level

TOPS = {"number": 8.0, "probability": 4.0, "logit": 6.5}  # of the values, at least
STEEP = {"number": 3.0, "probability": 6.0, "logit": 1.35}  # slopes, at least
STEEPEST = 40.0
SPARE = 0.2  # of that, on the side to which no slope points
LOW = 120  # pixels of a plot in which words would lie on the lines
SURE = 0.01  # a label nearer to 0 or 1 has more digits: over the logit these are far apart
TANGENT = 0.05  # of the plot, to either side of the point
BELOW = -0.08  # of the height: where the handle of the target is, under the curves


class CurvesView(View):
    """Drag the point or the target in either plot; choose a line of the table to have it explained."""

    config_type, options_type = CurvesConfig, CurvesOptions

    def build(self, theme: Theme) -> None:
        tips = {name: tr("{loss}: draw it or not", loss=tr(title)) for name, title in TITLES.items()}
        self.switches = SwitchRow(theme, SHORT, tips)
        for name, title in TITLES.items():
            self.switches[name].setAccessibleName(tr(title))
            self.switches.swatch(name, theme.stroke(name))
        self.bar = self.options_bar(self.switches, "", "explained:")
        self.values = CurvesPanel(tr("The loss"), theme)
        self.slopes = CurvesPanel(tr("Its slope"), theme, "paper")  # the switches tell the lines apart
        self.numbers = TablePanel(tr("At the point"), theme)
        for panel, plot in ((self.values, values), (self.slopes, slopes)):
            fill_plot(self, panel, plot)
            panel.patient = True  # a click moves the point
            panel.handle_dragged.connect(self.drag)
            self.on(panel.clicked, lambda view, x: view.drag("point", x, 0.0))
        self.fill(self.numbers, show_numbers)
        self.on(self.switches.chosen, lambda view, name: view.set_option(shown=view.options.toggled(name)))
        self.on(self.numbers.selected, lambda view, row: view.set_option(explained=drawn(view.at)[row]))
        self.setMinimumSize(theme.px(260), theme.px(240))
        self.tell(lambda at: compared(at.config, at.snapshot, drawn(at), subject(at)))
        self.lay_out(self.bar, WithHero(theme, self.values, (self.slopes, self.numbers), (1, 1)))

    def arrange(self, at: At, room: Room) -> bool:
        """Offer the losses that this axis allows, those that are drawn pressed."""
        for name, button in self.switches.buttons.items():
            button.setVisible(name in OVER[at.config.over])
            button.setChecked(name in drawn(at))
        set_legend(self.values, "ends" if at.ghosts or self.theme.presenting else "paper")
        return self.slopes.height() <= self.theme.px(LOW)

    def offers(self, at: At) -> dict[str, object]:
        return {"explained": {name: tr(SHORT[name]) for name in drawn(at)}}

    def drag(self, key: str, x: float, y: float) -> None:
        """The point, or the target, follows its handle; over the logit the label is σ of its place."""
        over = self.at.config.over
        low, high = ENDS[over]
        x = min(max(x, low), high)
        if key == "point":
            self.edit(**{POINTS[over]: round(x, 3)})
        elif over == "number":
            self.edit(target=round(min(max(x, -5.0), 5.0), 3))
        else:
            self.edit(label=_chance_at(x, self.at.config.label) if over == "logit" else round(x, 3))

    def terms(self, at: At) -> list[Term]:
        name, symbol = subject(at), "z" if at.config.over == "logit" else "p"
        loss, slope, point = (self.values, name), (self.slopes, name), (self.values, "point")
        by_p = () if symbol == "z" and name != "hinge" else (slope, (self.numbers, "column.1"))
        shot: CurvesSnapshot = at.snapshot
        return [
            term("L", tr("the loss"), loss, (self.numbers, "column.0"), value=shot.losses[name].value),
            term(
                r"\frac{\partial L}{\partial z}", tr("slope by the logit"), slope, (self.numbers, "column.1")
            ),
            term(r"\frac{\partial L}{\partial p}", tr("slope by the prediction"), *by_p),
            term("p", "" if symbol == "p" else tr("the prediction, σ(z)"), point, value=shot.prediction),
            term("z", "", point),
            term("y", "", (self.values, "target")),
            term("e", tr("the error"), point),
        ]

    def formulas(self, at: At) -> list[Live]:
        return formulas(at.config, subject(at), at.snapshot)


def _chance_at(z: float, before: float) -> float:
    """σ(z), in round numbers, but another one than before; certain at both ends of the axis."""
    low, high = ENDS["logit"]
    chance = sigmoid_of(z)
    if not low < z < high:
        return float(z > 0.0)
    return short(chance, 3 if SURE < chance < 1.0 - SURE else 5, before)


def _found(at: At) -> DrawnLoss:
    """What is known of it."""
    found: DrawnLoss = at.snapshot.losses[subject(at)]
    return found


def _top(at: At) -> float:
    """How high the values reach: still until the point needs more."""
    least, value = TOPS[at.config.over], _found(at).value
    return max(least, 1.1 * value) if isfinite(value) else least


def _slope_room(at: At) -> Range:
    """From the steepest way down to the steepest way up; a certain label is only ever on one side."""
    over, y, found = at.config.over, at.config.y, _found(at).slope
    slope = found if isfinite(found) else 0.0
    least, most = STEEP[over], min(max(STEEP[over], 1.15 * abs(slope)), STEEPEST)
    if over == "number":
        return -most, most
    shares = (y, 1.0 - y) if over == "logit" else (y > 0, y < 1)
    down, up = (least * (SPARE + (1.0 - SPARE) * share) for share in shares)
    return -max(down, most if slope < 0 else 0.0), max(up, most if slope > 0 else 0.0)


def values(at: At, theme: Theme) -> Plot:
    """The losses, where the explained one saturates, the point and the target."""
    (low, high), top = ENDS[at.config.over], _top(at)
    name, best = f"y = {short_text(at.config.y, 4)}", min(max(at.config.best, low), high)
    target = Handle("target", name, best, BELOW * top, theme.stroke("p"), "x")
    x, up = (SYMBOLS[at.config.over], ""), (2 * BELOW * top, top)
    axes = CurveAxes(x, ("L", ""), x_limits=(low, high), y_limits=up)
    return Plot(
        axes,
        [*_tangents(at, theme), *_curves(at, "values", theme)],
        handles=[target, _point_handle(at, _found(at).value, theme)],
        spans=_spans(at, theme),
        cursor=(at.config.point, ""),
    )


def slopes(at: At, theme: Theme) -> Plot:
    """The slopes; at a kink of the loss that is explained, what is true and what is taken."""
    found, ends, x = _found(at), ENDS[at.config.over], SYMBOLS[at.config.over]
    zero = level("zero", "", ends, 0.0, theme.stroke("bound"), width=1.0)
    marks = [
        Mark(x, 0.0, tr("kink: {slopes}", slopes=interval(sides)), theme.stroke(subject(at)))
        for x, *sides in found.kinks
    ]
    return Plot(
        CurveAxes((x, ""), (f"∂L/∂{x}", ""), x_limits=ends, y_limits=_slope_room(at)),
        [zero, *_curves(at, "slopes", theme)],
        marks,
        [_point_handle(at, found.slope, theme)],
        _spans(at, theme, told=not at.tight),
        (at.config.point, ""),
    )


def _curves(at: At, which: str, theme: Theme) -> list[Curve]:
    """The explained loss in pinned runs over the same axis; all losses, the explained one last, on top."""
    own, over = subject(at), at.config.over

    def of_run(config: CurvesConfig, recording: Recording, name: str = own) -> list[Curve]:
        if config.over != over:
            return []
        shot: CurvesSnapshot = recording.snapshot(0)[1]
        y, width = getattr(shot.losses[name], which), 2.8 if name == own else 1.5
        return [Curve(name, tr(TITLES[name]), shot.grid, y, theme.stroke(name), width=width)]

    curves = behind(at, of_run)
    for name in sorted(drawn(at), key=lambda name: name == own):
        curves += of_run(at.config, at.recording, name)
    return curves


def _tangents(at: At, theme: Theme) -> list[Curve]:
    """A stretch of the tangent at the point for every loss that has one there and is seen there."""
    (low, high), top, found = ENDS[at.config.over], _top(at), at.snapshot.losses
    curves = []
    for name in drawn(at):
        value, slope = found[name].value, found[name].slope
        if found[name].sides is None and isfinite(slope) and value < top:
            run = TANGENT / hypot(1.0 / (high - low), slope / top)  # as long on paper, whatever its slope
            ends = np.array([-run, run])
            curves.append(
                Curve(
                    f"{name}.tangent",
                    "",
                    at.config.point + ends,
                    value + slope * ends,
                    Stroke(theme.stroke(name).colour),
                    width=3.4,
                    aid=True,
                )
            )
    return curves


def _point_handle(at: At, y: float, theme: Theme) -> Handle:
    name = f"{SYMBOLS[at.config.over]} = {short_text(at.config.point, 4)}"
    return Handle("point", name, at.config.point, y, theme.stroke(subject(at)), "x")


def _spans(at: At, theme: Theme, told: bool = True) -> list[Span]:
    """Where the explained loss saturates; the words stand on the wider side of the point."""
    spans, colour = [], Stroke(theme.error)
    words = tr("{loss}: saturated", loss=tr(TITLES[subject(at)])), colour, tr("saturated")
    for x0, x1 in _found(at).flat:
        middle = min(max(at.config.point, x0), x1)
        parts = sorted(((x0, middle), (middle, x1)), key=lambda part: part[1] - part[0])
        spans += [Span(*parts[0], "", colour), Span(*parts[1], *(words if told else ("", colour)))]
    return spans


def _both_names(name: str) -> str:
    """A loss by its name, and in parentheses as the buttons call it where that is another one."""
    title, short = tr(TITLES[name]), tr(SHORT[name])
    return f"{title} ({short})" if short.isupper() else title


def show_numbers(panel: TablePanel, at: At) -> None:
    """A line for every loss."""
    x, lines = SYMBOLS[at.config.over], []
    for name in drawn(at):
        one = at.snapshot.losses[name]
        cells = (value_text(one.value), slope_text(one), flat_text(one, at.config.over))
        values = (one.value, one.slope, cells[-1])
        lines.append(
            TableRow(_both_names(name), panel.theme.stroke(name), cells, values, short=tr(SHORT[name]))
        )
    panel.title = tr("At {point}", point=f"{x} = {short_text(at.config.point, 4)}")
    panel.set_lines(("L", f"∂L/∂{x}", tr("saturated")), lines, drawn(at).index(subject(at)))
