"""What the classifier has taken from a table of the user's own, in words."""

from engine.experiments.losses.classifier_config import Data
from gui.language import tr
from gui.notes import Live
from gui.plots.ticks import value_text
from gui.table_preview import left_out_in_words


def from_table(data: Data) -> list[Live]:
    """How numbers of the table become inputs, and what of it is left out; nothing where there is no table."""
    about = data.about
    if about is None:
        return []
    lines = [tr("{count} examples", count=about.rows)]
    if about.missing:
        lines.append(tr("Lines with a missing value, left out: {count}", count=about.missing))
    if about.layout.left_out:
        lines.append(tr("Left out: {names}", names=left_out_in_words(about.layout)))
    title = tr("From the table to the inputs")
    if about.layout.side:
        lines.insert(0, tr("largest value {value}", value=value_text(float(data.spread[0]))))
        return [Live(title, r"x = \frac{v}{v_{\max}}", "\n".join(lines))]
    return [Live(title, r"x = \frac{v - \mu}{\sigma}", "\n".join(lines))]
