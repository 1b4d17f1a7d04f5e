"""A handout as one HTML file that needs nothing else: no network, no script, no other file."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape

from gui.export.handout import Handout, HandoutPicture, HandoutStop
from gui.export.handout_words import bare_title, explained, heading, letter, lines, room, subtitle
from gui.export.prose import Passage, ProseTable, Wording, prose
from gui.look import fonts
from gui.look.formula import Order, typeset_or_none
from gui.look.language import tr
from gui.look.theme import LIGHT

PX = 16  # pixels that the text is high
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 FAMILIES; color: #1f2328; background: #fff; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .2rem; } h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; } .quiet, figcaption { color: #57606a; font-size: .85rem; }
figure { margin: 1rem 0; } figure img { width: 100%; height: auto; display: block; } figure.small img { width: auto; max-width: 100%; }
svg.formula { overflow: visible; } .display { margin: .8rem 0; overflow-x: auto; }
.question { border-left: 3px solid #0072b2; padding: .1rem 0 .1rem 1rem; margin: 1.2rem 0; }
.teacher { background: #f1f1ee; border-left: 3px solid #c98500; padding: .2rem 1rem; margin: 1rem 0; }
ol.answers { list-style: none; padding: 0; } ol.answers li { margin: .35rem 0 .35rem 3.1rem; text-indent: -3.1rem; }
ol.answers .box { display: inline-block; width: .85em; height: .85em; border: 1.3px solid #1f2328; margin: 0 .6rem 0 0; vertical-align: -.08em; text-indent: 0; }
ol.answers b { display: inline-block; min-width: 1.3rem; text-indent: 0; }
.line { border-bottom: 1px solid #57606a; min-height: 2.1rem; display: flex; justify-content: space-between; align-items: flex-end; }
.item { margin: .3rem 0; display: flex; gap: .6rem; } .item > span:first-child { min-width: 1.1rem; } blockquote { margin: .8rem 0; padding-left: 1rem; border-left: 2px solid #d8dee4; }
pre { background: #f6f6f4; padding: .1rem .6rem; margin: 0; white-space: pre-wrap; } code { font-size: .92em; } table { border-collapse: collapse; margin: .8rem 0; }
td, th { border: 1px solid #d8dee4; padding: .25rem .6rem; text-align: left; }
@page { size: A4; margin: 18mm 20mm; }
@media print { body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; } h2, h3 { break-after: avoid; }
  figure, .question, .teacher, .display, table { break-inside: avoid; } .solutions { break-before: page; } a { color: inherit; } }
"""  # noqa: E501


def html_of(handout: Handout) -> str:
    """The whole file."""
    title = escape(bare_title(handout))
    style = STYLE.replace("FAMILIES", fonts.stack())
    language = escape(handout.language.replace("_", "-"))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="Nabla">\n<title>{title}</title>\n<style>{style}</style>',
        "</head>\n<body>",
        f"<h1>{title}</h1>\n<p class='quiet'>{escape(subtitle(handout))}</p>",
        _prose(handout.about),
        *(part for stop in handout.stops for part in _stop(stop, handout.teacher)),
        *_solutions(handout),
        "</body>\n</html>\n",
    ]
    return "\n".join(filter(None, parts))


def _stop(stop: HandoutStop, teacher: bool) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(heading(stop))}</h2>"
    yield _prose(stop.text.words)
    if stop.figure is not None:
        yield _figure(stop.figure)
    if stop.question:
        yield f'<div class="question">\n<h3>{escape(tr("Question"))}</h3>'
        yield _prose(stop.text.asked)
        yield from _room(stop)
        yield "</div>"
    if teacher and stop.text.teacher:
        yield f'<aside class="teacher">\n<h3>{escape(tr("For the teacher"))}</h3>'
        yield _prose(stop.text.teacher)
        yield "</aside>"
    yield "</section>"


