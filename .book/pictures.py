"""The path of each optimizer: a figure that the program renders of a session, with gradient descent."""

import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

# A rate at which each shows on this valley what its page says of it; the others keep their own.
RATES = {
    "gradient_descent": 0.04, "sgd": 0.04, "momentum": 0.04, "averaged_momentum": 0.4, "nesterov": 0.04,
    "adagrad": 0.5, "rmsprop": 0.05, "adam": 0.2, "adamw": 0.2, "nadam": 0.2, "amsgrad": 0.2, "lion": 0.05,
    "damped_newton": 0.3,
}  # fmt: skip
BLANK = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def write(into: Path, drawn: bool = True) -> None:
    """Write a picture for every optimizer; an empty one each where none is to be drawn."""
    from engine.optimizers import OPTIMIZERS

    into.mkdir(parents=True, exist_ok=True)
    for name in OPTIMIZERS:
        picture = into / f"{name}.svg"
        picture.write_bytes(_rendered(name) if drawn else BLANK)


def _rendered(name: str) -> bytes:
    """Return the figure of a race of gradient descent and another on a narrow valley.

    Raises:
        RuntimeError: the program could not render it.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from engine.session import Session, save
    from gui.app.render import render_session
    from gui.app.render_order import RenderOrder

    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()) as said,
    ):
        session, out = Path(folder) / "race.nabla.json", Path(folder) / "out"
        save(Session(experiments={"optimizers.race": _race(name)}, open="optimizers.race"), session)
        if render_session(RenderOrder(session, out, format="svg", mm="120x90", title=False, settings=False)):
            raise RuntimeError(f"the path of {name}: {said.getvalue()}")
        return (out / "race-field.svg").read_bytes()


def _race(name: str) -> Any:
    from engine.experiments.optimizers.race_config import RaceConfig

    names = dict.fromkeys(("gradient_descent", name))
    return RaceConfig(
        surface="bowl", condition=20.0, start=(-2.0, 1.2), racers=tuple(map(_rule, names)), steps=80
    )


def _rule(name: str) -> Any:
    from engine.optimizers import OPTIMIZERS

    rate = RATES.get(name)
    return OPTIMIZERS[name]() if rate is None else OPTIMIZERS[name](learning_rate=rate)
