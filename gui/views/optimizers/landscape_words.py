"""A network landscape in words and numbers: the phases of a run, the table, the formulas."""

from math import log

import numpy as np

from engine.experiments.optimizers.landscape_config import LandscapeTask
from engine.experiments.optimizers.landscape_inspection import LandscapeResult, PointLook, Slope
from engine.experiments.optimizers.landscape_timeline import Chart, LandscapeSnapshot, LandscapeTimeline
from engine.networks.landscape_grid import passes
from gui.look.language import tr
from gui.look.theme import Stroke
from gui.plots.own.table import TableRow
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.optimizers.landscape_map import percent


def phase_text(time: LandscapeTimeline, snapshot: LandscapeSnapshot, frame: int) -> str:
    """Where in the run one is."""
    step = round(float(time.at[time.point(frame)]))
    if time.phase(frame) == "training":
        return tr("Training: {step} / {steps}", step=step, steps=time.steps)
    if time.phase(frame) == "map":
        return tr("Map: {done} / {count}", done=snapshot.done, count=time.size**2)
    return tr("Paths: {step} / {steps}", step=step, steps=time.steps)


def sentence(
    time: LandscapeTimeline,
    snapshot: LandscapeSnapshot,
    frame: int,
    racers: list[tuple[str, LandscapeResult]],
) -> str:
    """Return the sentence: in the training which racer is ahead, for the map its variance, then its error."""
    step = round(float(time.at[time.point(frame)]))
    known = [(name, found) for name, found in racers if np.isfinite(found.loss)]
    if not known:
        return tr("At step {step} no optimizer is left: lower the learning rates.", step=step)
    if time.phase(frame) == "training":
        return _training(known, step, time.steps)
    if time.phase(frame) == "map":
        return _mapped(known, snapshot.done, time.size**2)
    return _walking([one for one in known if np.isfinite(one[1].projected)] or known, step)


def _training(racers: list[tuple[str, LandscapeResult]], step: int, steps: int) -> str:
    (first, low), (last, high) = (pick(racers, key=lambda one: one[1].loss) for pick in (min, max))
    slots = {"step": step, "steps": steps, "name": first, "first": first, "last": last}
    slots |= {"loss": low.loss, "low": low.loss, "high": high.loss}
    if step == 0:
        return tr("Training begins at a loss of {loss}. The map comes when the last step is done.", **slots)
    if len(racers) == 1:
        return tr("At step {step} of {steps} {name} has a loss of {low}. Then comes the map.", **slots)
    return tr(
        "At step {step} of {steps} {first} has a loss of {low}, {last} of {high}. Then comes the map.",
        **slots,
    )


def _mapped(racers: list[tuple[str, LandscapeResult]], done: int, count: int) -> str:
    shares = [(name, found.in_plane) for name, found in racers if np.isfinite(found.in_plane)]
    if not shares:
        return tr("The map has the loss at {done} of {count} points of the plane.", done=done, count=count)
    name, share = min(shares, key=lambda one: one[1])
    return tr(
        "The map has {done} of {count} points. Its plane holds {share} of Σ‖θ − θ*‖² over {name}'s path.",
        done=done,
        count=count,
        name=name,
        share=percent(share),
    )


def _walking(racers: list[tuple[str, LandscapeResult]], step: int) -> str:
    name, found = max(racers, key=lambda one: _apart(one[1]))
    slots = {
        "step": step,
        "name": name,
        "loss": found.loss,
        "under": found.projected,
        "share": percent(found.in_plane),
    }
    if not _apart(found) > 0.01:
        sentence = "At step {step} the map is right under every network; {name} has a loss of {loss}."
        return tr(sentence, **slots)
    return tr(
        "At step {step} {name} has a loss of {loss}, but the map under it says {under}; "
        "{share} of its path's Σ‖θ − θ*‖² lies in the plane.",
        **slots,
    )


def _apart(found: LandscapeResult) -> float:
    """How far the loss on the map is from that of the network, as the logarithm of a factor."""
    if not (found.loss > 0 and found.projected > 0):
        return 0.0
    return abs(log(found.projected) - log(found.loss))


def map_title(time: LandscapeTimeline, done: int) -> str:
    """What the map shows, how fine it will be, and how much of that is there."""
    side, count = passes(time.size)[-1]
    if not done:
        return tr("Training loss over the plane")
    if done < count:
        return tr("Training loss over the plane, {done} of {n} × {n} points", done=done, n=side)
    return tr("Training loss over the plane, {n} × {n} points", n=side)


