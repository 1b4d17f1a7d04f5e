"""Evaluating formulas: a graph becomes a list of steps (a "tape"), which are run from first to last.

    slots = [x, y, numbers …]         slots[target] = operation(slots[i], slots[j])   for every step

Equal parts become one step. Floats are computed with Python's `math` (about 0.1 µs a step), arrays with
NumPy, block by block.

Reference: Griewank and Walther, "Evaluating Derivatives", 2nd ed., 2008, section 2.2 (evaluation traces).
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.surfaces.expression.nodes import Node, in_order
from engine.surfaces.expression.operations import COMPUTE

BLOCK = 2048  # entries of an array computed at once: so the slots of a block stay in the processor's cache
ABSENT = -1  # the second input of an operation that has only one

Step = tuple[int, Callable[..., Any], int, int]  # target, operation, i, j


class TapeStage(NamedTuple):
    """The steps that compute the graphs of a group and of all groups before it, and the result's slots."""

    scalar: list[Step]
    array: list[Step]
    outputs: list[int]


class Tape:
    """The steps of several groups of graphs, such as (f,), (∂f/∂x, ∂f/∂y), (the second derivatives).

    Later groups use what earlier ones computed: stage k is the beginning of stage k + 1.
    """

    def __init__(self, groups: Iterable[Iterable[Node]]) -> None:
        """Lay out the groups one after the other."""
        self._slots: list[Any] = [math.nan, math.nan]
        self._places: dict[tuple[object, ...], int] = {("x", 0.0): 0, ("y", 0.0): 1}
        self._stages: list[TapeStage] = []
        stage = TapeStage([], [], [])
        for group in groups:
            stage = TapeStage(stage.scalar.copy(), stage.array.copy(), stage.outputs.copy())
            stage.outputs.extend([self._lay_out(root, stage) for root in group])
            self._stages.append(stage)

    def __len__(self) -> int:
        return len(self._stages[-1].array)

    def _lay_out(self, root: Node, stage: TapeStage) -> int:
        """Add the steps of `root` that are not there yet; return its slot."""
        place: dict[Node, int] = {}
        for node in in_order(root):
            inputs = [place[argument] for argument in node.arguments]
            key = (node.symbol, node.number, *inputs)
            if key not in self._places:
                self._places[key] = len(self._slots)
                self._slots.append(node.number)
                if not node.is_number:
                    self._append(node.symbol, inputs, stage)
            place[node] = self._places[key]
        return place[root]

    def _append(self, symbol: str, inputs: list[int], stage: TapeStage) -> None:
        """Add the step of one operation, whose result is in the newest slot."""
        target, (i, j) = len(self._slots) - 1, (*inputs, ABSENT)[:2]
        stage.scalar.append((target, COMPUTE[symbol].scalar, i, j))
        stage.array.append((target, COMPUTE[symbol].array, i, j))

    def _run(self, steps: list[Step], x: Any, y: Any) -> list[Any]:
        """Return all slots after the steps."""
        slots = self._slots.copy()
        slots[0], slots[1] = x, y
        for target, operation, i, j in steps:
            slots[target] = operation(slots[i]) if j < 0 else operation(slots[i], slots[j])
        return slots

    def at_point(self, index: int, x: float, y: float) -> list[float]:
        """Compute the graphs up to stage `index` at one point; NaN where they have no finite value."""
        stage = self._stages[index]
        try:
            slots = self._run(stage.scalar, x, y)
        except (ValueError, ArithmeticError):
            slots = [math.nan] * len(self._slots)
        results = [slots[output] for output in stage.outputs]
        if all(map(math.isfinite, results)):
            return results
        # `math` raises on overflow where NumPy goes on: 1/(1 + e^1000) is 0 although e^1000 overflows.
        return [float(result) for result in self.over_arrays(index, np.float64(x), np.float64(y))]

    def over_arrays(self, index: int, x: Any, y: Any) -> NDArray[np.floating[Any]]:
        """Compute the graphs up to stage `index`, one row each, over x and y broadcast together.

        A point where the first graph has no finite value is a hole: every row has NaN there.
        """
        x, y = np.broadcast_arrays(x, y)
        stage = self._stages[index]
        table = np.empty((len(stage.outputs), x.size), np.result_type(x, y, np.float32))
        xs, ys = x.ravel().astype(table.dtype), y.ravel().astype(table.dtype)
        with np.errstate(all="ignore"):
            for start in range(0, x.size, BLOCK):
                block = slice(start, start + BLOCK)
                slots = self._run(stage.array, xs[block], ys[block])
                for row, output in zip(table, stage.outputs, strict=True):
                    row[block] = slots[output]
        table[~np.isfinite(table)] = np.nan
        table[:, np.isnan(table[0])] = np.nan
        return table.reshape(len(stage.outputs), *x.shape)
