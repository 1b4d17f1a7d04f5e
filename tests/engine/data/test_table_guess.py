"""What a table is without being told: separator, decimal sign, header, label, features, pictures."""

import numpy as np
import pytest

from engine.config import Problem
from engine.data.csv_data import GUESSED
from engine.data.table_format import LeftOut, TableFormat, TableLayout
from engine.data.table_guess import look
from engine.data.user_files import decoded


def layout(content: str | bytes, said: TableFormat = GUESSED, whole: bool = True) -> TableLayout:
    found = look(content if isinstance(content, bytes) else content.encode(), said, whole)
    if found.problem is not None:
        raise found.problem
    return found.layout


def rows(*lines: str) -> str:
    return "\n".join(lines) + "\n"


IRIS = ("5.1,3.5,setosa", "4.9,3.0,setosa", "6.3,3.3,virginica", "5.8,2.7,virginica")


@pytest.mark.parametrize(
    ("content", "separator", "decimal"),
    [
        (rows(*IRIS), ",", "."),
        (rows("a;b;art", "1,5;2,25;x", "2,5;3;y"), ";", ","),
        (rows("a;b;art", "1.5;2.25;x", "2.5;3;y"), ";", "."),
        (rows("1,5;2,5;x", "2,5;3,5;y"), ";", ","),
        (rows("1,5\t2,5\tx", "2,5\t3,5\ty"), "\t", ","),
        (rows('"1,5","2,5",x', '"2,5","3,5",y'), ",", ","),
        (rows("a|b|c", "1|2|x"), "|", "."),
        (rows("  5.1   3.5  setosa", "4.9 3.0 setosa"), " ", "."),
        (rows("5.1, 3.5, setosa", "4.9, 3.0, setosa"), ",", "."),
        (rows("sepal length,petal length,kind of iris", "1,2,iris setosa"), ",", "."),
        (rows("name;size;class", "Miller, Anna;1;x", "Wu, Li;2;y"), ";", "."),
        (rows("sep=;", "1,5;2,5;x", "2,5;3,5;y"), ";", ","),
        (rows("sep=|", "1|2;5|x", "2|3;5|y"), "|", "."),
        (rows("1e3;−2;x", "+1,5E-3;4;y"), ";", ","),
    ],
)
def test_separator_and_decimal_sign(content: str, separator: str, decimal: str) -> None:
    found = layout(content)
    assert (found.separator, found.decimal) == (separator, decimal)


@pytest.mark.parametrize(
    ("content", "header", "names"),
    [
        (rows(*IRIS), False, ("1", "2", "3")),
        (rows("a,b,kind", *IRIS), True, ("a", "b", "kind")),
        (rows("1,2,y", "3,4,n", "5,6,y", "7,8,n"), False, ("1", "2", "3")),  # y is a class here
        (rows("0,1,label", "3,4,n", "5,6,y", "7,8,n"), True, ("0", "1", "label")),
        (rows(",0,1", "0,3.5,4", "1,5,6", "2,7,8"), True, ("", "0", "1")),  # as pandas writes it
        (rows("?,2,x", "1,2,x", "3,4,y"), False, ("1", "2", "3")),
        (rows("长,宽,类别", "1,2,甲", "3,4,乙"), True, ("长", "宽", "类别")),
        (rows("sep=,", "a,b,kind", *IRIS), True, ("a", "b", "kind")),
    ],
)
def test_header(content: str, header: bool, names: tuple[str, ...]) -> None:
    found = layout(content)
    assert (found.header, found.names) == (header, names)


WINE = (  # the class in front, and no header, as UCI has it
    "1,14.23,1.71,1065",
    "1,13.2,1.78,1050",
    "2,12.37,.94,520",
    "2,12.33,1.1,680",
    "3,12.86,1.35,630",
    "3,12.88,2.99,530",
)


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (rows("x,y,species", "1,2,a", "3,4,b", "5,6,a", "7,8,b"), 2),
        (rows("x,y,group", "1,2,a", "3,4,b", "5,6,a", "7,8,b"), 2),
        (rows("x,y,group", "1,0,a", "3,1,b", "5,0,a", "7,1,b"), 2),  # beside x, y is a coordinate
        (rows("a,y,b", "1,0,2", "3,1,4", "5,0,6", "7,1,8"), 1),
        (rows("x,y", "1,0", "3,1", "5,0", "7,1"), 1),  # nothing else is like a class
        (rows("y,a", "2.5,0", "3.5,1", "4.5,0", "6.5,1"), 1),  # y is no class there
        (rows("Class,a,b", "1,1,2", "2,3,4", "1,5,6"), 0),
        (rows("a,Species,b", "1,u,2", "3,v,4"), 1),
        (rows("a,类别,b", "1,u,2", "3,v,4"), 1),
        (rows(*WINE), 0),
        (rows(*IRIS), 2),
        (rows("u,1,2", "v,3,4", "u,5,6"), 0),
        (rows("5.1,3.5,1.4,1", "4.9,3,1.4,1", "6.3,3.3,6,2", "5.8,2.7,5.1,2"), 3),
        (
            rows("size,price", "1,10.5", "2,11.5", "3,12.5"),
            1,
        ),  # nothing fits: the last, and an error will say it
    ],
)
def test_label(content: str, label: int) -> None:
    assert layout(content).label == label


