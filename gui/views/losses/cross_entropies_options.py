"""How one looks at the kinds of cross-entropy: which one is taken apart, and in whose names."""

from typing import Annotated

from engine.config import Config, choice
from engine.experiments.losses.cross_entropies import CrossEntropiesConfig
from gui.screen.moment import Moment

KINDS = {
    "binary": "Binary (BCE)",
    "categorical": "Categorical",
    "sparse": "Sparse categorical",
    "multi_label": "Multi-label",
    "weighted": "Weighted",
    "focal": "Focal loss",
    "smoothing": "Label smoothing",
}
FRAMEWORKS = {"torch": "PyTorch", "keras": "Keras", "optax": "Optax"}


class CrossEntropiesOptions(Config, frozen=True):
    """How one looks at the kinds of cross-entropy."""

    kind: Annotated[
        str, choice("Kind", "Which kind of cross-entropy is taken apart below the table.", KINDS)
    ] = "categorical"
    framework: Annotated[
        str,
        choice(
            "Framework",
            "Whose names stand in the last column: PyTorch, Keras (TensorFlow) or Optax (JAX).",
            FRAMEWORKS,
        ),
    ] = "torch"


At = Moment[CrossEntropiesConfig, CrossEntropiesOptions]