def _room(stop: HandoutStop) -> Iterator[str]:
    """What one writes, ticks or draws the answer into."""
    if stop.text.answers:
        answers = (
            f'<li><span class="box"></span><b>{letter(k)}</b> {_line(one.words)}</li>'
            for k, one in enumerate(stop.text.answers)
        )
        yield "<ol class='answers'>\n" + "\n".join(answers) + "\n</ol>"
    if stop.sketch is not None:
        yield _figure(stop.sketch, "small")
    for k in range(lines(stop)):
        words = room(stop) if k == 0 else ""
        unit = stop.unit if k == 0 else ""
        yield f'<div class="line"><span>{escape(words)}</span><span>{escape(unit)}</span></div>'


def _solutions(handout: Handout) -> Iterator[str]:
    found = explained(handout)
    if not found:
        return
    yield f'<section class="solutions">\n<h1>{escape(tr("The answers"))}</h1>'
    for stop, one in found:
        yield f"<h3>{escape(one.heading)}</h3>"
        yield _prose(one.right)
        if stop.curve is not None:
            yield _figure(stop.curve, "small")
        yield _prose(one.after)
        for other in one.others:
            yield f'<p class="quiet">{_line(other)}</p>'
    yield "</section>"


def _figure(picture: HandoutPicture, kind: str = "") -> str:
    data = b64encode(picture.data).decode("ascii")
    caption = f"\n<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
    words = escape(picture.caption or tr("What you expect"), quote=True)
    size = f'width="{picture.width:.0f}" height="{picture.height:.0f}"'
    image = f'<img alt="{words}" {size} src="data:image/{picture.kind};base64,{data}">'
    return f'<figure class="{kind}">\n{image}{caption}\n</figure>'


# Prose


def _prose(markdown: str) -> str:
    return "\n".join(_written(prose(markdown)))


def _line(markdown: str) -> str:
    """A text in one line of another one."""
    return " ".join(_runs(one.runs) for one in prose(markdown) if isinstance(one, Passage))


def _written(parts: Sequence[Passage | ProseTable]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, ProseTable):
            yield "<table>\n" + "\n".join(_rows(part)) + "\n</table>"
        elif part.heading:
            yield f"<h3>{_runs(part.runs)}</h3>"
        elif part.code:
            yield f"<pre><code>{_runs(part.runs)}</code></pre>"
        elif part.display:
            yield f'<p class="display">{_formula(part.runs[0].text, display=True)}</p>'
        elif part.depth:
            sign = f"{part.number}." if part.number else "•"
            indent = f' style="margin-left:{1.4 * (part.depth - 1):.1f}rem"'
            yield f'<div class="item"{indent}><span>{sign}</span><span>{_runs(part.runs)}</span></div>'
        else:
            words = f"<p>{_runs(part.runs)}</p>"
            yield f"<blockquote>{words}</blockquote>" if part.quoted else words


def _rows(grid: ProseTable) -> Iterator[str]:
    for k, row in enumerate(grid.rows):
        tag = "td" if k else "th"
        yield "<tr>" + "".join(f"<{tag}>{_runs(cell)}</{tag}>" for cell in row) + "</tr>"


def _runs(runs: Sequence[Wording]) -> str:
    return "".join(_formula(run.text) if run.formula else _words(run) for run in runs)


def _words(run: Wording) -> str:
    words = escape(run.text).replace("\n", "<br>")
    for tag, on in (("code", run.code), ("em", run.italic), ("strong", run.bold)):
        words = f"<{tag}>{words}</{tag}>" if on else words
    return f'<a href="{escape(run.link, quote=True)}">{words}</a>' if run.link else words


def _formula(latex: str, display: bool = False) -> str:
    """A formula as SVG, in sizes of the text around it; its source where it cannot be typeset."""
    room = 640.0 if display else 0.0
    found = typeset_or_none(Order(latex, PX, LIGHT.text, (), room))
    if found is None:
        return f"<code>{escape(latex)}</code>"
    wide, high, below = found.width / PX, found.height / PX, (found.height - found.ascent) / PX
    shift = "" if display else f"vertical-align:{-below:.3f}em;"
    head = (
        f'<svg class="formula" role="img" aria-label="{escape(latex, quote=True)}" '
        f'style="width:{wide:.3f}em;height:{high:.3f}em;{shift}" '
    )
    svg = found.svg.decode("utf-8").replace("<svg ", head, 1)
    return re.sub(r'(<svg [^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
