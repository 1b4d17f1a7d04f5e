"""The table of a race: a line for each racer."""

from collections.abc import Sequence

from engine.experiments.optimizers.race import RaceConfig, Result
from gui.language import tr
from gui.numbers import number_text, short_text
from gui.plots.own.table import Line
from gui.theme import Stroke


def table_title(config: RaceConfig) -> str:
    """What the table tells, with the tolerance that its steps count to."""
    return tr("At this step · steps until f − f* ≤ {tolerance}", tolerance=short_text(config.tolerance))


def table_head() -> tuple[str, ...]:
    """The names of the columns: f, the distance to the nearest known minimum, steps, evaluations."""
    return (
        "f",
        "‖x − x*‖",
        tr("steps"),
        tr("calls"),
    )


def table_lines(found: Sequence[Result], names: Sequence[str], strokes: Sequence[Stroke]) -> list[Line]:
    """Each racer: f, distance to the nearest known minimum, steps to the tolerance, evaluations."""
    lines = []
    for result, name, stroke in zip(found, names, strokes, strict=True):
        ended = tr("✗ step {step}", step=result.end.step) if result.end else None
        cells = (
            ended or _text(result.value),
            _text(result.distance),
            "–" if result.reached is None else str(result.reached),
            str(result.evaluations),
        )
        values = (ended or result.value, result.distance, result.reached, result.evaluations)
        lines.append(Line(name, stroke, cells, values))
    return lines


def _text(value: float | None) -> str:
    return "–" if value is None else number_text(value).strip()
