"""The user's own formula: parsed, differentiated exactly and computed; it is never run as Python code.

operations            what each operation of a formula computes
nodes                 the graph of a formula
tokens                splitting the text into numbers, names and marks
typesetting           the formula as LaTeX
names                 the names it may use, and the messages for unknown names
exponentials          forms of exponentials that neither overflow nor cancel
parts                 its numbers, names and operations, each as a node
parser                its grammar: which part belongs to which operation
derivatives           the chain rule that differentiates it exactly
tape                  its value, on numbers and on whole grids
reader                all of this in one call: from the text to the formula
surface               the formula as a surface
"""

from engine.surfaces.expression.reader import (
    Expression,
    parse,
)

__all__ = [
    "Expression",
    "parse",
]
