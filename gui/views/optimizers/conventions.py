"""Optimizers ▸ Conventions on the screen: the paths of two forms of a method, and how far they are apart."""

from dataclasses import replace
from typing import Annotated

import numpy as np

from engine.config import Config, plain
from engine.experiments.optimizers.conventions import ConventionsConfig, FormStep, step_of
from engine.experiments.optimizers.conventions_names import FRAMEWORKS, Calls, calls
from engine.experiments.optimizers.conventions_translation import SAME, exactness, needed, translated, ways
from engine.recording import Recording
from gui.look.language import tr
from gui.look.splitters import above_each_other
from gui.look.theme import Theme
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.own.table import TablePanel, TableRow
from gui.plots.ticks import value_text
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, View
from gui.views.curve_plots import Plot, fill_history, over_steps
from gui.views.optimizers import conventions_words as words
from gui.views.pinned import column_curve, column_path, saying_pinned, with_pinned
from gui.views.rule_blocks import surface_block
from gui.views.surface_grid import walk_over

PATHS = ("first_form", "untranslated", "second_form")  # their strokes
WIDE = 4.0  # pixels
SHARE, LESS = 75, 66  # percent of the width that are the paths', and in a lecture
NEARLY = 0.9  # a distance of this fraction of the largest one counts as nearly the largest
TALL = 640  # from this height (pixels) on there is room for the paths and six lines of code


class ConventionsOptions(Config, frozen=True):
    """The options of the view."""

    translate: Annotated[
        bool,
        plain("Translate", "Show the second form with the settings that make it the first, or the nearest."),
    ] = True


At = Moment[ConventionsConfig, ConventionsOptions]


class ConventionsView(View):
    """The paths on the contours, the distance between them, and what to write in three frameworks."""

    config_type, options_type = ConventionsConfig, ConventionsOptions
    pace = 30.0

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("translate", "")
        self.field = FieldPanel(tr("Both forms from the same start"), theme)
        self.apart = CurvesPanel(tr("Distance between the forms"), theme)
        self.names = TablePanel("", theme)
        self.names.wordy = True
        self.tell(finding, opens_on=opening)
        walk_over(self, self.field)
        self.fill(self.field, show_paths)
        fill_history(self, self.apart, distances, told=True)
        self.fill(self.names, show_names)
        pictures = WithHero(theme, self.field, (self.apart,), share=LESS if theme.presenting else SHARE)
        self.lay_out(self.bar, above_each_other((pictures, self.names), (1, 0)))
        self.on(self.field.point_clicked, lambda view, key, index: view.step_chosen.emit(index))

    def offers(self, at: At) -> dict[str, object]:
        return {"translate": needed(at.config)}

    def arrange(self, at: At, room: Room) -> bool:
        """Show only the paths and the distance in a lecture, else also what to write in the frameworks.

        Where its two columns have no room, the forms are below each other, unless the page is low too.
        """
        self.names.setVisible(not self.theme.presenting)
        in_columns(self.names, at)
        tight = self.names.narrowest > room.width and room.height >= TALL
        if tight:
            in_lines(self.names, at)
        px, lines = self.theme.px, len(self.names.lines) + 1
        self.names.setFixedHeight(lines * (self.names.line_height + px(4)) + 2 * px(8) + px(4))
        return tight

    def terms(self, at: At) -> list[Term]:
        paths = ((self.field, "0"),), ((self.field, shown(at)),)
        told = distance_text(at, shown(at))
        apart = term("d_t", tr("distance of the two points"), (self.apart, shown(at)), value=told)
        return [*words.form_terms(at.config, steps_at(at), at.step, paths, translates(at)), apart]

    def formulas(self, at: At) -> list[Live]:
        first, second = steps_at(at)
        place = first.measured_at if first is not None else at.config.start
        both = tuple(distance_text(at, path) for path in ("12" if needed(at.config) else "1"))
        return [
            *words.form_blocks(at.config, (first, second), at.step, translates(at)),
            *words.translation_blocks(at.config, at.step, translates(at)),
            words.distance_block(both),
            surface_block(at.config, place),
        ]


def translates(at: At) -> bool:
    """Whether the second form is shown translated: if that is chosen and changes anything."""
    return at.options.translate and needed(at.config)


def shown(at: At) -> str:
    """Return the name of the second form's path that is explained: unchanged, or translated."""
    return "2" if translates(at) else "1"


def steps_at(at: At) -> tuple[FormStep | None, FormStep | None]:
    """Return all quantities of the last step of both forms."""
    return at.once(_steps, at.config, at.recording, at.step, int(shown(at)))


