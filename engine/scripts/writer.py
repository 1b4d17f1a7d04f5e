"""How a script is written: sections of code with a comment above each, and at the end the table and the plot.

A script keeps its numbers in `curves`: name of a curve → step → number, with the names that they have in a
recording. So a test can run a script and compare every number with the recording.
"""

import ast
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol, cast
from unicodedata import east_asian_width

import numpy as np

from engine.scripts.spacing import laid_out
from engine.version import VERSION

Framework = Literal["numpy", "torch"]
WIDTH = 100  # columns of a line
INDENT = "    "
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # ends of lines, and signs that cannot be seen
CHINESE_FONTS = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimHei", "DejaVu Sans"]


class Translate(Protocol):
    """Returns a sentence in another language, its slots filled."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The sentence."""
        ...


def in_english(text: str, /, **values: object) -> str:
    """The sentence itself, its slots filled."""
    return text.format(**values) if values else text


@dataclass(frozen=True)
class Script:
    """A program, and the files with data that lie beside it, by their names."""

    text: str
    files: Mapping[str, bytes]


@dataclass
class ScriptWriter:
    """Collects the parts of a script in their order; `text` joins them.

    `tr` translates what a reader of the script sees: comments and words that it prints. Values are written
    with all their digits, so that the script begins from the same numbers. `folder` is where it will lie.
    """

    framework: Framework
    title: str
    tr: Translate = in_english
    folder: Path | None = None
    imports: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _plot: str = ""
    _names: dict[str, str] = field(default_factory=dict)

    def note(self, words: str, *, indent: int = 0) -> None:
        """Write a comment, which begins a section."""
        self._parts.append("\n" + commented(words, indent))

    def code(self, text: str, indent: int = 0) -> None:
        """Write lines of code; their common indentation is taken away first."""
        self._parts.append(textwrap.indent(textwrap.dedent(text).strip("\n"), INDENT * indent))

    def setting(self, name: str, value: Any, words: str = "") -> None:
        """Write `name = value`, with what it is behind it."""
        line = f"{name} = {literal(value)}"
        self._parts.append(f"{line}  # {in_one_line(words)}" if words else line)

    def function(
        self, function: Callable[..., Any], words: str = "", renamed: Mapping[str, str] | None = None
    ) -> None:
        """Write a function of the engine as it stands there, once; `words` is its comment.

        Its docstring and its types are left out. Names in it, such as ``self.condition``, are replaced as
        `renamed` says.
        """
        if function.__name__ in self._known:
            return
        self._known.add(function.__name__)
        text = function_text(function, renamed or {})
        self._parts.append("\n\n" + (commented(words) + "\n" if words else "") + text + "\n")

    def name_curves(self, names: Mapping[str, str]) -> None:
        """Name what stands before the point in the names of curves, such as "0" in "0.loss".

        The names are printed beside the curves, and `plot` has them as `names`.
        """
        self._names = dict(names)

    def plot(self, text: str) -> None:
        """Replace the plot of all curves by this one; `plt` is matplotlib.pyplot."""
        self._plot = textwrap.dedent(text).strip("\n")

    def text(self) -> str:
        """The whole script."""
        imports = {"import numpy as np"} | ({"import torch"} if self.framework == "torch" else set())
        standard = self.imports - imports
        if re.search(r"\bmath\.", "\n".join(self._parts)):
            standard.add("import math")
        head = "\n\n".join("\n".join(sorted(some, key=_import_order)) for some in (standard, imports) if some)
        whole = "\n".join([self._docstring(), "", head, "", self._keeping(), *self._parts, self._end()])
        return laid_out(whole)

    def _docstring(self) -> str:
        tr, package = self.tr, "NumPy" if self.framework == "numpy" else "PyTorch"
        told = tr(
            "The run of Nabla {version} with these settings, in {package}.", version=VERSION, package=package
        )
        shown = tr("It prints the numbers of some steps, and plots them where Matplotlib is installed.")
        words = "\n".join(map(as_docstring, [*wrapped(told, WIDTH), *wrapped(shown, WIDTH)]))
        return f'"""{as_docstring(self.title)}\n\n{words}\n"""'

    def _keeping(self) -> str:
        words, number = self.tr("name of a curve → step → number"), "float(number)"
        if self.framework == "torch":
            number = "number.item() if torch.is_tensor(number) else float(number)"
        return f"""
curves = {{}}  # {words}


def keep(step, numbers):
    for name, number in numbers.items():
        curves.setdefault(name, {{}})[step] = {number}

"""

    def _end(self) -> str:
        tr = self.tr
        plot = self._plot or (
            "for name, curve in curves.items():\n"
            "    plt.plot(list(curve), list(curve.values()), label=name)\n"
            f"plt.xlabel({literal(tr('step'))})\n"
            "plt.legend()\n"
            "plt.show()"
        )
        names, shown = "", "print(name)"
        if self._names:
            lines = [f"    {literal(who)}: {literal(name)},\n" for who, name in self._names.items()]
            names = f"names = {{\n{''.join(lines)}}}\n"
            shown = 'who = name.partition(".")[0]\n    '
            shown += 'print(f"{name} ({names[who]})" if who in names else name)'
        if re.search("[\u4e00-\u9fff]", names + plot):
            plot = f'plt.rcParams["font.sans-serif"] = {literal(CHINESE_FONTS)}\n{plot}'
        return f"""
{commented(tr("The numbers of about ten steps of every curve, with all digits"))}
{names}for name, curve in curves.items():
    {shown}
    for step in sorted({{*list(curve)[:: max(1, len(curve) // 10)], max(curve)}}):
        print(f"{{step:>8}}  {{curve[step]!r}}")

{commented(tr("The plot"))}
try:
    import matplotlib.pyplot as plt
except ImportError:
    print({literal(tr("There is no plot, because Matplotlib is not installed."))})
else:
{textwrap.indent(plot, INDENT)}"""


