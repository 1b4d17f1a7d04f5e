"""How the parts of the recurrent networks are called in a script: with one kind of cell, or two."""

from engine.experiments.lstm.train_config import TrainConfig, kinds, piece_size
from engine.experiments.lstm.train_tasks import TaskData
from engine.recurrent.through_time import CELLS
from engine.scripts.writer import INDENT


class NetworkWords:
    """How the parts of the networks are called in a script: with one kind of cell, or with two."""

    def __init__(self, config: TrainConfig, data: TaskData) -> None:
        self.kinds = tuple(dict.fromkeys(kinds(config)))
        self.mixed = len(self.kinds) > 1
        self.layers, self.data = config.layers, data
        self.embedding = data.shape.embedding > 0
        self.recalls = data.recalls
        self.cells = ["cell"] if config.layers == 1 else ["lower", "upper"]
        self.kind = "kind, " if self.mixed else ""
        self.piece = piece_size(config, data)

    def of(self, which: str) -> str:
        """The forward or backward function of the cell."""
        return f"{which}[kind]" if self.mixed else f"{self.kinds[0]}_{which}"

    def parts(self, readout: str = "V, b") -> str:
        """The line that takes θ apart."""
        embedding = "E, " if self.embedding else ""
        return f"{embedding}{', '.join(self.cells)}, {readout} = parts({self.kind}theta)"

    def shapes(self, kind: str, indent: int = 0) -> str:
        """The shapes of the parts of θ."""
        gates = len(CELLS[kind](1, 1).gate_names)
        size = "embedding" if self.embedding else "inputs"
        shapes = ["(inputs, embedding)"] if self.embedding else []
        shapes += [f"({gates}, hidden, {size} + 1 + hidden)"]
        shapes += [f"({gates}, hidden, hidden + 1 + hidden)"] * (self.layers - 1)
        shapes += ["(hidden, outputs)", "(outputs,)"]
        line, inner = f"[{', '.join(shapes)}]", INDENT * (indent + 1)
        if len(line) < 85:
            return line
        return "\n".join(["[", *(f"{inner}{shape}," for shape in shapes), f"{INDENT * indent}]"])
