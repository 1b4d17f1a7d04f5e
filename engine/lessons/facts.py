"""The run that a lesson asks about: its scalars, its settings, the options of the view, and the answer."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config import Config, Problem
from engine.lessons.condition_parts import Column, Value
from engine.recording import Recording
from engine.setting_paths import plain_values, value_at


@dataclass(frozen=True)
class RunFacts:
    """A run at a step. `steps` is its last step, `ended` whether it is complete up to that."""

    config: Config
    recording: Recording
    step: int
    steps: int = 0
    ended: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    answer: float | None = None

    def named(self, name: str) -> Value:
        """`steps`, `ended`, `answer`, a setting or an option; None where there is none, or it is a record."""
        if name in ("steps", "ended", "answer"):
            return {"steps": float(self.steps), "ended": self.ended, "answer": self.answer}[name]
        of, _, path = name.partition(".")
        try:
            value = value_at(plain_values(self.config) if of == "settings" else self.options, path)
        except Problem:
            return None
        if isinstance(value, bool | str):
            return value
        return float(value) if isinstance(value, int | float) else None

    def column(self, name: str) -> Column:
        """A scalar at the steps 0 … `step`; empty where it is not recorded."""
        if name not in self.recording.names:
            return np.zeros(0)
        return self.recording.column(name)[: self.step + 1]


def knows(config: Config, path: str) -> bool:
    """Whether a config has a setting at a path."""
    try:
        value_at(plain_values(config), path)
    except Problem:
        return False
    return True
