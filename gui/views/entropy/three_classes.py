"""Entropy ▸ Three classes on the screen: the triangle, the losses of all descents, and their slopes."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import numpy as np

from engine.config import Config, choice, plain
from engine.experiments.entropy.three_classes import inspect, right_from
from engine.experiments.entropy.three_classes_config import (
    PRESETS,
    ThreeClassesConfig,
    with_start,
    with_truth,
)
from engine.experiments.entropy.three_classes_map import (
    Landscape,
    Region,
    landscape_of,
    map_values,
    shapes_of,
)
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.streamlines import SPARSE, USUAL
from engine.information.triangle import point_of
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.path import Track
from gui.screen.hero import WithHero
from gui.screen.options_widgets import Presets
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Question, Urgency, View, nothing
from gui.views.curve_plots import Plot, fill_history, over_steps
from gui.views.entropy import three_classes_words as words
from gui.views.entropy.three_classes_panel import COARSE, TrianglePanel
from gui.views.entropy.three_classes_picture import BOUNDS
from gui.views.pinned import column_curve, column_path, with_pinned
from gui.views.schedule_blocks import schedule_terms
from gui.views.surface_grid import Array, Drawn, see_closely

GRID, COARSE_GRID = 141, 71  # points along each side of the landscape; the same while P is dragged
SHAPED, APART = 95, 2  # the same of where it is flat while P is dragged, and of its hatching
LEVELS = 14
SHARE = 66  # per cent of the width for the triangle
WIDE, NARROW = 3.4, 1.6  # widths in pixels, so that both are visible where KL equals cross-entropy
PATHS = [name for name in DIVERGENCES if name != "kl"]  # the path of KL is that of cross-entropy
TITLES = {name: loss.title for name, loss in DIVERGENCES.items()}


class ThreeClassesOptions(Config, frozen=True):
    """The options of the view."""

    of: Annotated[
        str, choice("Landscape of", "The loss that the colours, the lines and the sentence are of.", TITLES)
    ] = "squared_error"
    lines: Annotated[
        bool, plain("Streamlines", "Show where descent with very small steps carries every Q.")
    ] = True
    log: Annotated[bool, plain("Log axis", "Show losses and slopes on logarithmic axes.")] = True


At = Moment[ThreeClassesConfig, ThreeClassesOptions]


class ThreeClassesView(View):
    """A large triangle with the landscape of one loss; small plots of the losses and their gradients."""

    config_type, options_type = ThreeClassesConfig, ThreeClassesOptions
    pace = 10.0

    def build(self, theme: Theme) -> None:
        titles = {name: tr(words.PRESETS[name]) for name in PRESETS}
        tip = tr("Sets P and the start of Q to a pair worth looking at.")
        self.presets = Presets(tr("Preset"), tr("Choose a preset …"), tip, titles)
        self.bar = self.options_bar("of:", self.presets, "lines", "log", "")
        self.triangle = TrianglePanel("", theme)
        self.losses = CurvesPanel(tr("Losses"), theme, "strip")
        self.slopes = CurvesPanel(tr("|∂L/∂z|, each at its own Q"), theme, "strip")
        self._fill_all()
        self.triangle.handle_dragged.connect(self._drag)
        self.on(self.triangle.point_clicked, lambda view, key, step: view.jump(step))
        self.presets.chosen.connect(self._take_preset)
        self.tell(words.finding, opens_on=opening)
        self.lay_out(self.bar, WithHero(theme, self.triangle, (self.slopes, self.losses), share=SHARE))

    def _fill_all(self) -> None:
        self.ask("values", coarse_values, by=words.landscape, early=True)
        self.ask("shapes", coarse_shapes, Urgency.SOON, by=landscape_key, early=True)
        self.ask("landscape", whole_landscape, Urgency.SETTLED, by=landscape_key, early=True)
        self.questions.spare("told")
        self.ask("told", inspected, by=told_key)
        self.fill(self.triangle, show_handles, early=True)
        # coarse while P is dragged, and fine afterwards
        self.fill(self.triangle, show_coarse_values, of="values", by=nothing, early=True)
        self.fill(self.triangle, show_coarse_shapes, of="shapes", by=nothing, early=True)
        self.fill(self.triangle, show_landscape, of="landscape", by=nothing, early=True)
        see_closely(self, self.triangle, drawn_landscape)
        self.fill(self.triangle, show_paths)
        for panel, plot in ((self.slopes, slopes), (self.losses, losses)):
            fill_history(self, panel, plot)

    def arrange(self, at: At, room: object) -> bool:
        pair = (at.config.p, at.config.start)
        self.presets.show_choice(next((name for name, preset in PRESETS.items() if preset == pair), None))
        return False

    def terms(self, at: At) -> list[Term]:
        name = at.options.of
        path = (self.triangle, "cross_entropy" if name == "kl" else name)
        return [
            *words.loss_terms(at, (self.losses, name)),
            term("p_i", tr("probability of a class in truth"), (self.triangle, "p")),
            term("p_j", tr("probability of a class in truth"), (self.triangle, "p")),
            term("q_i", tr("probability of a class in the prediction"), path),
            term("q_j", tr("probability of a class in the prediction"), path),
            *schedule_terms(at.settings.optimizer, at.step),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        found = self.answer("told")
        if found is None and words.prediction(at) is not None:
            return None
        return words.blocks(at, found)

    def _drag(self, key: str, x: float, y: float, digits: int) -> None:
        """Set P or the start to a point of the plane."""
        config = self.at.config
        if key == "p":
            edited = with_truth(config, (x, y), digits, held=digits == COARSE)
        else:
            edited = with_start(config, (x, y), digits)
        if edited != config:
            self.edited.emit(edited)

    def _take_preset(self, name: str) -> None:
        p, start = PRESETS[name]
        self.edit(p=p, start=start)


def opening(at: At) -> int | None:
    """Return the step at which cross-entropy predicts the right class, and the chosen loss often not yet."""
    if at.last < at.config.steps:
        return None
    return at.once(right_from, at.config, at.recording, at.last, words.compared_with(at)) or None


def inspected(at: At) -> Question:
    """Ask for the numbers that the formulas show."""
    return inspect, at.config, at.recording, at.step, at.options.of


def told_key(at: At) -> object:
    """Return what the formulas depend on."""
    return at.recording, at.step, at.options.of


def landscape_key(at: At) -> object:
    """Return what the landscape depends on, and whether it has streamlines."""
    return at.options.lines, words.landscape(at)


def coarse_values(at: At) -> Question:
    """Ask for the values on a coarse grid, which is fast."""
    return map_values, words.landscape(at), BOUNDS, COARSE_GRID


def coarse_shapes(at: At) -> Question:
    """Ask for the flat region with wrong Q, on a coarse grid, and for some streamlines."""
    return shapes_of, words.landscape(at), BOUNDS, SHAPED, SPARSE if at.options.lines else None, APART


def whole_landscape(at: At) -> Question:
    """Ask for the whole landscape on the fine grid."""
    return landscape_of, words.landscape(at), BOUNDS, GRID, USUAL if at.options.lines else None


def drawn_landscape(at: At) -> Drawn:
    """Return what computes the values of a part to which the user has zoomed."""
    over = words.landscape(at)
    return None if over.infinite_everywhere else (map_values, over)


def show_handles(panel: TrianglePanel, at: At) -> None:
    """Show P and the start, and the title of the landscape."""
    over = words.landscape(at)
    panel.expect(BOUNDS)
    panel.title = tr("Every Q over three classes: {loss}", loss=DIVERGENCES[over.loss].sign)
    panel.told_at = partial(words.told, over)
    panel.set_truth(at.config.p)
    panel.set_start(*map(float, point_of(at.config.start)))


def show_coarse_values(panel: TrianglePanel, at: At, values: Array) -> None:
    """Show the colours of the coarse grid, unless the whole landscape has already come."""
    if panel.whole != landscape_key(at):
        panel.whole = None
        show_values(panel, at, values)


def show_coarse_shapes(panel: TrianglePanel, at: At, found: tuple[Region, list[Array]]) -> None:
    """Show the flat region of the coarse grid and some streamlines, unless the whole landscape has come."""
    if panel.whole != landscape_key(at):
        panel.whole = None
        show_shapes(panel, at, *found)


def show_landscape(panel: TrianglePanel, at: At, found: Landscape) -> None:
    """Show the whole landscape."""
    panel.whole = landscape_key(at)
    show_values(panel, at, found.values)
    show_shapes(panel, at, found.flat, found.lines)


def show_values(panel: TrianglePanel, at: At, values: Array) -> None:
    """Show the values of the loss as colours."""
    over = words.landscape(at)
    panel.colour_bar = not over.infinite_everywhere
    panel.set_field(values, BOUNDS, log_levels=False, levels=LEVELS)
    panel.set_notes(words.notes(over, bool(panel.outlines)))


def show_shapes(panel: TrianglePanel, at: At, flat: Region, lines: list[Array]) -> None:
    """Show where the loss is flat although Q is wrong, and the streamlines."""
    panel.set_flat(flat)
    panel.set_streams(lines)
    panel.set_notes(words.notes(words.landscape(at), bool(panel.outlines)))


def show_paths(panel: TrianglePanel, at: At) -> None:
    """Show the paths of all losses, those of pinned runs behind."""
    behind = [
        _path(ghost.config, ghost.recording, name, panel.theme, pinned_as=f"ghost {k}.{name}")
        for k, ghost in enumerate(at.ghosts)
        for name in PATHS
    ]
    own = [_path(at.config, at.recording, name, panel.theme, at.step) for name in PATHS]
    panel.set_paths([path for path in (*behind, *own) if path is not None])


def _path(
    config: ThreeClassesConfig,
    recording: Recording,
    name: str,
    theme: Theme,
    step: int | None = None,
    pinned_as: str = "",
) -> Track | None:
    """Return the path of one loss; None if the loss is ∞ everywhere."""
    if name == "reverse_kl" and not all(config.p):
        return None
    title = "CE, KL" if name == "cross_entropy" else words.SHORT[name]
    return column_path(recording, name, "" if pinned_as else title, theme.stroke(name), step, pinned_as)


def losses(at: At, theme: Theme) -> Plot:
    """Return all losses against the step, in the unit of the base; without those that are ∞."""
    names = {name: loss.sign for name, loss in DIVERGENCES.items()}
    widths = dict.fromkeys(names, NARROW) | {"cross_entropy": WIDE}
    return _over_steps(at, theme, "loss", tr("loss"), names, widths)


def slopes(at: At, theme: Theme) -> Plot:
    """Return the lengths of all gradients against the step."""
    return _over_steps(at, theme, "slope", "|∂L/∂z|", {name: words.SHORT[name] for name in PATHS}, {})


def _over_steps(
    at: At, theme: Theme, column: str, label: str, names: dict[str, str], widths: dict[str, float]
) -> Plot:
    def of_run(_: ThreeClassesConfig, recording: Recording) -> list[Curve]:
        curves = {
            name: column_curve(recording, f"{name}.{column}", title, theme.stroke(name))
            for name, title in names.items()
        }
        return [
            replace(curve, key=name, width=widths.get(name, curve.width))
            for name, curve in curves.items()
            if np.isfinite(curve.y[0])
        ]

    axes = over_steps(at.config.steps, label, "", at.options.log, log_option="log")
    return Plot(axes, with_pinned(at, of_run))
