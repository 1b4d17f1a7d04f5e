"""How a figure is put on paper: its size, its letters, its colours, and what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.config import Problem

DOTS = 96.0  # logical pixels in an inch
MILLIMETRES = DOTS / 25.4  # logical pixels in a millimetre
POINT = DOTS / 72  # logical pixels in a typographic point
SIDES = (20.0, 1000.0)  # millimetres
LETTERS = (4.0, 40.0)  # points
# name → (width and height in mm, 0: a height that fits the content; letters in points)
PRESETS = {"column": (85.0, 0.0, 8.0), "page": (174.0, 0.0, 8.0), "slide": (254.0, 142.9, 11.0)}
WRONG = "A size in millimetres is like 85x60, or 85 alone, with sides from {low} to {high}, not {text}."


@dataclass(frozen=True)
class Paper:
    """The settings of a figure on paper."""

    mm: tuple[float, float] | None = None  # width and height (0: fits the content); None: as on the screen
    font: float = 8.0  # the size of ordinary text in points, if `mm` is given
    theme: str = ""  # "light", "dark"; "": as on the screen
    transparent: bool = False
    title: bool = True
    settings: bool = True  # step and settings under the title
    formulas: bool = False  # with their numbers under the plots
    marks: bool = False  # with playhead, handles, and what is chosen
    session: bool = True  # a file carries what it takes to open the experiment again
    film: bool = False  # a picture of an animation, in which the playhead moves

    def zoom(self, text_px: float) -> float:
        """Return the length of a logical pixel on paper (in 1/96 inch), if text is `text_px` of them high."""
        return 1.0 if self.mm is None else self.font * POINT / text_px


PLAIN = Paper()


def size_in_mm(text: str) -> tuple[float, float]:
    """Read "85x60" or "85": width and height in millimetres; the height is 0 if it is not given.

    Raises:
        Problem: the text is something else, or a size outside `SIDES`.
    """
    wide, cross, high = text.lower().replace("×", "x").partition("x")
    try:
        sides = float(wide), float(high) if cross else 0.0
    except ValueError:
        sides = 0.0, 0.0
    low, most = SIDES
    if not (low <= sides[0] <= most and (not cross or low <= sides[1] <= most)):
        raise Problem(WRONG, low=f"{low:g}", high=f"{most:g}", text=text[:40])
    return sides


def paper_of(choices: Mapping[str, object]) -> Paper:
    """Return the paper for choices by name: the fields of `Paper`, and `size`: a preset, "own" or "screen".

    A value that is missing or not valid is replaced by its default.
    """

    def number(name: str, usual: float, low: float, high: float) -> float:
        value = choices.get(name)
        return min(max(float(value), low), high) if isinstance(value, int | float) else usual

    def ticked(name: str, usual: bool) -> bool:
        return bool(choices.get(name, usual))

    size, theme = str(choices.get("size")), choices.get("theme")
    own = number("width", 120.0, *SIDES), number("height", 80.0, 0.0, SIDES[1])
    mm = {name: preset[:2] for name, preset in PRESETS.items()} | {"own": own}
    return Paper(
        mm=mm.get(size),
        font=number("font", Paper.font, *LETTERS),
        theme=theme if theme in ("light", "dark") else "",
        transparent=ticked("transparent", False),
        title=ticked("title", True),
        settings=ticked("settings", True),
        marks=ticked("marks", False),
        session=ticked("session", True),
        formulas=ticked("formulas", False),
    )
