"""How a script is written: whatever a text of the user is, it becomes no code."""

import ast
import sys

import msgspec
import pytest

from engine.experiments.optimizers.newton import NewtonConfig
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.descent import GradientDescent
from engine.scripts.spacing import laid_out
from engine.scripts.table import script_of
from engine.scripts.writer import ScriptWriter, literal

ENDS = [sign for sign in map(chr, range(sys.maxunicode)) if len(f"a{sign}b".splitlines()) > 1]
QUOTED = "'\"; import os #"


def written(text):
    """The text and the program of a script with a text of the user at every place that there is."""
    script = ScriptWriter("numpy", f"{text}{QUOTED}")
    script.note(text)
    script.setting("number", 1, text)
    script.setting("texts", [f"{text}{QUOTED}" + "\\a, b ** c" * 30])
    whole = script.text()
    return whole, ast.parse(whole)


@pytest.mark.parametrize("end", [*ENDS, "\r\n", "\0", "\t"])
def test_what_stands_behind_the_end_of_a_line_stays_words(end):
    whole, program = written(f"x{end}import os")
    names = [node.names[0].name for node in ast.walk(program) if isinstance(node, ast.Import)]
    assert sorted(names) == ["matplotlib.pyplot", "numpy"]
    (texts,) = (
        node.value
        for node in program.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "texts"
    )
    assert ast.literal_eval(texts) == [f"x{end}import os{QUOTED}" + "\\a, b ** c" * 30]
    assert len(whole.splitlines()) == whole.count("\n")


@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_a_formula_in_several_lines_is_one_comment(framework):
    rules = (GradientDescent(),)
    for name, config in (
        ("optimizers.race", RaceConfig(surface="expression", expression="x^2 + y^2", racers=rules, steps=2)),
        ("optimizers.newton", NewtonConfig(function="expression", expression="x^2 + x^4", steps=2)),
    ):
        plain, *others = (
            script_of(
                name,
                msgspec.structs.replace(config, expression=config.expression.replace("+ ", f"+{end}")),
                framework,
            ).text
            for end in (" ", *ENDS)
        )
        assert others == [plain] * len(ENDS)


def test_a_layout_changes_no_text_and_no_program():
    line = f"f({literal('a ** b, ' * 20)}, {literal(chr(92) + 'a ** b, ' * 20)}, x ** 2)\n"
    assert ast.dump(ast.parse(laid_out(line))) == ast.dump(ast.parse(line))
    assert laid_out("y = x ** 2 + 1e+30\n") == "y = x**2 + 1e30\n"
    with pytest.raises(SyntaxError):
        laid_out("y = = 1\n")