def test_a_label_in_front_of_digits_is_not_swapped_for_a_pixel() -> None:
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 17, (60, 64)) * (rng.random((60, 64)) < 0.3)
    lines = [",".join(map(str, (k % 10, *row))) for k, row in enumerate(pixels.tolist())]
    found = layout(rows(*lines))
    assert (found.label, found.side) == (0, 8)
    behind = [",".join(map(str, (*row, k % 10))) for k, row in enumerate(pixels.tolist())]
    assert layout(rows(*behind)).label == 64


@pytest.mark.parametrize(
    ("header", "first", "left_out"),
    [
        (",a,class", range(6), True),
        (",a,class", range(1, 7), True),
        ("Unnamed: 0,a,class", range(6), True),
        ("Id,a,class", range(1, 7), True),
        ("id,a,class", (842302, 842517, 84300903, 84348301, 84358402, 843786), True),
        ("序号,a,class", range(1, 7), True),
        ("time,a,class", range(6), False),  # it has a name of its own
        ("id,a,class", (3, 3, 4, 4, 5, 5), False),  # several rows each: it says something
        (None, range(6), True),
        (None, range(1, 7), True),
        (None, range(2, 8), False),
    ],
)
def test_a_column_that_counts_the_rows_is_no_feature(header, first, left_out) -> None:
    lines = [f"{k},{v},{c}" for k, v, c in zip(first, (2.5, 1, 3, 1, 2, 9), "xxxyyy", strict=True)]
    found = layout(rows(*([header] if header else []), *lines))
    assert found.label == 2
    assert found.features == ((1,) if left_out else (0, 1))
    assert found.left_out == ((LeftOut(0, "counter"),) if left_out else ())


def test_the_only_numbers_there_are_stay_a_feature() -> None:
    assert layout(rows(*(f"{k},{'xy'[k % 2]}" for k in range(1, 7)))).features == (0,)


def test_columns_of_words_and_empty_ones_are_left_out_and_said() -> None:
    found = layout(rows("name,a,b,,class", "ann,1,?,,x", "bob,2,3,,y", "eve,,4,,x"))
    assert found.features == (1, 2)
    assert found.left_out == (LeftOut(0, "text"), LeftOut(3, "empty"))


def test_what_is_said_goes_before_what_is_guessed() -> None:
    content = rows("1,5;2;3", "2,5;2;4", "3,5;1;3", "4,5;1;4")
    said = TableFormat(separator="semicolon", decimal="comma", header="no", label=2, left_out=(3,))
    found = layout(content, said)
    assert (found.label, found.features, found.left_out) == (1, (0,), (LeftOut(2, "chosen"),))
    as_names = layout(content, TableFormat(header="yes"))
    assert as_names.names == ("1,5", "2", "3")
    with pytest.raises(Problem, match="There is no column 9 for the label: the table has 3"):
        layout(content, TableFormat(label=9))
    with pytest.raises(Problem, match="No column is left to learn from"):
        layout(content, TableFormat(label=1, left_out=(2, 3)))
    assert layout(content, TableFormat(separator="comma")).names == ("1", "2")


@pytest.mark.parametrize("columns", [64, 784])
def test_square_numbers_of_pixels_are_pictures(columns: int) -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 256, (6, columns))
    lines = [f"{'ab'[k % 2]}," + ",".join(map(str, row)) for k, row in enumerate(values.tolist())]
    content = rows(*lines)
    assert layout(content).side ** 2 == columns
    assert layout(content, TableFormat(pictures="no")).side == 0
    assert layout(content.replace("," + str(values[0, 5]) + ",", ",-3,")).side == 0  # no ink is below 0


def test_columns_that_do_not_stand_together_are_no_picture() -> None:
    rng = np.random.default_rng(0)
    lines = []
    for k, row in enumerate(rng.integers(0, 256, (6, 64)).tolist()):
        cells = [*map(str, row[:32]), *(["a note"] * 3), *map(str, row[32:]), "ab"[k % 2]]
        lines.append(",".join(cells))
    found = layout(rows(*lines), TableFormat(label=68))
    assert len(found.features) == 64
    assert found.side == 0


def test_four_features_are_a_picture_only_when_told() -> None:
    content = rows("1,0,1,0,a", "0,1,0,1,b", "1,0,1,1,a", "0,1,0,0,b")
    assert layout(content).side == 0
    assert layout(content, TableFormat(pictures="yes")).side == 2
    with pytest.raises(Problem, match="3 features make no square picture"):
        layout(content, TableFormat(pictures="yes", left_out=(1,)))


def test_only_the_beginning_of_a_file_is_looked_at() -> None:
    head = rows("a,b,kind", *(f"{k},{k + 0.5},sorted" for k in range(50))) + "77,7"
    found = look(head.encode(), GUESSED, whole=False)
    assert found.layout.label == 2
    assert len(found.rows) == 50, "the line that is cut off is not among them"
    assert decoded(head.encode(), whole=False) == head
