"""A condition of a lesson: a small language over the numbers of a run, parsed and never executed as code.

    0.f < 1e-3 and step <= 200
    diverged(momentum.f) and not diverged(0.f)
    first(training.loss < 0.5) < 100
    settings.racers[0].learning_rate > 0.1 and settings.surface.kind = "rosenbrock"

A name is one of

    step, steps                the step on the screen, and the last step of the run
    ended                      whether the run is complete
    answer                     what was typed or drawn, in a question
    settings.…                 a setting, by its path as in a session;  options.…  an option of the view
    anything else              a scalar of the recording, at the step on the screen

A scalar that is not known yet has no value, and a comparison with no value is false. Functions of a scalar
over the steps from 0 to the one on the screen:

    min(s)  max(s)  start(s)   its least, its largest and its first value
    at(s, k)                   its value at step k
    first(s < 0.5)             the first step at which a comparison with a number holds
    diverged(s)                whether it became infinite, or came to an end before the run

and of numbers: abs, sqrt, exp, log. Comparisons may be chained: 0 < x < 1.
"""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from engine.config import Problem
from engine.lessons.condition_parts import (
    COMPARISONS,
    Calculation,
    ComparedValues,
    ConditionNode,
    ConstantValue,
    Facts,
    LogicalWord,
    NamedValue,
    OverSteps,
    Value,
)

LONGEST = 2000  # characters
DEEPEST = 40  # levels of brackets
TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"\n]*\")"
    r"|(?P<name>(?:[0-9]+\.)?[A-Za-z_][A-Za-z_0-9]*(?:\[[0-9]+\]|\.[A-Za-z_0-9]+)*)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<mark><=|>=|==|!=|[-+*/^(),<>=≤≥≠−·×]))"
)
SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "=", "−": "-", "·": "*", "×": "*"}
OVER_STEPS = ("min", "max", "start", "at", "first", "diverged")
OF_NUMBERS: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
}


