"""A field that is zoomed or panned is computed for what is seen: as smooth as the whole, and filled."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from engine.config import replaced
from engine.experiments.gradients import clipping
from engine.experiments.optimizers import batches, maps, newton, race
from gui.views.gradients.clipping import ClippingView
from gui.views.optimizers.batches import BatchesView
from gui.views.optimizers.maps import MapsView
from gui.views.optimizers.newton import NewtonView
from gui.views.optimizers.race import RaceView
from tests.gui.plots.conftest import wheel
from tests.gui.views.moments import present, ran

PAGES = {
    "race": (RaceView, race, race.RaceConfig(steps=5), "field"),
    "newton": (NewtonView, newton, newton.NewtonConfig(scene="surface", steps=3), "field"),
    "map": (MapsView, maps, maps.MapsConfig(steps=10), "map"),
    "batches": (BatchesView, batches, batches.BatchesConfig(steps=5), "field"),
    "clipping": (ClippingView, clipping, clipping.ClippingConfig(steps=5), "field"),
}


def shown(page, name):
    kind, module, config, panel = PAGES[name]
    view = page(kind, config, ran(module.EXPERIMENT, config).recording)
    view.catch_up()
    return view, getattr(view, panel)


def part(panel):
    return panel.level_lines.part


def settled(view, qtbot):
    """Once what is seen is known finely; all that is asked is asked by itself."""
    qtbot.waitUntil(lambda: not view.waits and not view.questions.waits())


@pytest.mark.parametrize("name", PAGES)
def test_what_is_zoomed_into_is_computed_anew_and_covers_the_view(name, page, qtbot):
    view, panel = shown(page, name)
    rect = panel.axes().plane.rect
    for _ in range(3):
        wheel(panel, QPointF(rect.left() + 0.3 * rect.width(), rect.center().y()), 240)
    qtbot.waitUntil(lambda: part(panel) is not None and part(panel).covers(panel.ranges))
    settled(view, qtbot)
    (low, high), _ = panel.ranges
    (first, last), _ = part(panel).bounds
    pixels = part(panel).values.shape[1] * (high - low) / (last - first)
    assert pixels >= rect.width() / 5  # of the field there is a value for every five pixels at least
    panel.reset_zoom()
    assert part(panel) is None


def test_its_values_are_those_of_the_surface_in_the_colours_of_the_whole(page, qtbot):
    view, panel = shown(page, "race")
    panel.look_at(((0.9, 1.1), (0.8, 1.2)))
    qtbot.waitUntil(lambda: part(panel) is not None)
    for x, y in [(0.95, 1.1), (1.03, 0.85), (1.0, 1.0)]:
        assert part(panel).at(x, y) == pytest.approx((1 - x) ** 2 + 100 * (y - x * x) ** 2, abs=2e-3)
    assert len(part(panel).contours) > 8  # the whole has hardly any level there
    place = panel.axes().plane.point(1.05, 0.85).toPoint()
    before = panel.grab().toImage().pixelColor(place)
    panel.bar.setLevels((8.0, 9.0))  # decades: everything is far below them
    after = panel.grab().toImage().pixelColor(place)
    assert before != after
    assert after.lightness() < 80  # the lowest colour


def test_who_goes_home_and_comes_back_finds_it_as_fine_as_before(page, qtbot):
    view, panel = shown(page, "race")
    panel.look_at(((0.9, 1.1), (0.8, 1.2)))
    qtbot.waitUntil(lambda: part(panel) is not None)
    panel.reset_zoom()
    settled(view, qtbot)
    assert part(panel) is None
    panel.look_at(((0.9, 1.1), (0.8, 1.2)))
    settled(view, qtbot)
    assert part(panel) is not None
    assert part(panel).covers(panel.ranges)


def test_a_small_move_asks_nothing_anew_and_another_surface_is_seen_as_a_whole(page, qtbot):
    view, panel = shown(page, "race")
    panel.look_at(((0.9, 1.1), (0.8, 1.2)))
    qtbot.waitUntil(lambda: part(panel) is not None)
    before = part(panel)
    panel.look_at(((0.91, 1.11), (0.8, 1.2)))
    settled(view, qtbot)
    assert part(panel) is before
    (x0, x1), (y0, y1) = panel.home
    panel.look_at(((x1, 2 * x1 - x0), (y0, y1)))  # all of it is beside what was computed at first
    qtbot.waitUntil(lambda: part(panel).covers(panel.ranges))
    assert np.isfinite(part(panel).values).all()
    config = replaced(view.at.config, surface="himmelblau")
    present(view, config, ran(race.EXPERIMENT, config).recording, 5)
    settled(view, qtbot)
    assert part(panel) is None
    assert not panel.zoomed
