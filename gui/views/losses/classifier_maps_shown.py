"""What is shown of a picture's feature maps: the numbers, and what is said of one entry of the vector."""

from dataclasses import dataclass

import numpy as np

from engine.activations import Array
from engine.experiments.losses.classifier_inspection import Trace
from engine.experiments.losses.classifier_maps import MapsTrace, contributions, weight_maps
from gui.look.language import tr
from gui.plots.described import Columns
from gui.plots.ticks import value_text
from gui.views.losses.classifier_options import At


@dataclass(frozen=True)
class MapsShown:
    """What the panel shows of one picture: its maps, and for each neuron its weights and its sum."""

    image: Array  # [rows, columns]
    maps: MapsTrace
    weights: Array  # [neurons, maps, rows/w, columns/w]
    added: Array  # [neurons, maps]
    sums: Array  # [neurons]
    names: tuple[str, ...]  # of the neurons
    classes: bool  # whether a neuron is a class: its sum is a logit
    strong: int  # the neuron in bold: the class that is predicted, or −1


@dataclass(frozen=True)
class VectorEntry:
    """One entry of the vector, and the neuron whose weight for it is pointed at (−1: none)."""

    map: int
    row: int
    column: int
    neuron: int = -1


def shown_maps(at: At, trace: Trace) -> MapsShown | None:
    """What there is to show of the example that is followed; None where the features are pixels."""
    weights = weight_maps(at.config, at.data, at.snapshot.parameters)
    if weights is None or trace.maps is None:
        return None
    linear = at.config.layers == 0
    names = at.data.class_names if linear else tuple(str(k + 1) for k in range(len(weights)))
    sums = trace.logits if linear else trace.layers[0].z
    strong = trace.predicted if linear else -1
    added = contributions(weights, trace.maps.pooled)
    return MapsShown(trace.features, trace.maps, weights, added, sums, names, linear, strong)


def entries_table(shown: MapsShown) -> Columns:
    """One row for each entry of the vector: the map it is from, where, its value, and its weights."""
    count, rows, columns = shown.maps.pooled.shape
    places = np.indices((count, rows, columns)).reshape(3, -1) + 1
    flat = shown.weights.reshape(len(shown.names), -1)
    return [
        (tr("entry"), np.arange(1, count * rows * columns + 1)),
        (tr("map"), places[0]),
        (tr("row"), places[1]),
        (tr("column"), places[2]),
        (tr("value"), shown.maps.pooled.ravel()),
        *((tr("weight of {name}", name=name), w) for name, w in zip(shown.names, flat, strict=True)),
    ]


def told(shown: MapsShown, entry: VectorEntry) -> str:
    """Where an entry of the vector comes from, and what a neuron makes of it."""
    at = (entry.map, entry.row, entry.column)
    value = float(shown.maps.pooled[at])
    number = int(np.ravel_multi_index(at, shown.maps.pooled.shape)) + 1
    where = tr(
        "entry {n}: map {map}, row {row}, column {column}: {value}",
        n=number,
        map=entry.map + 1,
        row=entry.row + 1,
        column=entry.column + 1,
        value=value,
    )
    if entry.neuron < 0:
        return where
    weight = float(shown.weights[(entry.neuron, *at)])
    product = f"{value_text(weight)} · {value_text(value)} = {value_text(weight * value)}"
    return f"{where} · {shown.names[entry.neuron]}: {product}"