@dataclass(frozen=True)
class Condition:
    """A parsed condition, or a parsed number of the same language."""

    text: str
    root: ConditionNode

    def value(self, facts: Facts) -> Value:
        """Return its value; None where a part that it needs has none."""
        return self.root.value(facts)

    def holds(self, facts: Facts) -> bool:
        """Whether it is true."""
        return self.root.value(facts) is True

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, in their order, each once."""
        return tuple(dict.fromkeys(self.root.names()))


class ConditionToken(NamedTuple):
    """A text, a name, a number, a mark or the end, and its column, counted from 1."""

    kind: str
    text: str
    column: int


def parse(text: str) -> Condition:
    """Parse a condition.

    Raises:
        Problem: it is not one; `where` is the column.
    """
    if len(text) > LONGEST:
        raise Problem("Must have at most {n} characters", n=LONGEST)
    reader = _Reader(_tokens(text))
    root = reader.either()
    if reader.token.kind != "end":
        raise Problem(
            "The condition should end here, or go on with and, or, or a comparison", where=reader.place
        )
    return Condition(text, root)


def _tokens(text: str) -> list[ConditionToken]:
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise Problem("The character {c} has no meaning here", where=f"column {at + 1}", c=text[at])
        kind = str(match.lastgroup)
        word = match[kind]
        found.append(ConditionToken(kind, SPELLINGS.get(word, word), match.start(kind) + 1))
        position = match.end()
    return [*found, ConditionToken("end", "", end + 1)]


class _Reader:
    """Reads tokens from left to right; operators with lower precedence are read by methods further up."""

    def __init__(self, tokens: list[ConditionToken]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    @property
    def token(self) -> ConditionToken:
        """The next token."""
        return self._tokens[self._at]

    @property
    def place(self) -> str:
        """Where it is, for an error."""
        return f"column {self.token.column}"

    def take(self, *texts: str) -> str:
        """Take the next token if it is one of these marks or words; "" if it is not."""
        token = self.token
        if token.kind in ("mark", "name") and token.text in texts:
            self._at += 1
            return token.text
        return ""

    def expect(self, text: str) -> None:
        """Take a mark that must come now."""
        if not self.take(text):
            raise Problem("{mark} is missing here", where=self.place, mark=text)

    def either(self) -> ConditionNode:
        """a or b."""
        return self._joined("or", self._both)

    def _both(self) -> ConditionNode:
        return self._joined("and", self._negated)

    def _joined(self, word: str, read: Callable[[], ConditionNode]) -> ConditionNode:
        parts = [read()]
        while self.take(word):
            parts.append(read())
        return LogicalWord(tuple(parts), word) if len(parts) > 1 else parts[0]

    def _negated(self) -> ConditionNode:
        if not self.take("not"):
            return self._compared()
        with_depth = self._deeper(self._negated)
        return LogicalWord((with_depth,), "not")

    def _compared(self) -> ConditionNode:
        parts, signs = [self._sum()], []
        while sign := self.take(*COMPARISONS):
            signs.append(sign)
            parts.append(self._sum())
        return ComparedValues(tuple(parts), tuple(signs)) if signs else parts[0]

    def _sum(self) -> ConditionNode:
        found = self._product()
        while sign := self.take("+", "-"):
            function = operator.add if sign == "+" else operator.sub
            found = Calculation((found, self._product()), function)
        return found

    def _product(self) -> ConditionNode:
        found = self._signed()
        while sign := self.take("*", "/"):
            function = operator.mul if sign == "*" else operator.truediv
            found = Calculation((found, self._signed()), function)
        return found

    def _signed(self) -> ConditionNode:
        if self.take("-"):
            return Calculation((self._deeper(self._signed),), operator.neg)
        base = self._atom()
        return Calculation((base, self._deeper(self._signed)), math.pow) if self.take("^") else base

    def _deeper(self, read: Callable[[], ConditionNode]) -> ConditionNode:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Problem("The condition is nested too deeply", where=self.place)
        found = read()
        self._depth -= 1
        return found

    def _atom(self) -> ConditionNode:
        token = self.token
        if self.take("("):
            found = self._deeper(self.either)
            self.expect(")")
            return found
        if token.kind in ("end", "mark") or token.text in ("and", "or", "not"):
            raise Problem("A value is missing here", where=self.place)
        self._at += 1
        if token.kind == "number":
            return ConstantValue(float(token.text))
        if token.kind == "text":
            return ConstantValue(token.text[1:-1])
        if token.text in ("true", "false"):
            return ConstantValue(token.text == "true")
        if self.take("("):
            self._at -= 1
            return self._call(token)
        return NamedValue(token.text)

    def _call(self, token: ConditionToken) -> ConditionNode:
        if token.text not in (*OVER_STEPS, *OF_NUMBERS):
            self._at -= 1
            names = ", ".join((*OVER_STEPS, *OF_NUMBERS))
            raise Problem(
                "There is no function {name}; there are {names}",
                where=self.place,
                name=token.text,
                names=names,
            )
        self.expect("(")
        if token.text in OF_NUMBERS:
            made: ConditionNode = Calculation((self._deeper(self._sum),), OF_NUMBERS[token.text])
        else:
            made = self._over_steps(token.text)
        self.expect(")")
        return made

    def _over_steps(self, function: str) -> ConditionNode:
        scalar = self._atom()
        if not isinstance(scalar, NamedValue) or not scalar.is_scalar:
            self._at -= 1
            raise Problem("{name} needs the name of a scalar of the run", where=self.place, name=function)
        if function == "at":
            self.expect(",")
            return OverSteps(function, scalar, argument=self._deeper(self._sum))
        if function == "first":
            sign = self.take(*COMPARISONS)
            if not sign:
                raise Problem("first needs a comparison, such as first(loss < 0.5)", where=self.place)
            return OverSteps(function, scalar, sign, self._deeper(self._sum))
        return OverSteps(function, scalar)
