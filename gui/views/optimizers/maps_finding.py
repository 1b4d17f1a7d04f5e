"""The sentence over a map: where the starts end, or which setting is the fastest."""

from engine.experiments.optimizers.maps import Snapshot
from engine.experiments.optimizers.maps_config import MapsConfig, axes_of
from engine.experiments.optimizers.maps_summary import Summary
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.views.optimizers.maps_words import axis_text, percent, place_name


def what_a_map_finds(config: MapsConfig, shot: Snapshot, summary: Summary | None) -> str:
    """What the whole map comes to; while it is being made, what a pixel is."""
    if summary is None:
        return _making(config, shot)
    if summary.largest < 0:
        return tr("No run comes to rest: {diverged} diverge, the others are undecided.",
                  diverged=percent(summary.diverged))  # fmt: skip
    if config.kind == "rates":
        return _fastest(config, summary)
    place, most = place_name(shot.points, summary.largest), percent(summary.most)
    if summary.nearest is None:
        return tr("{most} of the starts end at the {place}, half of them within {steps} steps.",
                  most=most, place=place, steps=short_text(summary.median, 6))  # fmt: skip
    return tr("{near} of the starts end at the minimum nearest to them; "
              "the largest basin, {most}, is that of the {place}.",
              near=percent(summary.nearest), most=most, place=place)  # fmt: skip


def _making(config: MapsConfig, shot: Snapshot) -> str:
    runs, count = shot.runs, shot.place.size
    if config.kind == "basins":
        return tr("Each pixel is a start: {runs} of {all} runs are done.", runs=runs, all=count)
    return tr(
        "Each pixel is a setting of the optimizer: {runs} of {all} runs are done.", runs=runs, all=count
    )


def _fastest(config: MapsConfig, summary: Summary) -> str:
    """The quickest of many settings, and how many arrive at all."""
    assert summary.fastest is not None
    across, up, steps = summary.fastest
    x, y = (axis_text(axis, share) for axis, share in zip(axes_of(config), (across, up), strict=True))
    arrived, lost = percent(summary.arrived), percent(summary.diverged)
    return tr("Fastest is {x}, {y}: {steps} steps; {arrived} of the settings arrive, {diverged} diverge.",
              x=x, y=y, steps=steps, arrived=arrived, diverged=lost)  # fmt: skip
