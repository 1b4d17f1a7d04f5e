"""The engine as a book: no line is lost between text and source, formulas are set, references hold."""

import ast
import re
from pathlib import Path
from types import ModuleType

import latex2mathml.converter
import pytest

HOUSE = Path(__file__).resolve().parent.parent
SPEAKING = ast.Module | ast.FunctionDef | ast.ClassDef
FILES = sorted((HOUSE / "engine").rglob("*.py"))
# The field says backward, nonlinearity, subnormal, diverged; the others are idioms.
NOT_THE_FIELDS = re.compile(
    r"\b(ways? back|dust\w*|bends?|bent|(left|leaves?) the (finite |range of )?numbers"
    r"|nobody|whoever|taken? apart|next to nothing|a hair|for good)\b",
    re.IGNORECASE,
)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What makes the book, as one namespace."""
    monkeypatch.syspath_prepend(str(HOUSE / ".book"))
    import docstring
    import names
    import pages
    import plain_math
    import source
    import symbols

    made = ModuleType("book")
    vars(made).update(
        vars(plain_math) | vars(docstring) | vars(source) | vars(pages) | {"Names": names.Names}
    )
    made.symbols = symbols  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("mₜ ← β₁m + g²", r"m_{t}\leftarrow\beta_{1}m+g^{2}"),
        ("γ^⌊k/s⌋", r"\gamma^{⌊k/s⌋}"),
        ("η m̂/(√v̂ + ε)", r"\eta\hat{m}/(\sqrt{\hat{v}}+\varepsilon)"),
        ("ŷ = √(2π)", r"\hat{y}=\sqrt{2\pi}"),
        ("Var(w) = 2/(n_in + n_out)", r"\operatorname{Var}(w)=2/(n_{\text{in}}+n_{\text{out}})"),
        ("e_{k+1} ≤ ((κ−1)/κ)²ᵏ", r"e_{k+1}\le((\kappa-1)/\kappa)^{2k}"),
        ("−Σ pᵢ log pᵢ", r"-\sump_{i}\operatorname{log}\,p_{i}"),
        ("φ is tanh", r"\varphi\;\text{is}\;\operatorname{tanh}\,"),
        ("μ-strongly convex", r"\mu\text{-stronglyconvex}"),
    ],
)
def test_a_formula_in_plain_characters_becomes_latex(book: ModuleType, plain: str, typeset: str) -> None:
    assert book.latex(plain).replace(" ", "") == typeset


def test_a_covariance_is_no_sum(book: ModuleType) -> None:
    (block,) = book.blocks("    Σ = E[δδᵀ]    of δ")
    assert not block.sums
    assert book.latex("Σ", sums=False) == r"\Sigma"


def test_a_docstring_is_taken_apart(book: ModuleType) -> None:
    rows = (
        "    plain   x ← x − η g\n    heavy   v ← β v + g    and more\n                           than that"
    )
    text = f"First.\n\n{rows}\n\n    rule = start(x)\n\nRaises:\n    Problem: it\n        is wrong."
    paragraph, formulas, code, section = book.blocks(text)
    assert paragraph.text == "First."
    cells = [[(cell.column, cell.text, cell.formula) for cell in row] for row in formulas.rows]
    assert cells[0] == [(0, "plain", False), (1, "x ← x − η g", True)]
    assert cells[1] == [(0, "heavy", False), (1, "v ← β v + g", True), (2, "and more than that", False)]
    assert code == ("rule = start(x)", True)
    assert section == ("Raises", [("Problem", "it is wrong.")])


def test_no_line_of_a_file_is_missing_in_the_book(book: ModuleType) -> None:
    for path in FILES:
        text = path.read_text("utf-8")
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, SPEAKING)]
        texts = [node.body[0] for node in nodes if ast.get_docstring(node) is not None]
        spoken = {n for said in texts for n in range(said.lineno, (said.end_lineno or 0) + 1)}
        lines = [line for n, line in enumerate(text.splitlines(), 1) if line.strip() and n not in spoken]
        found = book.pieces(path)
        assert [line for piece in found for line in piece.code.splitlines() if line.strip()] == lines, path
        told = {ast.get_docstring(node) for node in nodes if isinstance(node, ast.ClassDef)}
        assert told - {None} <= {piece.text for piece in found}, path


@pytest.mark.parametrize("text", ["the way back", "Dust.", "bends its sum", "a run that left the numbers"])
def test_a_word_that_is_not_the_fields_is_found(text: str) -> None:
    assert NOT_THE_FIELDS.search(text)


def test_the_book_speaks_in_the_words_of_the_field() -> None:
    lines = [(path, line) for path in FILES for line in path.read_text("utf-8").splitlines()]
    assert [(path.name, line.strip()) for path, line in lines if NOT_THE_FIELDS.search(line)] == []


def test_every_formula_can_be_set(book: ModuleType) -> None:
    """One that cannot, such as σ*² with two superscripts, would stop the making of the whole book."""
    count = 0
    for path in FILES:
        tables = [block for piece in book.pieces(path) for block in book.blocks(piece.text)]
        for table in tables:
            for cell in (cell for row in getattr(table, "rows", ()) for cell in row if cell.formula):
                assert latex2mathml.converter.convert(book.latex(cell.text, sums=table.sums))
                count += 1
    assert count > 300


def test_what_stands_in_backticks_is_there(book: ModuleType) -> None:
    known = book.Names.of_house(HOUSE)
    spans = (
        (path, span)
        for path in FILES
        if path.name != "__init__.py"
        for piece in book.pieces(path)
        for span in piece.text.split("`")[1::2]
    )
    module = {path: ".".join(path.relative_to(HOUSE).with_suffix("").parts) for path in FILES}
    assert [(module[path], span) for path, span in spans if known.target(span, module[path]) is None] == []


def test_a_broken_reference_is_found(book: ModuleType) -> None:
    known = book.Names.of_house(HOUSE)
    here = "engine.optimizers.adam"
    assert known.target("Adam", here) == "engine.optimizers.adam.Adam"
    assert known.target("engine.optimizers.descent.Momentum", here) == "engine.optimizers.descent.Momentum"
    assert known.target("descent", here) == "engine.optimizers.descent"
    assert known.target("beta1", here) == ""
    assert known.target("second_order", here) is None
    assert known.target("engine.optimizers.second_order", here) is None
    assert known.target("engine.optimizers.descent.Momentun", here) is None


def test_the_pages_stand_in_reading_order_and_none_is_left_out(book: ModuleType, tmp_path: Path) -> None:
    book.write(tmp_path)
    pages = {str(path.relative_to(tmp_path).with_suffix("")) for path in tmp_path.rglob("*.rst")}
    wanted = {str(path.relative_to(HOUSE / "engine").with_suffix("")) for path in FILES}
    assert pages == {page.replace("__init__", "index") for page in wanted} | {"symbols"}
    _, entries = book.contents(HOUSE / "engine")
    chapters = [entry.name for entry in entries if entry.part == "The chapters"]
    assert chapters[:3] == ["information", "losses", "surfaces"]
    assert len(chapters) == 9
    symbols = (tmp_path / "symbols.rst").read_text("utf-8")
    assert r":math:`\eta`" in symbols
    assert r":math:`\beta _{1}`" in symbols
