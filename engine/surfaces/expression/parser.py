"""Reading a formula: tokens become a graph, and LaTeX that shows how they were read.

The method is "precedence climbing": each operator has a binding strength. A part of a formula is one operand,
followed by all operators that bind more strongly than the operator before the part.

    −x**2 + 3*y   reads as   (−(x**2)) + (3*y)

`^` means `**`; − × · ÷ π √ ½ x² |x| are understood. Factors may stand side by side without `*`, as in 2x,
2(x + 1), (x + 1)(y - 1), xy and x sin(y). What can be read in two ways is refused: 1/2x, e^2x, √2x, |x|y|z|
and x²^3. 1½ is one and a half. Every error is a `Problem` whose `where` is the column, from 1.

Reference: Pratt, "Top down operator precedence", POPL 1973.
"""

from typing import NoReturn

from engine.config import Problem
from engine.surfaces.expression.names import FUNCTIONS, TWO_ARGUMENTS
from engine.surfaces.expression.parts import (
    Piece,
    fraction_piece,
    joined,
    mixed_piece,
    named_piece,
    number_piece,
    raised_piece,
)
from engine.surfaces.expression.tokens import Token

MAX_DEPTH = 40
LONGEST_SHOWN = 60  # characters of a part of the formula that a message offers

# How strongly an operator binds the part to its left, and the part to its right. Of two equal operators the
# left one is first: 1−2−3 is (1−2)−3. But ** binds less strongly to the right: x**y**z is x**(y**z).
BINDING = {"+": (10, 10), "-": (10, 10), "*": (20, 20), "/": (20, 20), "**": (40, 39)}
SIGN_BINDING = 30  # of a sign: −x**2 is −(x**2), and −x*y is (−x)*y


