"""A classifier in formulas: what became of a table, the loss, and the last steps of one example."""

from collections.abc import Sequence

from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.losses.classifier_features import EdgeFilters, Pixels
from engine.experiments.losses.classifier_inspection import NO_CLASS, Trace
from engine.gradient_check import GradientCheck
from gui.form.table_preview import left_out_in_words
from gui.look.language import tr
from gui.plots.ticks import listed, value_text
from gui.screen.notes import Live
from gui.views.losses.classifier_history import lines_of
from gui.views.losses.classifier_maps_shown import MapsShown
from gui.views.losses.classifier_options import At

LOGITS = r"\mathbf{z} = W^{\top}\mathbf{a} + \mathbf{b}"
LINEAR = r"\mathbf{z} = W^{\top}\mathbf{x} + \mathbf{b}"
LINEAR_MAPS = r"\mathbf{z} = W^{\top}\mathbf{v} + \mathbf{b}"
LEARNT_MAP = r"\mathbf{a}_m = \max(0,\; \mathbf{f}_m * \mathbf{x} + c_m)"
EDGE_MAP = r"\mathbf{a}_m = |\mathbf{f}_m * \mathbf{x}|"
POOLED = {
    "max": r"h_m = \max_{w \times w} \mathbf{a}_m,\quad \mathbf{v} = (h_1, \dots, h_M)",
    "mean": r"h_m = \frac{1}{w^2}\sum_{w \times w} \mathbf{a}_m,\quad \mathbf{v} = (h_1, \dots, h_M)",
}
SUM_OF_MAPS = r"z_i = b_i + \sum_{m=1}^{M} \langle \mathbf{w}_{i,m}, h_m \rangle"
SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"
LOSS = r"L = -\ln p_{c}"
SMOOTHED_LOSS = r"L = -\sum_i y_i \ln p_i"
GRADIENT = r"\frac{\partial L}{\partial \mathbf{z}} = \mathbf{p} - \mathbf{y}"
SMOOTHING = r"y_i = (1-s)\,[i = c] + \frac{s}{C}"


def from_table(data: TrainingData) -> list[Live]:
    """How numbers of the table become inputs, and what of it is left out; nothing where there is no table."""
    about = data.about
    if about is None:
        return []
    lines = [tr("{count} examples", count=about.rows)]
    if about.missing:
        lines.append(tr("Lines with a missing value, left out: {count}", count=about.missing))
    if about.layout.left_out:
        lines.append(tr("Left out: {names}", names=left_out_in_words(about.layout)))
    title = tr("From the table to the inputs")
    if about.layout.side:
        lines.insert(0, tr("largest value {value}", value=float(data.spread[0])))
        return [Live(title, r"x = \frac{v}{v_{\max}}", "\n".join(lines))]
    return [Live(title, r"x = \frac{v - \mu}{\sigma}", "\n".join(lines))]


def batch_block(at: At) -> Live:
    """The loss that is trained on, and the norm of its gradient."""
    lines = lines_of(at)
    loss, _ = lines.newest("training.loss", at.step)
    held_out, measured = lines.newest("held_out.loss", at.step)
    numbers = [
        tr("batch {loss}", loss=loss),
        tr("held-out {loss}, measured at step {step}", loss=held_out, step=measured),
    ]
    if "gradient.norm" in at.recording.names:
        numbers.append(tr("size of the gradient {norm}", norm=at.value("gradient.norm")))
    return Live(tr("Mean loss"), r"\frac{1}{B}\sum_{n=1}^{B} L_n", "\n".join(numbers))


def formulas(
    trace: Trace, classes: Sequence[str], smoothing: float, checked: GradientCheck | None = None
) -> list[Live]:
    """z, p, L and ∂L/∂z of an example; the true class is c. `checked` is of the network shown, if any.

    A drawing has no true class, so it ends with its probabilities.
    """
    linear = LINEAR if trace.maps is None else LINEAR_MAPS
    blocks = [
        Live(tr("Logits"), LOGITS if trace.layers else linear, f"z:  {listed(trace.logits, classes)}"),
        Live(tr("Softmax"), SOFTMAX, f"p:  {listed(trace.probabilities, classes)}"),
    ]
    if trace.label == NO_CLASS:
        return blocks if checked is None else [*blocks, Live(tr("Gradient"), GRADIENT, "", checked)]
    true = classes[trace.label]
    p, loss = float(trace.probabilities[trace.label]), value_text(trace.loss)
    if smoothing > 0:
        terms = " + ".join(map(value_text, trace.terms))
        blocks += [
            Live(
                tr("Smoothed label, s = {s}", s=smoothing),
                SMOOTHING,
                f"y:  {listed(trace.target, classes)}",
            ),
            Live(tr("Cross-entropy"), SMOOTHED_LOSS, f"L = {terms} = {loss}"),
        ]
    else:
        title = tr("Cross-entropy, true class c = {name}", name=true)
        blocks.append(Live(title, LOSS, f"L = −ln {value_text(p)} = {loss}"))
    numbers = f"p − y:  {listed(trace.gradient, classes)}"
    return [*blocks, Live(tr("Gradient at the logits"), GRADIENT, numbers, checked)]


def maps_blocks(config: ClassifierConfig, trace: Trace, checked: GradientCheck | None = None) -> list[Live]:
    """From the picture to the vector; nothing where the features are pixels. `checked` is of the filters."""
    if trace.maps is None:
        return []
    features = config.features
    assert not isinstance(features, Pixels)  # they have no maps
    fixed = isinstance(features, EdgeFilters)
    count, rows, columns = trace.maps.a.shape
    side = trace.maps.filters.shape[1]
    sizes = tr(
        "{count} filters of {side} × {side} make {count} maps of {rows} × {columns}",
        count=count,
        side=side,
        rows=rows,
        columns=columns,
    )
    _, below, across = trace.maps.pooled.shape
    flattened = tr(
        "{count} maps of {rows} × {columns} make a vector of {n} entries",
        count=count,
        rows=below,
        columns=across,
        n=trace.flat.size,
    )
    return [
        Live(tr("Feature maps"), EDGE_MAP if fixed else LEARNT_MAP, sizes, checked),
        Live(tr("Pooled, then flattened"), POOLED[features.pooling], flattened),
    ]


def contribution_blocks(shown: MapsShown | None) -> list[Live]:
    """What each map adds to the logit of the likeliest class; nothing where neurons are no classes."""
    if shown is None or not shown.classes or shown.strong < 0:
        return []
    added, logit = shown.added[shown.strong], float(shown.sums[shown.strong])
    bias = logit - float(added.sum())
    names = [*(str(m + 1) for m in range(len(added))), "b"]
    numbers = f"{listed([*added.tolist(), bias], names)}\nΣ = {value_text(logit)}"
    title = tr("What each map adds to the logit of {name}", name=shown.names[shown.strong])
    return [Live(title, SUM_OF_MAPS, numbers)]
