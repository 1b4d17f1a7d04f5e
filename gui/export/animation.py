"""A run as an animation: the figure of one step after another, drawn from the recording.

A GIF has at most 256 colours, and is shown everywhere; APNG and WebP have all of them, and are shown by
browsers. There is no MP4: what writes it is a program of its own of tens of megabytes.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.recording import Recording
from gui.export import export
from gui.export.apng import ApngWriter
from gui.export.composite import Size
from gui.export.figures import as_film
from gui.export.files import saving
from gui.export.gif import Codes, GifWriter, Palette, codes_of, pillow, sample
from gui.export.paper import DOTS
from gui.export.stage import Stage
from gui.export.webp import WebpWriter

FASTEST = 50  # pictures a second; browsers show faster animations more slowly
MOST = 1000  # the most pictures of an animation
NARROWEST, WIDEST = 160, 3840  # pixels
SAMPLES = 12  # pictures from which the colours are chosen
SAMPLED = ".gif"  # the ending of the format whose colours are chosen
HOLD = 150  # hundredths of a second for which the last picture is shown before the animation repeats


@dataclass(frozen=True)
class Film:
    """An animation of a run: `frames` evenly spaced steps from `first` to `last` (default: the newest)."""

    frames: int = 60
    fps: int = 15  # pictures a second
    width: int = 960  # pixels
    loop: bool = True
    first: int = 0
    last: int | None = None

    def steps(self, newest: int) -> list[int]:
        """Return the steps to show of a recording up to step `newest`, no step twice."""
        last = newest if self.last is None else min(self.last, newest)
        first = min(self.first, last)
        return [int(step) for step in np.unique(np.linspace(first, last, self.frames).round())]

    def times(self, pictures: int) -> list[int]:
        """Return how long each picture is shown, in hundredths of a second, with the right sum."""
        ends = [round(100 * (k + 1) / self.fps) for k in range(pictures)]
        times = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
        if self.loop:
            times[-1] += HOLD
        return times

    def seconds(self, newest: int) -> float:
        """Return how long the whole animation takes, in seconds."""
        return sum(self.times(len(self.steps(newest)))) / 100


def can_film(recording: Recording) -> bool:
    """Whether there is a run to film: more than its start."""
    return recording.last > 0


def shoot(stage: Stage, index: int, path: Path | str, film: Film) -> Generator[float]:
    """Make the animation of a figure (its index in `figures_of` the screen); yield the fraction done.

    The format is that of the ending: .gif, .apng or .webp. If the generator is closed before its end, there
    is no file.

    Raises:
        Problem: the file cannot be written, the pictures are too large, or Pillow is missing.
    """
    pillow("Image")
    steps = film.steps(stage.recording.last)
    tried = steps[:: max(1, len(steps) // SAMPLES)]
    tried += steps[-1:] if tried[-1] != steps[-1] else []
    total = len(tried) + len(steps)
    size = as_film(stage.figure(steps[-1], index)).size
    kind = Path(path).suffix.lower()
    with saving(path) as put:
        samples = []
        # The first round also lets axes grow that grow with what they are shown.
        for done, step in enumerate(tried):
            codes = _picture(stage, index, step, size, film.width)
            samples += [sample(codes)] if kind == SAMPLED else []
            yield (done + 1) / total
        writer = _writer(kind, put, (codes.shape[1], codes.shape[0]), len(steps), film.loop, samples)
        for done, (step, time) in enumerate(zip(steps, film.times(len(steps)), strict=True), len(tried)):
            writer.add(_picture(stage, index, step, size, film.width), time)
            yield (done + 1) / total
        writer.end()


class FilmWriter(Protocol):
    """Writes an animation picture by picture."""

    def add(self, codes: Codes, hundredths: int) -> None: ...
    def end(self) -> None: ...


def _writer(
    kind: str,
    put: Callable[[bytes], object],
    size: tuple[int, int],
    pictures: int,
    loop: bool,
    samples: Sequence[tuple[Codes, NDArray[np.int64]]],
) -> FilmWriter:
    """What writes the format of an ending."""
    if kind == ".apng":
        return ApngWriter(put, size, pictures, loop)
    if kind == ".webp":
        return WebpWriter(put, size, loop)
    return GifWriter(put, size, Palette(samples), loop)


def _picture(stage: Stage, index: int, step: int, size: Size, width: int) -> Codes:
    """The figure of a step as pixels."""
    drawing = as_film(stage.figure(step, index)).drawing
    return codes_of(export.picture(drawing, size, DOTS * width / size[0]))
