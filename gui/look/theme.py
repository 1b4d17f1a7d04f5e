"""What the window looks like: one table of colours, and one colour for one thing everywhere.

A `Theme` is a value. Whoever draws is given it; nothing reads it from a global place. To change the
theme, the size of the text or the language, the window rebuilds what it shows from its state.
"""

from dataclasses import dataclass
from functools import cache
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from engine.optimizers.table import OPTIMIZERS
from gui.look.contrast import legible
from gui.look.fonts import families


@dataclass(frozen=True)
class Stroke:
    """How one thing is drawn wherever it appears: never by colour alone, so with a dash too."""

    colour: str
    dash: tuple[float, ...] = ()


# Okabe and Ito's palette tells lines apart for every kind of colour vision. (light theme, dark theme)
BLUE = ("#0072B2", "#4FA8DC")
ORANGE = ("#C98500", "#F0B429")
GREEN = ("#009E73", "#2EC49A")
VERMILION = ("#D55E00", "#F5853F")
PURPLE = ("#B5568C", "#E08DBB")
SKY = ("#3E9BD0", "#8CCBF0")
GREY = ("#6E7781", "#9DA7B3")
BROWN = ("#8C564B", "#C49C94")
OLIVE = ("#7F7F00", "#C7C74C")
INK = ("#1F2328", "#E6EDF3")

SOLID: tuple[float, ...] = ()
DASHED = (6.0, 3.0)
DOTTED = (1.5, 2.5)
DASH_DOT = (7.0, 2.5, 1.5, 2.5)
LONG = (12.0, 4.0)
DASHES = (SOLID, DASHED, DOTTED, DASH_DOT, LONG)  # of one thing after another

# thing → ((colour in the light theme, in the dark), dash). Optimizers: hue by family, dash within it.
STROKES: dict[str, tuple[tuple[str, str], tuple[float, ...]]] = {
    "training": (SKY, SOLID),
    "held_out": (ORANGE, DASHED),
    "gradient_descent": (GREY, SOLID),
    "sgd": (GREY, DASHED),
    "asgd": (OLIVE, SOLID),  # its path, an average, lies among the points of SGD
    "momentum": (BLUE, SOLID),
    "averaged_momentum": (BLUE, DASHED),
    "nesterov": (BLUE, DASH_DOT),
    "adagrad": (GREEN, SOLID),
    "adadelta": (GREEN, DASHED),
    "rmsprop": (GREEN, DASH_DOT),
    "rprop": (GREEN, DOTTED),
    "adam": (VERMILION, SOLID),
    "adamw": (VERMILION, DASHED),
    "nadam": (VERMILION, DASH_DOT),
    "amsgrad": (VERMILION, DOTTED),
    "lion": (VERMILION, LONG),
    "adamax": (ORANGE, SOLID),  # Adam's family too, which has more members than there are dashes
    "adabelief": (ORANGE, DASHED),
    "yogi": (ORANGE, DASH_DOT),
    "radam": (ORANGE, DOTTED),
    "newton": (PURPLE, SOLID),
    "damped_newton": (PURPLE, DASHED),
    "lbfgs": (PURPLE, DASH_DOT),
    "conjugate_gradient": (PURPLE, DOTTED),
    "averaged_iterate": (BLUE, SOLID),
    "last_iterate": (SKY, DOTTED),
    "constant_rate": (ORANGE, SOLID),
    "falling_rate": (BLUE, SOLID),
    # distributions, and what is measured between them
    "p": (BLUE, SOLID),
    "q": (ORANGE, SOLID),
    "q2": (PURPLE, SOLID),
    "logit": (SKY, SOLID),
    "entropy": (BLUE, DASHED),
    "cross_entropy": (VERMILION, SOLID),
    "kl": (GREEN, SOLID),
    "reverse_kl": (PURPLE, SOLID),
    "js": (SKY, DASH_DOT),
    "squared_error": (GREY, DASHED),
    "huffman": (PURPLE, SOLID),
    "huffman_blocks": (PURPLE, DASHED),
    "arithmetic": (GREEN, SOLID),
    # a formula that is right, one that is not, and the numeric derivative
    "right": (GREEN, SOLID),
    "wrong": (VERMILION, DASHED),
    "numeric": (GREY, DOTTED),
    "bound": (GREY, DASHED),
    "likelihood": (PURPLE, SOLID),
    # losses
    "mse": (BLUE, SOLID),
    "mae": (VERMILION, SOLID),
    "huber": (GREEN, SOLID),
    "log_cosh": (GREEN, DASHED),
    "bce": (ORANGE, SOLID),
    "hinge": (PURPLE, SOLID),
    "focal": (ORANGE, DASHED),
    # recurrent cells: their kinds, their gates, their states
    "rnn": (VERMILION, DASHED),
    "gru": (GREEN, DASH_DOT),
    "lstm": (BLUE, SOLID),
    "forget_gate": (VERMILION, SOLID),
    "input_gate": (GREEN, SOLID),
    "candidate": (ORANGE, SOLID),
    "output_gate": (PURPLE, SOLID),
    "update_gate": (GREEN, DASHED),
    "reset_gate": (VERMILION, DASHED),
    "cell_state": (BLUE, SOLID),
    "hidden_state": (SKY, DASH_DOT),
    # units of a network that die and come back
    "death": (VERMILION, SOLID),
    "revival": (GREEN, DASHED),
    "all_units": (GREY, LONG),
    # two networks side by side
    "network_a": (BLUE, SOLID),
    "network_b": (VERMILION, DASHED),
    # two forms of one method, and the second with the same numbers as the first
    "first_form": (BLUE, SOLID),
    "second_form": (ORANGE, DASHED),
    "untranslated": (VERMILION, DOTTED),
    # the vectors of the step inspector, in no hue that a family of optimizers has
    "gradient_vector": (ORANGE, SOLID),
    "momentum_vector": (SKY, SOLID),
    "step_vector": (INK, SOLID),
    "lookahead_vector": (BROWN, DASHED),
    "iterate_vector": (BROWN, SOLID),
}
CLASSES = (
    BLUE,
    VERMILION,
    GREEN,
    PURPLE,
    ORANGE,
    SKY,
    GREY,
    BROWN,
    OLIVE,
    ("#5B4FA2", "#A99BE8"),
)


