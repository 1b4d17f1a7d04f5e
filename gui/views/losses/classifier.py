"""Losses ▸ Image classifier: its weights or regions, its learning curves, and one example step by step."""

from functools import partial

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QWidget

from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.losses.classifier_features import Pixels
from engine.experiments.losses.classifier_inspection import (
    check,
    evaluating,
    follow,
    follow_drawing,
    plane,
)
from gui.look.language import tr
from gui.look.splitters import above_each_other
from gui.look.theme import Theme
from gui.plots.curves import CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.images import ImagesPanel
from gui.plots.own.drawing_pad import Strokes
from gui.plots.regions import RegionsPanel
from gui.screen.hero import WithHero
from gui.screen.options_bar import Switches
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Live, Question, Room, Urgency, View, nothing, options_of
from gui.views.curve_plots import fill_plot, mark_turns
from gui.views.losses.classifier_drawing import drawing_pane, pad_of, show_answer, show_drawing, texts_of
from gui.views.losses.classifier_example import ExamplePanel, show_example
from gui.views.losses.classifier_formulas import (
    batch_block,
    contribution_blocks,
    formulas,
    from_table,
    maps_blocks,
)
from gui.views.losses.classifier_history import (
    drawn_by_curves,
    drawn_by_playhead,
    finding,
    history,
    own_ruler,
    place_of,
    show_playhead,
)
from gui.views.losses.classifier_inside import (
    FIRST_LAYER,
    HeldOutPanel,
    first_of_cell,
    show_confusion,
    show_heat,
    show_held_out,
    show_images,
    show_regions,
)
from gui.views.losses.classifier_maps import MapsPanel, maps_terms, show_maps
from gui.views.losses.classifier_maps_shown import shown_maps
from gui.views.losses.classifier_options import (
    At,
    ClassifierOptions,
    data_of,
    drawing,
    flat,
    followed_of,
    followed_row,
    pictured,
)
from gui.views.muon_blocks import muon_blocks, muon_terms
from gui.views.muon_plot import add_spectra, has_spectra
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

LOW, LOW_WITH_STRIP, HIGH = 460, 640, 900  # in a lower view (pixels) the accuracy is hidden: HIGH with Muon
TALL = 760  # from this height on there is also room for the example step by step


