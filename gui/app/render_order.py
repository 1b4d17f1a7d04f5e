"""What is to be rendered: the words of the command line, and whether they make sense.

Every question raises a `Problem` where what was asked for cannot be.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.run_arrays import npz_of, tables_of
from engine.session import Session, SessionError, files_outside, home_of
from gui.app.experiment_asked import experiment_asked
from gui.export.animation import FASTEST, MOST, NARROWEST, WIDEST
from gui.export.figures import FORMATS
from gui.export.paper import LETTERS, Paper, size_in_mm
from gui.look.plain import plain_name

COARSEST, FINEST = 10, 2400  # dots an inch
MOST_NAMED = 4  # files in a message
SMALLEST, LARGEST = 200, 20_000  # logical pixels along a side
ARRAYS = {"npz": npz_of, "zip": tables_of}  # how the arrays of a step are written, by format


@dataclass(frozen=True)
class RenderOrder:
    """What is to be rendered: the words of the command line."""

    session: Path
    out: Path
    experiment: str | None = None
    format: str = "png"
    dpi: int = 192
    frames: int = 60
    fps: int = 15
    width: int = 960
    size: str = "1440x900"
    theme: str | None = None
    language: str | None = None
    window: bool = False
    mm: str | None = None
    font: float | None = None
    background: str = "opaque"
    title: bool = True
    settings: bool = True
    playhead: bool = False
    formulas: bool = False
    bom: bool = False
    carry: bool = True
    allow_files: bool = False

    def experiments(self) -> list[str]:
        """The experiment that is asked for; none where all are."""
        if self.experiment is None:
            return []
        return [experiment_asked(self.experiment).name]

    def formats(self) -> list[str]:
        """The kinds of files that are asked for."""
        formats = self.format.lower().split(",")
        for kind in formats:
            if kind not in (*FORMATS, *ARRAYS):
                raise SessionError(
                    "There is no format {name}; there are png, svg, pdf, csv, gif, apng, webp, npz and zip.",
                    name=repr(plain_name(kind)),
                )
        return formats

    def pixels(self) -> tuple[int, int]:
        """Width and height of the window."""
        found = re.fullmatch(r"([0-9]{1,5})[xX×]([0-9]{1,5})", self.size)
        width, height = (int(side) for side in found.groups()) if found else (0, 0)
        if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
            raise SessionError(
                "--size must be like 1440x900, each side from {low} to {high}, not {text}.",
                low=SMALLEST,
                high=LARGEST,
                text=plain_name(self.size),
            )
        return width, height

    def paper(self) -> Paper:
        """What is asked of the figures; their theme is that of the window."""
        mm = None if self.mm is None else size_in_mm(self.mm)
        font = Paper.font if self.font is None else self.font
        low, high = LETTERS
        if not low <= font <= high:
            raise SessionError("--{option} must be from {low} to {high}.", option="font", low=low, high=high)
        return Paper(
            mm=mm,
            font=font,
            transparent=self.background == "transparent",
            title=self.title,
            settings=self.settings,
            marks=self.playhead,
            formulas=self.formulas,
            session=self.carry,
        )

    def check_numbers(self) -> None:
        """See that every number is one that can be."""
        limits = {
            "dpi": (COARSEST, FINEST),
            "frames": (2, MOST),
            "fps": (1, FASTEST),
            "width": (NARROWEST, WIDEST),
        }
        for option, (low, high) in limits.items():
            if not low <= getattr(self, option) <= high:
                raise SessionError(
                    "--{option} must be from {low} to {high}.", option=option, low=low, high=high
                )

    def check_files(self, session: Session) -> None:
        """Refuse, untouched, files outside the session's folder: whoever sent it may not be who owns them."""
        outside = files_outside(session, home_of(self.session))
        if outside and not self.allow_files:
            raise SessionError(
                "The session names files outside its folder: {files}. Add --allow-files to have them read.",
                files=", ".join(plain_name(path) for path in outside[:MOST_NAMED]),
            )
