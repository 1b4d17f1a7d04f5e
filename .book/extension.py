"""What Sphinx learns for the book: source beside text, drawn formulas, references that must hold."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import docstring
import ziamath
from docutils import nodes
from names import Names
from plain_math import latex
from source import Piece, pieces
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

HOUSE = Path(__file__).resolve().parent.parent
SIZE = 16  # px of the letters of a formula
SPAN = re.compile(r"`([^`]+)`")
LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
STRESSED = re.compile(r"(?<![\w*])\*(?! )([^*\n]+?)(?<! )\*(?![\w*])")
log = logging.getLogger(__name__)
ziamath.config.svg2 = False


class Beside(SphinxDirective):
    """``.. beside:: engine/optimizers/adam.py``: a file, its texts on the left and its lines on the right."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a row for each piece of the file."""
        path = HOUSE / self.arguments[0]
        self.env.note_dependency(str(path))
        self.module = ".".join(Path(self.arguments[0]).with_suffix("").parts)
        self.known = Names.of_house(HOUSE)
        return [self._row(piece) for piece in pieces(path)]

    def _row(self, piece: Piece) -> nodes.Node:
        full = f"{self.module}.{piece.name}".rstrip(".")
        row = nodes.container(
            classes=["beside", "file" if not piece.name else f"depth{piece.name.count('.')}"]
        )
        text = nodes.container(classes=["text"])
        if piece.name:
            label = nodes.make_id(full)
            text["ids"].append(label)
            domain = self.env.domains.standard_domain
            domain.anonlabels[full.lower()] = self.env.docname, label
            domain.labels[full.lower()] = self.env.docname, label, piece.name
            text += nodes.paragraph("", "", nodes.strong(piece.name, piece.name), classes=["name"])
        for block in docstring.blocks(piece.text):
            text += self._block(block)
        text += self._equations(full)
        row += text
        if piece.code:
            code = nodes.literal_block(piece.code, piece.code, language="python")
            row += nodes.container("", code, classes=["code"])
        return row

    def _block(self, block: docstring.Block) -> nodes.Node:
        match block:
            case docstring.Paragraph(text) if docstring.all_formula(text):
                tex = latex(text.rstrip("."))
                return nodes.math_block(tex, tex, nowrap=True, number=None, classes=["left"])
            case docstring.Paragraph(text):
                return nodes.paragraph("", "", *self._spans(text))
            case docstring.Items(items):
                made = nodes.bullet_list()
                for item in items:
                    made += nodes.list_item("", nodes.paragraph("", "", *self._spans(item)))
                return made
            case docstring.Code(text, python):
                language = "python" if python else "text"
                return nodes.literal_block(text, text, language=language, force=True)  # words may stand in it
            case docstring.Formulas():
                return self._table(block)
            case docstring.Section(title, entries):
                made = nodes.definition_list(classes=["section"])
                for name, meaning in entries:
                    term = nodes.term("", "", nodes.literal(name, name)) if name else nodes.term(title, title)
                    told = nodes.paragraph("", "", *self._spans(meaning))
                    made += nodes.definition_list_item("", term, nodes.definition("", told))
                return nodes.container("", nodes.rubric(title, title), made)

    def _table(self, block: docstring.Formulas) -> nodes.Node:
        width = 1 + max(cell.column for row in block.rows for cell in row)
        group = nodes.tgroup(cols=width)
        group += [nodes.colspec(colwidth=1) for _ in range(width)]
        body = nodes.tbody()
        for row in block.rows:
            entries = {cell.column: cell for cell in row}
            line = nodes.row()
            for column in range(width):
                cell = entries.get(column)
                inner = nodes.paragraph("", "", *(self._cell(cell, block.sums) if cell else ()))
                line += nodes.entry("", inner)
            body += line
        group += body
        return nodes.container("", nodes.table("", group, classes=["formulas"]), classes=["wide"])

    def _cell(self, cell: docstring.Cell, sums: bool) -> Iterator[nodes.Node]:
        if not cell.formula:
            yield from self._spans(cell.text)
            return
        tex = latex(cell.text, sums)
        yield nodes.math(tex, tex)

    def _spans(self, text: str) -> Iterator[nodes.Node]:
        """Yield running text: between double backticks as it stands, between single ones as references."""
        for k, part in enumerate(LITERAL.split(text)):
            if k % 2:
                yield nodes.literal(part, part)
            else:
                yield from self._references(part)

    def _references(self, text: str) -> Iterator[nodes.Node]:
        """Yield text, with what stands in backticks as references to where it is defined."""
        for k, part in enumerate(SPAN.split(text)):
            if k % 2 == 0:
                for n, words in enumerate(STRESSED.split(part)):
                    yield nodes.emphasis(words, words) if n % 2 else nodes.Text(words)
                continue
            target = self.known.target(part, self.module)
            if target is None:
                log.warning("`%s` is nothing that is defined", part, location=f"{self.module}")
            literal = nodes.literal(part, part)
            if not target:
                yield literal
                continue
            yield pending_xref(
                "", literal, refdomain="std", reftype="ref", reftarget=target.lower(), refexplicit=True,
                refdoc=self.env.docname, refwarn=True,
            )  # fmt: skip

    def _equations(self, full: str) -> Iterator[nodes.Node]:
        """Yield the lines of an optimizer, and the picture of its path."""
        rule = rules().get(full)
        if rule is None:
            return
        for line in rule.rule:
            yield nodes.math_block(line.latex, line.latex, nowrap=True, number=None, classes=["left"])
        name = rule.__struct_config__.tag
        yield nodes.image(uri=f"/pictures/{name}.svg", alt=f"{rule.title}: its path", classes=["path"])


@cache
def rules() -> dict[str, Any]:
    """Return the optimizers by the full names of their classes."""
    from engine.optimizers import OPTIMIZERS

    return {f"{rule.__module__}.{rule.__qualname__}": rule for rule in OPTIMIZERS.values()}


def inline(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula within a line."""
    self.body.append(svg(node.astext(), display=False))
    raise nodes.SkipNode


def display(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula on a line of its own."""
    self.body.append(f'<div class="formula">{svg(node.astext(), display=True)}</div>')
    raise nodes.SkipNode


@cache
def svg(tex: str, display: bool) -> str:
    """Return a formula as a picture that takes the colour of the text, and stands on its line."""
    made = ziamath.Latex(tex, size=SIZE, color="currentColor", inline=not display)
    depth = -made.getyofst() if not display else 0.0
    picture = made.svg().replace("<svg ", f'<svg role="img" aria-label="{escape(tex)}" ', 1)
    return f'<span class="formula" style="vertical-align:-{depth / SIZE:.3f}em">{picture}</span>'


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of it."""
    app.add_directive("beside", Beside)
    app.add_html_math_renderer("drawn", (inline, None), (display, None))
    return {"parallel_read_safe": False}