class ClassifierView(View):
    """A large plot of the network's weights or regions; curves and examples beside it; below, one example."""

    config_type, options_type = ClassifierConfig, ClassifierOptions
    asks_anew = True

    def build(self, theme: Theme) -> None:
        self.loss = CurvesPanel(tr("Loss"), theme, "ends")
        self.accuracy = CurvesPanel(tr("Accuracy"), theme, "ends")
        self.images = ImagesPanel(tr(FIRST_LAYER), theme)
        self.heat = HeatmapPanel(tr("Weights of the first layer"), theme)
        self.regions = RegionsPanel(tr("Decision regions"), theme)
        self.confusion = HeatmapPanel(tr("Confusion matrix, held-out examples"), theme)
        self.strip, self.example = HeldOutPanel(theme), ExamplePanel(theme)
        self.maps, self.pad = MapsPanel(theme), pad_of(theme)
        self._fill_all()
        self._connect()
        self._lay_out()

    def _fill_all(self) -> None:
        for panel, quantity in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            fill_plot(self, panel, partial(history, quantity=quantity), by=drawn_by_curves)
            self.fill(panel, partial(show_playhead, quantity=quantity), by=drawn_by_playhead)
            mark_turns(self, panel, place_of)
        self.ask("judged", lambda at: (evaluating, at.config, at.data, at.snapshot), Urgency.SOON)
        self.ask("plane", lambda at: (plane, at.config, at.data, at.snapshot), Urgency.SOON)
        self.ask("trace", way_of_example, Urgency.SOON, told=True)
        self.ask("trace", way_of_example, by=followed_of, told=True)  # at once for another example
        self.fill(self.images, show_images, Urgency.SOON, by=lambda at: at.snapshot)
        self.fill(self.heat, show_heat, Urgency.SOON, by=lambda at: at.snapshot)
        self.fill(self.regions, show_regions, of="plane")
        self.fill(self.confusion, show_confusion, of="judged")
        self.fill(self.strip, show_held_out, of="judged")
        self.spectra = add_spectra(self, lambda at: at.snapshot.muon, Urgency.SOON)
        self.fill(self.maps, show_maps, of="trace", by=nothing)
        self.fill(self.pad, show_drawing, by=options_of)
        self.fill(self.pad, show_answer, of="trace")
        if not self.theme.presenting:  # there it is asked for the formulas alone
            self.fill(self.example, show_example, of="trace", by=nothing)

    def _connect(self) -> None:
        for panel in (self.loss, self.accuracy):
            panel.clicked.connect(self._jump_along)
        self.regions.selected.connect(self._follow_point)
        self.confusion.selected.connect(self._follow_cell)
        self.strip.chosen.connect(self.follow_example)
        self.pad.drawn.connect(self._take_drawing)

    def _lay_out(self) -> None:
        px = self.theme.px
        axis = {
            "steps": tr("Draw the curves against steps"),
            "epochs": tr("Draw the curves against epochs instead of steps"),
        }
        pane = {
            "network": tr("What the network has become inside"),
            "confusion": tr("Which classes are mistaken for which"),
        }
        tip = tr("Compare the gradient of this network on its batch with numeric differences")
        self.check = self.check_button(tip)
        switches = Switches("pane", pane), Switches("axis", axis)
        self.bar = self.options_bar(
            switches[0], self.check, "way", "draw", "wrong_first", "log_loss", switches[1]
        )
        self.inside = QStackedWidget()
        for panel in (self.images, self.maps, self.heat, self.regions, self.confusion):
            self.inside.addWidget(panel)
            panel.setMinimumSize(px(120), px(72))
        for curves in (self.loss, self.accuracy):
            curves.setMinimumSize(px(120), px(56))
        self.strip.setMinimumSize(px(160), px(100))
        self.example.setMinimumSize(px(200), px(96))
        self.example.setMaximumHeight(px(280))
        self.given = QStackedWidget()  # what is followed: an example is chosen, or drawn
        self.given.addWidget(self.loss if self.theme.presenting else self.strip)
        self.given.addWidget(self._drawing_pane())
        small = (self.given, self.strip) if self.theme.presenting else (self.loss, self.given)
        above = WithHero(self.theme, self.inside, (*small, self.accuracy, self.spectra), (4, 5, 4, 4))
        self.setMinimumSize(px(260), px(240))  # the same whatever is shown, so that no window jumps
        self.tell(finding)
        self.lay_out(self.bar, above_each_other((above, self.example), (72, 28)))

    def _drawing_pane(self) -> QWidget:
        """The paper to draw on, under its tools."""
        undo = push_button(tr("Undo"), tr("Take the last stroke back (Backspace)"), self.pad.take_back)
        wipe = push_button(tr("Clear"), tr("Take all strokes back (Delete)"), self.pad.wipe)
        return drawing_pane(self.pad, self.options_bar(undo, wipe, "pen:", ""))

    def arrange(self, at: At, room: Room) -> bool:
        """Show what suits the data; in a low window the strip counts the mistakes, without the accuracy."""
        muon = has_spectra(at) and not drawing(at)
        self.spectra.setVisible(muon)
        low = HIGH if muon else LOW if flat(at) else LOW_WITH_STRIP
        self.accuracy.setVisible(room.height >= low)
        self.given.setCurrentIndex(int(drawing(at)))
        if not self.theme.presenting:  # there it is one of what is given
            self.loss.setVisible(not self._gives_way(at, room))
        (self.strip if self.theme.presenting else self.given).setVisible(not flat(at))
        way = at.options.way or drawing(at) or room.height >= TALL
        self.example.setVisible(not self.theme.presenting and way)
        data = data_of(at)
        weights = self.heat if data is not None and len(data.shape) == 1 else self.images
        if pictured(at) and at.config.features != Pixels():
            weights = self.maps
        network = self.regions if flat(at) else weights
        self.inside.setCurrentWidget(self.confusion if at.options.pane == "confusion" else network)
        self.bar["pane"].rename("network", tr("Regions") if flat(at) else tr("Weights"))
        return False

    def offers(self, at: At) -> dict[str, object]:
        drawn = drawing(at)
        way = self.room.height < TALL and not drawn
        curves = not self._gives_way(at, self.room)
        chosen = {"wrong_first": not flat(at) and not drawn, "way": way, "draw": pictured(at)}
        return {**chosen, "log_loss": curves, "axis": curves}

    def _gives_way(self, at: At, room: Room) -> bool:
        """Whether the paper has the room of the curves: while one draws in a low window."""
        return drawing(at) and room.height < LOW_WITH_STRIP and not self.theme.presenting

    def clear(self) -> None:
        for curves in (self.loss, self.accuracy, self.spectra):
            curves.set_curves(())
        self.images.set_images(np.zeros((0, 1, 1)))
        for heat in (self.heat, self.confusion):
            heat.set_matrix(np.zeros((0, 0)))
        self.strip.show_nothing()
        self.example.show_nothing()
        self.maps.show_nothing()

    def follow_example(self, row: int) -> None:
        """Follow an example (a row of the data), and show it step by step."""
        self.set_option(example=row, way=True, draw=False)

    def _take_drawing(self, strokes: Strokes) -> None:
        self.set_option(drawing=texts_of(strokes))

    def _follow_point(self, index: int) -> None:
        self.follow_example(int(self.answer("plane").rows[index]))

    def _follow_cell(self, true: int, taken: int) -> None:
        judged, data = self.answer("judged"), data_of(self.at)
        row = first_of_cell(judged, data, true, taken) if judged is not None and data is not None else None
        if row is not None:
            self.follow_example(row)

    def _jump_along(self, place: float) -> None:
        self.jump(own_ruler(self.at).step(max(0.0, place)))

    def check_question(self, at: At) -> Question:
        return check, at.settings, at.data, at.snapshot

    def terms(self, at: At) -> list[Term]:
        layers = self.images, self.heat
        return [
            term(
                "L_n", tr("loss of an example"), (self.loss, "training"), (self.loss, "held_out"), told=False
            ),
            term("L", tr("the loss"), self.example),
            *(term(letter, tr("logits of the example"), self.example) for letter in (r"\mathbf{z}", "z_i")),
            *(
                term(letter, tr("probabilities of the classes"), self.example)
                for letter in (r"\mathbf{p}", "p_i", "p_{c}")
            ),
            term("W^{\\top}", tr("weights of the layer"), *layers),
            term(r"\mathbf{x}", tr("the example"), self.example, self.strip, (self.maps, "image")),
            *maps_terms(self.maps),
            *schedule_terms(at.settings.optimizer, at.step),
            *muon_terms(at.settings.optimizer, self.spectra),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        """Return the formulas of the inputs, the loss, and the last steps of the example."""
        data, trace = data_of(at), self.answer("trace")
        if data is None or trace is None:
            return [] if data is None else None
        checks, rule = self.checks(at), at.settings.optimizer
        of_filters = checks[0] if len(checks) > 1 else None
        blocks = [
            *maps_blocks(at.config, trace, of_filters),
            *contribution_blocks(shown_maps(at, trace)),
            *formulas(trace, data.class_names, at.settings.label_smoothing, *checks[-1:]),
        ]
        before = [*from_table(data), batch_block(at), *schedule_blocks(rule, at.step)]
        return [*before, *blocks, *muon_blocks(rule, self.answer("spectra"), at.kept)]


def way_of_example(at: At) -> Question:
    """Ask for all numbers of the example that is followed, or of the drawing."""
    if drawing(at):
        return follow_drawing, at.settings, at.data, at.snapshot, at.options.drawing, at.options.pen
    return follow, at.settings, at.data, at.snapshot, followed_row(at)