def table_line(result: LandscapeResult, name: str, stroke: Stroke) -> TableRow:
    """An optimizer: losses, accuracy, distance from the start, how much of its path lies in the plane."""
    lost = tr("✗ step {step}", step=result.lost) if result.lost is not None else ""
    values = (lost or result.loss, result.projected, result.accuracy, result.in_plane, result.distance)
    numbers = (result.loss, result.projected, result.distance)
    loss, under, away = (value_text(x) if np.isfinite(x) else "–" for x in numbers)
    cells = (lost or loss, under, percent(result.accuracy), percent(result.in_plane), away)
    return TableRow(name, stroke, cells, values)


def network_block(task: LandscapeTask) -> Live:
    """What the loss is a function of, and over what it is a mean."""
    network, data = task
    sizes = " → ".join(map(str, network.sizes))
    numbers = tr(
        "{sizes}: {count} weights and biases. The mean is over all {n} training examples, "
        "for curves and map alike.",
        sizes=sizes,
        count=network.count,
        n=len(data.training),
    )
    return Live(tr("The loss"), r"L(\theta)=-\frac{1}{n}\sum_{i=1}^{n}\log p_{y_i}(x_i;\theta)", numbers)


def directions_block(chart: Chart, centre: str) -> Live:
    """How the two directions were chosen."""
    if chart.fractions:
        first, second = chart.fractions
        told = tr(
            "α₁: {first}, α₂: {second}, together {both} of the variance of {n} points of the paths",
            first=percent(first),
            second=percent(second),
            both=percent(first + second),
            n=chart.analysed,
        )
        if not second:
            told += "\n" + tr("The points lie on a line: the second direction is random and orthogonal.")
        rule = r"X X^{\mathsf T}u_k=\lambda_k u_k,\quad \delta_k=\frac{X^{\mathsf T}u_k}{\sqrt{\lambda_k}}"
        return Live(tr("Principal directions, through the end of {name}", name=centre), rule, told)
    long, other = np.sqrt(np.diag(chart.plane.gram)).tolist()
    cosine = chart.plane.gram[0, 1] / (long * other) if min(long, other) > 0 else 0.0
    angle = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    told = tr(
        "‖δ₁‖ = {first}, ‖δ₂‖ = {second}: as long as the weights of {name} at its end. "
        "Between them {angle}°.",
        first=long,
        second=other,
        name=centre,
        angle=f"{angle:.1f}",
    )
    rule = r"\delta_{w}=\frac{d_{w}}{\Vert d_{w}\Vert}\,\Vert w\Vert,\quad \delta_{b}=0"
    return Live(tr("Random directions, neuron by neuron"), rule, told)


def projection_block(found: PointLook, name: str) -> Live:
    """Where the plane sees a point, and how far off it is."""
    alpha, beta = found.coordinates
    lines = [
        f"α₁ = {value_text(alpha)}, α₂ = {value_text(beta)}",
        tr("from the centre: ‖θ − θ*‖ = {whole}", whole=found.distance),
        tr("out of the plane: ‖θ − θ′‖ = {left}", left=found.error),
    ]
    if found.distance > 0:
        lines[-1] += tr(", or {share}", share=percent(found.error / found.distance))
    plane = r"\theta'=\theta^{*}+\alpha_1\delta_1+\alpha_2\delta_2"
    plane += r",\qquad \theta-\theta'\;\perp\;\delta_1,\,\delta_2"
    return Live(tr("{name} at step {step}, projected", name=name, step=found.step), plane, "\n".join(lines))


def loss_block(found: PointLook) -> Live:
    """The loss of the network, and of the one that the map shows in its place."""
    numbers = tr("the network: L(θ) = {loss}", loss=found.loss)
    if np.isfinite(found.projected):
        numbers += "\n" + tr("the map below it: L(θ′) = {loss}", loss=found.projected)
    return Live(tr("Two losses"), r"L(\theta)\neq L(\theta')", numbers)


def slope_block(found: Slope) -> Live:
    """The gradient of the map under the point, with its check."""
    gx, gy = map(value_text, found.gradient)
    rule = r"\frac{\partial L}{\partial\alpha_1}=\nabla L(\theta')\cdot\delta_1"
    check = found.check if found.check.count else None
    return Live(tr("Slope of the map there"), rule, f"∂L/∂α₁ = {gx}, ∂L/∂α₂ = {gy}", check)


def lost_block(name: str, step: int) -> Live:
    """A racer that is no longer there."""
    why = tr("This run has diverged. Lower the learning rate.")
    return Live(name, r"\theta\rightarrow\infty", tr("✗ step {step}", step=step) + "\n" + why)
