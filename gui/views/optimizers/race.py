"""Optimizers ▸ Race on the screen: contours and landscape with the paths, f against step, the table."""

import msgspec

from engine.experiments.optimizers.race import RaceConfig, results
from engine.experiments.optimizers.race_rates import each_at_its_best
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.strokes import racer_names
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Room, Urgency, View, every, new_run, nothing
from gui.views.curve_plots import fill_history, fill_plot
from gui.views.optimizers import race_rates as rates
from gui.views.optimizers import race_starts as starts
from gui.views.optimizers.race_anatomy import AnatomyPair, VectorField
from gui.views.optimizers.race_curves import curves
from gui.views.optimizers.race_options import (
    LAYOUTS,
    At,
    RaceOptions,
    inspected,
    inspection,
    minima_of,
    tracks_of,
)
from gui.views.optimizers.race_shows import (
    finding,
    show_landscape,
    show_minima,
    show_paths,
    show_results,
    show_step,
    show_vectors,
)
from gui.views.optimizers.race_spent import UnderLine, Uneven, show_spent, show_uneven
from gui.views.rule_blocks import end_block, race_terms, rule_blocks, surface_block
from gui.views.surface_grid import walk_over

__all__ = ["LAYOUTS", "RaceOptions", "RaceView", "inspected"]

NARROW = 1300  # in a narrower view (pixels) the plot of one step takes all the room


