"""The user's own formula: read, differentiated exactly and computed, and never run as code.

operations            what each operation of a formula computes
nodes                 the graph of a formula
tokens                its words
typesetting           how it is written in mathematics
names                 the names it may use, and what to say of others
exponentials          forms of exponentials that neither overflow nor cancel
parser                its grammar
derivatives           the chain rule that differentiates it exactly
tape                  its value, on numbers and on whole grids
reader                all of this in one call: a text becomes a formula
surface               … and the surface that it is
"""

from engine.surfaces.expression.reader import (
    Expression,
    parse,
)

__all__ = [
    "Expression",
    "parse",
]