class Parser:
    """Reads tokens from left to right; each method reads one part and returns it."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._open_bars = 0  # how many | wait for another, with no parenthesis after them
        self._bare_exponent = -1  # the place of the token after an exponent without parentheses

    @property
    def _token(self) -> Token:
        """The next token."""
        return self._tokens[self._next]

    def _take(self) -> Token:
        """Read one token."""
        token = self._token
        self._next += 1
        return token

    def read(self) -> Piece:
        """Read the whole text."""
        if self._token.kind == "end":
            raise Problem("Write an expression in x and y, such as x**2 + y**2.", where="1")
        piece = self._formula()
        if self._token.kind != "end":
            self._refuse_rest(self._token)
        return piece

    def _formula(self, binding: int = 0) -> Piece:
        """Read an operand and all operators after it that bind more strongly than `binding`."""
        self._go_deeper()
        left, last = self._factor(), ""
        while self._next_binding() > binding:
            token = self._token
            if token.text in BINDING:
                last = self._take().text
                right = self._formula(BINDING[last][1])
                if last == "**" and self._tokens[self._next - 1].text not in (")", "|"):
                    self._bare_exponent = self._next
            else:
                self._check_product(last)
                last, right = "*", self._formula(BINDING["*"][1])
            left = joined(last, token.column, left, right)
        self._depth -= 1
        return left

    def _go_deeper(self) -> None:
        """Count how many parts are inside one another; too many would use up the stack of Python."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Problem("Too many parts inside one another; simplify the expression.", self._where())

    def _next_binding(self) -> int:
        """The binding strength of the next operator; −1 where the part ends."""
        token = self._token
        if token.text in BINDING:
            return BINDING[token.text][0]
        beside = token.kind == "name" or token.text in ("(", "√")
        return BINDING["*"][0] if beside or (token.text == "|" and not self._open_bars) else -1

    def _check_product(self, last: str) -> None:
        """Refuse 1/2x and e^2x, which may be (1/2)x or 1/(2x), and e^2 x or e^(2x)."""
        close = self._tokens[self._next - 1].end == self._token.column
        if last == "/" or (self._bare_exponent == self._next and close):
            self._refuse_rest(self._token)

    def _factor(self) -> Piece:
        """Read an operand and the superscript digits after it."""
        start = self._next
        piece = self._operand()
        first, second = self._tokens[start : start + 2]
        powered = first.text in FUNCTIONS and second.kind == "raised"  # sin²(x)
        if self._token.kind == "raised" and not powered:
            token = self._take()
            piece, powered = joined("**", token.column, piece, raised_piece(token)), True
        if powered and (self._token.kind == "raised" or self._token.text == "**"):
            self._refuse_two_powers(start)
        return piece

    def _refuse_two_powers(self, start: int) -> NoReturn:
        """Refuse x²^3, which may be (x²)^3 or x^(2^3), and sin²(x)^3: (sin²(x))^3 or sin²(x^3)."""
        place, token = self._next, self._take()
        base = self._tokens[start:place]
        if token.kind != "raised":
            self._formula(BINDING["**"][1])
        power = _plainly(self._tokens[place : self._next])
        of_function = base[-1].kind != "raised"
        name, raised, inside = (
            base[0].text,
            _plainly(base[1:2] if of_function else base[-1:]),
            _plainly(base[2:]),
        )
        inner = name + inside if of_function else _plainly(base[:-1])
        one, other = f"({inner}{raised}){power}", f"{inner}^({raised[1:]}{power})"
        if of_function and name not in TWO_ARGUMENTS:
            other = f"{name}({inside}{power}){raised}"
        if max(len(one), len(other)) > LONGEST_SHOWN:  # half of it could not be copied
            problem = "Two powers in a row can be read in two ways; put one of them in parentheses."
            raise Problem(problem, where=str(token.column))
        problem = "Two powers in a row can be read in two ways; write {one} or {other}."
        raise Problem(problem, where=str(token.column), one=one, other=other)

    def _operand(self) -> Piece:
        """Read a number, a name, a function, a sign with its operand, or a part in parentheses or bars."""
        token = self._take()
        match token.kind, token.text:
            case "number", _:
                part = self._take() if self._token.kind == "part" and token.text.isdigit() else None
                return number_piece(token) if part is None else mixed_piece(token, part)
            case "part", _:
                return fraction_piece(token)
            case "name", _:
                return self._function(token) if token.text in FUNCTIONS else named_piece(token)
            case _, "(":
                return self._inside(token, bars=False)[0]
            case _, "|" | "√":
                return self._bars(token) if token.text == "|" else self._root(token)
            case _, "+":
                return self._formula(SIGN_BINDING)
            case _, "-":
                return joined("negative", token.column, self._formula(SIGN_BINDING))
            case "end", _:
                problem = "The expression ends too early; a number, x, y or a function is missing here."
                raise Problem(problem, where=str(token.column))
        problem = "A number, x, y or a function is missing before {found}."
        raise Problem(problem, where=str(token.column), found=token.text)

    def _function(self, name: Token) -> Piece:
        """Read the power of a function, as in sin²(x), and its arguments."""
        raised = self._take() if self._token.kind == "raised" else None
        if raised and not raised.text.isdigit():
            problem = (
                "{name} with a negative power can be read in two ways; write 1/{name}(x) or its inverse."
            )
            raise Problem(problem, where=str(raised.column), name=name.text)
        opening = self._token
        if opening.text != "(":
            problem = "Put the argument of {name} in parentheses, as in {name}(x)."
            raise Problem(problem, where=str(name.column), name=name.text)
        self._take()
        arguments = self._inside(opening, bars=False, several=True)
        if len(arguments) != (2 if name.text in TWO_ARGUMENTS else 1):
            one, two = (
                "{name} takes one argument, as in {name}(x).",
                "{name} takes two arguments, as in {name}(x, y).",
            )
            problem = two if name.text in TWO_ARGUMENTS else one
            raise Problem(problem, where=str(name.column), name=name.text)
        piece = joined(FUNCTIONS[name.text], name.column, *arguments)
        return joined("**", raised.column, piece, raised_piece(raised)) if raised else piece

    def _bars(self, opening: Token) -> Piece:
        """Read what stands between | and |."""
        if self._token.kind == "end":
            raise Problem("This | is never closed; add a |.", where=str(opening.column))
        return joined("abs", opening.column, *self._inside(opening, bars=True))

    def _root(self, sign: Token) -> Piece:
        """Read √( … ), or √ before one number or name."""
        self._go_deeper()
        inside = self._operand()
        self._depth -= 1
        last, following = self._tokens[self._next - 1], self._token
        raised = following.kind == "raised" or following.text == "**"
        beside = following.kind == "name" or following.text == "("
        glued = beside and last.end == following.column and last.text != "|"
        if last.text != ")" and (raised or glued):
            raise Problem("Put what stands under the root in parentheses.", where=str(sign.column))
        return joined("sqrt", sign.column, inside)

    def _inside(self, opening: Token, bars: bool, several: bool = False) -> list[Piece]:
        """Read what stands between parentheses or bars, up to the closing one."""
        outer, self._open_bars = self._open_bars, self._open_bars + 1 if bars else 0
        pieces = [self._formula()]
        while several and self._token.text == ",":
            self._take()
            pieces.append(self._formula())
        if bars and self._token.kind == "end":
            raise Problem("This | is never closed; add a |.", where=str(opening.column))
        if bars and self._token.text != "|":
            self._refuse_rest(self._token)
        if bars:
            self._check_bars(self._take())
        else:
            self._close(opening)
        self._open_bars = outer
        return pieces

    def _check_bars(self, bar: Token) -> None:
        """Refuse |2|x|-1|, which may be |2|·x·|-1| or |2·|x| - 1|: a bar that closes could open as well."""
        if self._token.kind != "name" and self._token.text not in ("(", "√"):
            return
        level = ahead = 0
        for token in self._tokens[self._next :]:
            level += (token.text == "(") - (token.text == ")")
            if level < 0 or (level == 0 and token.text == ","):
                break
            ahead += level == 0 and token.text == "|"
        if ahead > self._open_bars:
            problem = "These bars can be read in two ways; write * where you multiply."
            raise Problem(problem, where=str(bar.column))

    def _close(self, opening: Token) -> None:
        """Read the ) that belongs to an opening parenthesis."""
        if self._token.kind == "end":
            raise Problem("This parenthesis is never closed; add a ).", where=str(opening.column))
        if self._token.text != ")":
            self._refuse_rest(self._token)
        self._take()

    def _refuse_rest(self, token: Token) -> NoReturn:
        """Say why a formula cannot go on with this token."""
        if token.text == ")":
            raise Problem("This ) closes nothing; remove it or add a ( before.", where=str(token.column))
        if token.text == ",":
            self._refuse_decimal_comma(token)
            raise Problem("A comma only separates the arguments of min and max.", where=str(token.column))
        problem = "An operator is missing before {found}; write * to multiply."
        raise Problem(problem, where=str(token.column), found=token.text[:20])

    def _refuse_decimal_comma(self, comma: Token) -> None:
        """Refuse 0,5 and offer 0.5."""
        before, after = self._tokens[self._next - 1], self._tokens[self._next + 1]
        if before.kind == after.kind == "number" and before.end == comma.column == after.column - 1:
            number = f"{before.text}.{after.text}"
            if len(number) > LONGEST_SHOWN:
                number = "0.5"
            raise Problem("Write decimals with a point: {number}.", where=str(comma.column), number=number)

    def _where(self) -> str:
        """The column of the next token."""
        return str(self._token.column)


def _plainly(tokens: list[Token]) -> str:
    """Write tokens so that they can be typed on any keyboard."""
    words = [f"^{token.text}" if token.kind == "raised" else token.text for token in tokens]
    return "".join(words).replace("**", "^")