class RaceView(View):
    """A race at any of its steps; the start is dragged on the contours."""

    config_type, options_type = RaceConfig, RaceOptions
    pace = 60.0
    kept_by_plots = ("camera",)

    def build(self, theme: Theme) -> None:
        tip = tr("Give every racer the learning rate with which it ends lowest, the dot on its curve.")
        self.tune = push_button(tr("Each at its best rate"), tip, self._tune)
        looks = ("layout", "starts", "second", "sample", "relative", "log", "vectors", "table")
        self.bar = self.options_bar(*looks, self.tune, "", "racer:")
        self.field = VectorField(tr("Contours of f(x, y)"), theme)
        self.landscape = Surface3DPanel(tr("Landscape of f(x, y)"), theme)
        self.landscape.camera = self.options.camera
        self.anatomy = AnatomyPair(theme)
        self.curves, self.rates, self.spread, self.profile = (CurvesPanel("", theme) for _ in range(4))
        if not theme.presenting:  # the table beside it tells the lines apart
            for plot in (self.curves, self.rates, self.spread, self.profile):
                plot.legend = "paper"
        self.tried = HeatmapPanel("", theme)
        self.tried.square = self.tried.numbers = False
        self.results = TablePanel("", theme)
        self.results.explain(tr("calls: values, gradients and Hessians of f computed"))
        self.spent = TablePanel("", theme)
        self.spent.explain(tr("memory: numbers kept from step to step, beside the point"))
        self.uneven = Uneven(theme)
        self.tuned = TablePanel("", theme)
        self.tuned.explain(tr("then: with its best η · place: now → then"))
        self.shares = TablePanel("", theme)
        self.shares.explain(tr("first: needs the fewest, or as few · lost: diverged"))
        self.tell(finding)
        heroes = (self.field, self.landscape, self.anatomy, self.rates, self.spread)
        pictures = side_by_side(heroes, (10, 9, 16, 16, 16))
        self.beside = UnderLine(self.uneven, self.curves, self.profile, self.tried)
        small = (self.beside, self.results, self.spent, self.tuned, self.shares)
        self.lay_out(self.bar, WithHero(theme, pictures, small, (5, 4, 4, 4, 4)))
        self._fill_all()
        self.field.point_clicked.connect(self._choose_point)
        for table in (self.results, self.spent, self.tuned, self.shares):
            self.on(table.selected, lambda view, racer: view.set_option(racer=racer))
        self.on(self.rates.handle_dragged, lambda view, racer, rate, f: view._set_rate(int(racer), rate))
        self.on(self.tried.selected, lambda view, row, column: view._set_pair(row, column))
        self.on(self.landscape.camera_changed, lambda view: view.set_option(camera=view.landscape.camera))

    def _fill_all(self) -> None:
        soon, settled = Urgency.SOON, Urgency.SETTLED
        walk_over(self, self.field, minima=False)
        self.fill(self.field, show_minima, by=minima_of, early=True)
        # During a drag of the start they would flicker.
        self.fill(self.field, lambda panel, at: panel.set_vectors((), 0.0), by=new_run)
        self.fill(self.field, show_paths)
        self.fill(self.field, show_vectors, anew=settled)
        self.fill(self.landscape, show_landscape, soon, of="surface", by=nothing, early=True)
        self.fill(self.landscape, show_minima, soon, by=minima_of, early=True)
        self.fill(self.landscape, lambda panel, at: panel.set_start(*at.config.start), soon, early=True)
        self.fill(self.landscape, show_paths, soon)
        self.fill(
            self.landscape,
            lambda panel, at, values: panel.end_turning(),
            settled,
            of="surface",
            by=nothing,
            early=True,
        )
        self.fill(self.anatomy, show_step, Urgency.SELDOM)
        fill_history(self, self.curves, curves, told=True)
        self.fill(self.results, show_results, Urgency.READ, early=True)
        self.fill(self.spent, show_spent, Urgency.READ, early=True)
        self.fill(self.uneven, show_uneven, prompt=True)
        self.ask("rates", rates.sweep_wanted, by=rates.sweep_key)
        fill_plot(self, self.rates, rates.plot, by=rates.drawn_by, steady=True, of="rates")
        self.fill(self.rates, rates.show_present, by=rates.present_key)
        self.fill(self.rates, rates.show_first_present, by=rates.drawn_by, of="rates")
        self.fill(self.tried, rates.show_map, by=rates.drawn_by, of="rates")
        self.fill(self.tuned, rates.show_table, by=rates.drawn_by, of="rates")
        self.fill(self.tune, rates.show_button, by=every, of="rates")
        self.ask("starts", starts.starts_wanted, by=starts.starts_key)
        fill_plot(self, self.spread, starts.distribution, by=rates.drawn_by, steady=True, of="starts")
        fill_plot(self, self.profile, starts.profile, by=rates.drawn_by, steady=True, of="starts")
        self.fill(self.shares, starts.show_table, by=rates.drawn_by, of="starts")
        if self.finding is not None:
            self.fill(self.finding, rates.show_finding, by=every, of="rates", prompt=True)
            self.fill(self.finding, starts.show_finding, by=every, of="starts", prompt=True)

    def when(self, at: At) -> str | None:
        if at.config.budget == "steps":
            return None
        return tr("evaluation {step} / {total}", step=at.step, total=at.config.steps)

    def offers(self, at: At) -> dict[str, object]:
        swept, many = (at.options.layout == one for one in ("rates", "starts"))
        others = dict.fromkeys(("vectors", "table"), not (swept or many))  # there is no room for all
        others |= dict.fromkeys(("relative", "log"), not swept)
        others |= dict.fromkeys(("starts", "second"), swept)
        return {"racer": racer_names(at.config.racers), "sample": many, **others}

    def arrange(self, at: At, room: Room) -> bool:
        layout, alone = at.options.layout, at.options.layout == "step" and room.width < NARROW
        self.field.setVisible(layout in ("both", "contour") or (layout == "step" and not alone))
        self.landscape.setVisible(layout in ("both", "surface"))
        self.anatomy.setVisible(layout == "step")
        swept, many = layout == "rates", layout == "starts"
        self.rates.setVisible(swept)
        self.spread.setVisible(many)
        self.profile.setVisible(many)
        mapped = swept and rates.has_map(at)
        self.tried.setVisible(mapped)
        self.curves.setVisible(not (many or mapped))
        self.uneven.setVisible(not many)
        self.beside.setVisible(not alone and not (layout == "both" and self.theme.presenting))  # two plots
        table = "" if alone or swept or many else at.options.table
        self.results.setVisible(table == "standing")
        self.spent.setVisible(table == "spent")
        self.tuned.setVisible(swept)
        self.shares.setVisible(many)
        self.tune.setVisible(swept)
        return False

    def _tune(self) -> None:
        """Give every racer its best rate; if the rates are still being computed, do it afterwards."""
        if self.answer("rates") is None:
            self.catch_up()
        sweep = self.answer("rates")
        if sweep is not None:
            self.edited.emit(each_at_its_best(self.at.config, sweep))

    def _set_rate(self, racer: int, rate: float) -> None:
        """Give one racer the learning rate to which its ring was dragged."""
        racers = list(self.at.config.racers)
        racers[racer] = msgspec.structs.replace(racers[racer], learning_rate=rate)
        self.edit(racers=tuple(racers))

    def _set_pair(self, row: int, column: int) -> None:
        """Give the inspected racer the rate and the second setting of a cell of the map."""
        sweep, racer, racers = self.answer("rates"), inspected(self.at), list(self.at.config.racers)
        if sweep is not None and (pair := rates.pair_at(sweep, racer, row, column)):
            racers[racer] = msgspec.structs.replace(racers[racer], **pair)
            self.edit(racers=tuple(racers))

    def _choose_point(self, key: str, index: int) -> None:
        if key.isdecimal():
            self.set_option(racer=int(key))
            self.step_chosen.emit(index * tracks_of(self.at).stride)

    def terms(self, at: At) -> list[Term]:
        path = str(inspected(at))
        fields = (self.field, *self.anatomy.panels)
        momentum, gradient = (tuple((one, key) for one in fields) for key in ("momentum", "gradient"))
        seen = {
            "gradient": gradient,
            "velocity": momentum,
            "mean": momentum,
            "x_after": ((self.field, path),),
            "position": ((self.field, path),),
        }
        value = term("f", tr("value of the surface"), (self.curves, path), told=False)
        return [*race_terms(inspection(at), at.settings.racers[inspected(at)], seen), value]

    def formulas(self, at: At) -> list[Live]:
        """The update rule and the surface, with the numbers of the step; why a racer ended."""
        found, racer = inspection(at), inspected(at)
        name = racer_names(at.config.racers)[racer]
        if found:
            return [*rule_blocks(found, name), surface_block(at.config, found.x)]
        equations = at.settings.racers[racer].equations
        blocks = [Live("" if index else name, line.latex) for index, line in enumerate(equations)]
        end = results(at.config, at.recording, at.step)[racer].end if at.last >= 0 else None
        return [*blocks, *([end_block(end)] if end else []), surface_block(at.config, at.config.start)]