def _import_order(line: str) -> tuple[bool, str]:
    """Whole modules stand before names from modules."""
    return line.startswith("from"), line


def commented(words: str, indent: int = 0) -> str:
    """Words as lines of a comment."""
    space = INDENT * indent
    return "\n".join(f"{space}# {line}" for line in wrapped(in_one_line(words), WIDTH - 2 - len(space)))


def in_one_line(words: str) -> str:
    """Words without any sign that ends a line: what follows one in a comment would be code."""
    return BREAKS.sub(" ", words)


def numbered(names: Sequence[str]) -> list[str]:
    """Names, with a number behind those that are the same, as in the window: Adam 1, Adam 2."""
    several = {name: count(1) for name, times in Counter(names).items() if times > 1}
    return [f"{name} {next(several[name])}" if name in several else name for name in names]


def by_place(names: Sequence[str]) -> dict[str, str]:
    """Names by their place as a text: "0", "1" and so on."""
    return {str(place): name for place, name in enumerate(names)}


def as_docstring(words: str) -> str:
    """Words that can stand in a docstring, whatever is in them."""
    return in_one_line(words).replace("\\", "\\\\").replace('"', "'")


def wrapped(words: str, width: int) -> list[str]:
    """Lines of at most so many columns; Chinese may break between any two characters."""
    lines, line = [], ""
    for piece in re.findall(r"\s+|[ -~\u00a0-\u2e7f]+?(?=\s|$|[\u2e80-\uffef])|.", words):
        if line and columns(line + piece) > width and piece not in "，。；：、）”":
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def columns(text: str) -> int:
    """How many columns a text takes where Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def literal(value: Any) -> str:
    """A value as Python writes it, with all digits; infinite numbers and NaN as NumPy names them."""
    if isinstance(value, np.ndarray):
        return f"np.array({literal(value.tolist())})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, np.generic):
        return literal(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return "np.nan" if value != value else "np.inf" if value > 0 else "-np.inf"
    if isinstance(value, bool | int | float | str) or value is None:
        return repr(value)
    raise TypeError(f"{type(value).__name__} has no place in a script")


def function_text(function: Callable[..., Any], renamed: Mapping[str, str]) -> str:
    """The lines of a function, without types and docstring, and with other names in it."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = cast(ast.FunctionDef, _Plain(renamed).visit(tree.body[0]))
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:]
    definition.decorator_list = []
    return ast.unparse(ast.fix_missing_locations(definition))


class _Plain(ast.NodeTransformer):
    """Takes types away and changes names."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        self.renamed = renamed

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign([node.target], node.value))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        name = ast.unparse(node)
        if name in self.renamed:
            return ast.parse(self.renamed[name], mode="eval").body
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.renamed:
            return ast.parse(self.renamed[node.id], mode="eval").body
        return node