@dataclass(frozen=True)
class Theme:
    """Colours and sizes to draw with. Sizes are logical pixels."""

    name: str  # "light" or "dark"
    window: str
    panel: str
    plot: str
    text: str
    quiet: str
    hairline: str
    accent: str
    accent_text: str
    error: str
    scale: float = 1.0  # 1.6 for a lecture

    @property
    def dark(self) -> bool:
        """Whether the theme has light text on a dark ground."""
        return self.name == "dark"

    @property
    def presenting(self) -> bool:
        """Whether this is the lecture size: large text, and only what a class has to see."""
        return self.scale > 1

    @property
    def text_px(self) -> int:
        """Height of ordinary text."""
        return round(13 * self.scale)

    @property
    def title_px(self) -> int:
        """Height of the title of a plot."""
        return round(14 * self.scale)

    @property
    def small_px(self) -> int:
        """Height of the smallest text there is."""
        return round(12 * self.scale)

    @property
    def notes_px(self) -> int:
        """Height of text that is read in paragraphs."""
        return round(14 * self.scale)

    def px(self, pixels: float) -> int:
        """Scale a distance with the size of the text."""
        return round(pixels * self.scale)

    def stroke(self, key: str) -> Stroke:
        """Colour and dash of a thing of `STROKES`; of another optimizer those that are free, by its place."""
        if key not in STROKES:
            place = [*OPTIMIZERS].index(key)
            taken = {self.stroke(name) for name in OPTIMIZERS if name in STROKES}
            return next(stroke for stroke in map(self._any_stroke, count(place)) if stroke not in taken)
        colours, dash = STROKES[key]
        return Stroke(colours[self.dark], dash)

    def _any_stroke(self, k: int) -> Stroke:
        """One after the other, every colour with every dash."""
        return Stroke(self.class_colour(k), DASHES[(k + k // len(CLASSES)) % len(DASHES)])

    def ink(self, colour: str) -> str:
        """The colour for letters that name a line of this one: as strong as they have to be."""
        return legible(colour, self.plot)

    def class_colour(self, index: int) -> str:
        """Colour of a class of a classifier."""
        return CLASSES[index % len(CLASSES)][self.dark]

    def font(self, px: int | None = None, bold: bool = False) -> QFont:
        """The interface font, at `px` or the ordinary size, with digits of equal width."""
        return QFont(_font(px or self.text_px, bold))

    def metrics(self, px: int | None = None, bold: bool = False) -> QFontMetricsF:
        """The measures of this font; they are the same for all who ask."""
        return _metrics(px or self.text_px, bold)


LIGHT = Theme(
    "light", "#FAFAF8", "#F1F1EE", "#FFFFFF", "#1F2328", "#57606A", "#D8DEE4", "#0B66B0", "#FFFFFF", "#B42318"
)
DARK = Theme(
    "dark", "#16191D", "#1D2126", "#111418", "#E6EDF3", "#9DA7B3", "#30363D", "#4FA8DC", "#0B0E11", "#FF8A80"
)
THEMES = {"light": LIGHT, "dark": DARK}
LECTURE_SCALE = 1.6


def system_theme(application: QApplication) -> str:
    """The name of the theme the desktop asks for; light when it does not say."""
    scheme = application.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


REMEMBERED = 4096  # the most texts whose width is remembered


class Metrics(QFontMetricsF):
    """Measures that remember how wide a text is: most are asked for again in the next picture."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self._wide: dict[str, float] = {}

    def horizontalAdvance(self, text: str) -> float:  # type: ignore[override]
        """Return the width of a text in pixels."""
        wide = self._wide.get(text)
        if wide is None:
            if len(self._wide) >= REMEMBERED:
                self._wide.clear()
            wide = self._wide[text] = super().horizontalAdvance(text)
        return wide


@cache
def _font(px: int, bold: bool) -> QFont:
    """A font that is asked for dozens of times in each picture. Whoever changes it has a copy."""
    font = QFont(QApplication.font())
    font.setFamilies(families())
    font.setPixelSize(px)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def metrics_of(font: QFont) -> QFontMetricsF:
    """Return the measures of a font; those of the interface font, at any size, are remembered."""
    px, bold = font.pixelSize(), font.bold()
    ours = px > 0 and font == _font(px, bold)  # one that is given in points has −1 pixels
    return _metrics(px, bold) if ours else QFontMetricsF(font)


@cache
def _metrics(px: int, bold: bool) -> QFontMetricsF:
    return Metrics(_font(px, bold))