def _steps(
    config: ConventionsConfig, recording: Recording, step: int, second: int
) -> tuple[FormStep | None, FormStep | None]:
    if not 0 < step <= recording.last:
        return None, None
    kept, snapshot = recording.snapshot(step - 1)
    first, other = (step_of(config, kept, snapshot, step, which) for which in (0, second))
    return first, other


def distance_text(at: At, path: str) -> str:
    """How far a path of the second form is from the first at the moment."""
    return value_text(at.value(f"{path}.apart")) if at.last >= 0 else ""


def opening(at: At) -> int | None:
    """Return the step at which the second form, with the same numbers, is nearly at its largest distance."""
    if at.last < at.config.steps:
        return None
    apart = np.nan_to_num(at.recording.column("1.apart"))
    return int(np.argmax(apart >= NEARLY * apart.max())) or None


def finding(at: At) -> str:
    """Whether the two stay together, and how far apart they are without a translation."""
    near, apart = (at.recording.column(f"{path}.apart")[: at.step + 1] for path in "21")
    return words.verdict(at.config, at.step, near, apart)


def names_of(at: At) -> tuple[str, str, str]:
    """What the three paths are called."""
    first, second = words.form_titles(at.config.family)
    return first, second, tr("{name}, translated", name=second)


def show_paths(panel: FieldPanel, at: At) -> None:
    """Draw the first form, and over it the second: with the same numbers, and translated."""
    names, theme = names_of(at), panel.theme
    tracks = [
        column_path(ghost.recording, path, "", theme.stroke(PATHS[int(path)]), pinned_as=f"ghost {k}.{path}")
        for k, ghost in enumerate(at.ghosts)
        for path in "01"
    ]
    own = {
        path: column_path(at.recording, path, names[int(path)], theme.stroke(PATHS[int(path)]), at.step)
        for path in ("102" if translates(at) else "01" if alike(at) else "10")
    }
    own["0"] = replace(own["0"], width=WIDE)  # so that both are seen where one lies on the other
    last = [*own][-1]
    if last != "0":
        own[last] = replace(own[last], halo=False)
    panel.set_paths([*tracks, *own.values()])


def alike(at: At) -> bool:
    """Whether both forms take one path as they stand."""
    return exactness(at.config.family) == SAME and not needed(at.config)


def distances(at: At, theme: Theme) -> Plot:
    """The distance from the first form, with the same numbers and translated."""

    def of_run(config: ConventionsConfig, recording: Recording) -> list[Curve]:
        said = {"1": tr("same numbers")} | ({"2": tr("translated")} if needed(config) else {})
        curves = (
            column_curve(recording, f"{path}.apart", name, theme.stroke(PATHS[int(path)]))
            for path, name in said.items()
        )
        return [replace(curve, key=curve.key[0]) for curve in curves]

    family = at.config.family
    axes = over_steps(at.config.steps, tr("distance"), log=family.first != family.second)  # else all are 0
    return Plot(axes, with_pinned(at, of_run, saying_pinned))


def show_names(panel: TablePanel, at: At) -> None:
    """What to write for each form, in two columns or, where these have no room, below each other."""
    (in_lines if at.tight else in_columns)(panel, at)
    written = (f"{line.name}: {call}" for line in panel.lines for call in line.cells if call != "–")
    panel.setToolTip("\n".join(written))  # whole, however narrow the table is


def in_columns(panel: TablePanel, at: At) -> None:
    """A column for each form."""
    lines = [
        TableRow(name, None, (one or "–", two or "–"))
        for name, one, two in zip(FRAMEWORKS, *what_to_write(at), strict=True)
    ]
    panel.set_lines(shown_names(at), lines)


def in_lines(panel: TablePanel, at: At) -> None:
    """A line for each form of each framework; a stroke tells the forms apart where names are cut."""
    strokes = [panel.theme.stroke(PATHS[index]) for index in (0, int(shown(at)))]
    lines = [
        TableRow(f"{framework} · {name}", stroke, (call or "–",), short=framework)
        for framework, *both in zip(FRAMEWORKS, *what_to_write(at), strict=True)
        for name, stroke, call in zip(shown_names(at), strokes, both, strict=True)
    ]
    panel.set_lines((tr("what to write"),), lines)


def shown_names(at: At) -> tuple[str, str]:
    """What the first form is called, and the second as it is shown."""
    return names_of(at)[0], names_of(at)[int(shown(at))]


def what_to_write(at: At) -> tuple[Calls, Calls]:
    """Both forms in each framework, so that the second takes the path that is shown."""
    family, t = at.config.family, max(at.step, 1)
    second = translated(at.config) if translates(at) else ways(at.config)[1]
    pairs = (family.first, ways(at.config)[0]), (family.second, second)
    first, other = (calls(family, form, way.rule_at(t), at.config.rate_changes) for form, way in pairs)
    return first, other
