"""Tables as people write them are read; whatever is wrong is said with its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config import Problem
from engine.data import csv_data
from engine.data.csv_data import GUESSED, reading
from engine.data.table_format import TableFormat
from engine.pieces import result_of


def read_csv(path, said=GUESSED):
    return result_of(reading(path, said)).labelled


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GOOD = {
    "header": "a,b,class\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n",
    "no header": "1,2,x\n3,4,y\n5,6,x\n7,8,y\n",
    "semicolons": "a;b;class\n1;2;x\n3;4;y\n5;6;x\n7;8;y\n",
    "tabs": "1\t2\tx\n3\t4\ty\n5\t6\tx\n7\t8\ty",
    "label first": "Label,a,b\nx,1,2\ny,3,4\nx,5,6\ny,7,8\n",
    "label in the middle": "a,TARGET,b\n1,x,2\n3,y,4\n5,x,6\n7,y,8\n",
    "all sorts of blanks": "\ufeffa, b, y\r\n1, 2, x\r\n\r\n3, 4, y\r\n 5,6 ,x\r\n7,8,y\r\n,,\r\n",
    "quotes": '"a","b","class"\n"1","2","x"\n3,4,y\n5,6,x\n7,8,y\n',
    "old Mac": "1,2,x\r3,4,y\r5,6,x\r7,8,y\r",
    "label in capitals": "a,b,kind\n1e0,2.0,x\n+3,4,y\n5,6,x\n7,8,y\n",
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_good_files(tmp_path: Path, content: str) -> None:
    data = read_csv(write(tmp_path, content))
    assert data.features.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert data.labels.tolist() == [0, 1, 0, 1]
    assert data.class_names == ("x", "y")
    assert len(data.feature_names) == 2


def test_names_of_columns_and_order_of_classes(tmp_path: Path) -> None:
    data = read_csv(write(tmp_path, "长,y,宽\n1,10,2\n3,9,4\n5,10,6\n7,9,8\n"))
    assert data.feature_names == ("长", "宽")
    assert data.class_names == ("9", "10")
    assert read_csv(write(tmp_path, "1,2\n1,3\n1,2\n1,3\n")).feature_names == ("1",)


CLASSES = (
    "Column “{}”, the label, has {} different values: to tell classes apart, 2 to 20 are needed."
    " Choose another label"
)
NOTHING = "No column is left to learn from: besides the label, one must hold numbers"
BAD = {
    "": "The file is empty",
    "\n\n  \n": "The file is empty",
    "a\n1\n": "line 1: expected 2 to 1000 columns, found 1",
    ",".join("1" * 1001): "line 1: expected 2 to 1000 columns, found 1001",
    "1,2,3,x\n1,2,3,y\n1,2,x\n": "line 3: expected 4 columns, found 3",
    "1,x\n2,y\n\n\n1,2,x\n": "line 5: expected 2 columns, found 3",
    "1,x\n-inf,y\n": "line 2: column 1 is not a number: “-inf”",
    "1,x\n1e999,y\n": "line 2: column 1 is not a number: “1e999”",
    "1,x\n1_000,y\n": "line 2: column 1 is not a number: “1_000”",
    "1,2,x\n3,=cmd|calc,y\n": "line 2: column 2 is not a number: “=cmd|calc”",
    "1,x\n" + "z" * 5000 + ",y\n": f"line 2: column 1 is not a number: “{'z' * 20}…”",
    "1,x\n1e200,y\n": "line 2: the number in column 1 is too large",
    "1,x\n2,x\n": CLASSES.format("2", 1),
    "a,class\n1,x\n2,x\n": CLASSES.format("class", 1),
    "a,class\n": NOTHING,
    "word,class\nred,x\nblue,y\n": NOTHING,
    "size,price\n" + "".join(f"{n},{n + 0.5}\n" for n in range(30)): CLASSES.format("price", 30),
    "1,x\n2,y\n3,x\n": "line 2: the class “y” has only this example; it needs two",
    '1,x\n2,"y\n3,x\n': "line 2: the quotes or the length of a cell are wrong",
    '1,x\n2,"y"z\n3,x\n': "line 2: the quotes or the length of a cell are wrong",
    "1,x\n" + "9" * 200_000 + ",y\n": "line 2: the quotes or the length of a cell are wrong",
    b"1,x\n2,\xff\xfe\n": "line 2: the encoding of the text is not known; save the file as UTF-8",
    b"PK\x03\x04\x00\x00": (
        "The file is a workbook, a document or an archive. Save it as CSV or as plain text first"
    ),
    b"\0\1\2": "The file is not a table in text form",
    "a,b\n\0".encode("utf-16"): "The file is not a table in text form",
}


@pytest.mark.parametrize(("content", "sentence"), BAD.items())
def test_bad_files(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        read_csv(write(tmp_path, content))
    assert str(caught.value) == sentence
    line = sentence.partition(":")[0]
    assert caught.value.where == (line if line.startswith("line") else "")


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(Problem, match="is not a file"):
        read_csv(tmp_path)
    with pytest.raises(Problem, match="is not a file"):
        read_csv("/dev/zero")
    with pytest.raises(Problem):
        read_csv("a\0b")
    with pytest.raises(Problem):
        read_csv("a" * 5000)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as few:
        few.setattr(csv_data, "MOST_ROWS", 4)
        assert len(read_csv(write(tmp_path, "a,class\n" + "1,x\n2,y\n" * 2)).labels) == 4
        with pytest.raises(Problem, match="more than 4 rows"):
            read_csv(write(tmp_path, "1,x\n2,y\n" * 2 + "1,x\n"))
    monkeypatch.setattr(csv_data, "MOST_NUMBERS", 8)
    with pytest.raises(Problem, match="more than 8 numbers: keep 4 rows or fewer"):
        read_csv(write(tmp_path, "a,b,class\n" + "1,1,x\n2,1,y\n" * 3))
    monkeypatch.setattr(csv_data, "MOST_BYTES", 2**20)
    with pytest.raises(Problem, match="larger than 1 MB"):
        read_csv(write(tmp_path, b"1" * (2**20 + 1)))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=60), st.text('1.e-,;\t\n\r"xy ', max_size=60).map(str.encode)))
def test_whatever_the_file_holds_it_is_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    try:
        data = read_csv(write(tmp_path, content))
    except Problem as problem:
        assert str(problem)
    else:
        assert len(data.features) == len(data.labels)
        assert len(data.class_names) >= 2


@pytest.mark.parametrize("missing", ["?", "", "NaN", "NA", "null", " N/A "])
@pytest.mark.parametrize("quoted", ["", '"'])
def test_lines_with_a_missing_value_are_left_out_and_counted(
    tmp_path: Path, missing: str, quoted: str
) -> None:
    header = f"a,b,{quoted}class{quoted}\n"
    content = header + f"1,2,x\n{missing},4,x\n5,6,y\n7,8,{missing}\n9,{missing},y\n3,1,x\n2,2,y\n"
    table = result_of(reading(write(tmp_path, content)))
    assert table.labelled.features.tolist() == [[1, 2], [5, 6], [3, 1], [2, 2]]
    assert table.labelled.labels.tolist() == [0, 1, 0, 1]
    assert (table.about.rows, table.about.missing) == (4, 3)


def test_a_value_that_is_missing_in_a_column_that_is_not_used_does_not_matter(tmp_path: Path) -> None:
    content = "note,a,class\nhm,1,x\n?,2,x\n,3,y\nso,4,y\n"
    table = result_of(reading(write(tmp_path, content)))
    assert (table.about.rows, table.about.missing) == (4, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = "长度,宽度,类别\n1,2,山鸢尾\n3,4,变色鸢尾\n5,6,山鸢尾\n7,8,变色鸢尾\n"
    data = read_csv(write(tmp_path, content.encode(encoding)))
    assert data.class_names == ("变色鸢尾", "山鸢尾")
    assert data.feature_names == ("长度", "宽度")
    assert data.labels.tolist() == [1, 0, 1, 0]


def test_every_block_is_read_and_the_line_of_an_error_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_data, "BLOCK", 40)
    lines = [f"{k},{k / 8},{'xy'[k % 2]}" for k in range(100)]
    for end in ("\n", "\r\n"):
        data = read_csv(write(tmp_path, end.join(["a,b,class", "", *lines, ""])))
        assert data.features.tolist() == [[k, k / 8] for k in range(100)]
        assert data.labels.tolist() == [0, 1] * 50
    shares = list(reading(write(tmp_path, "\n".join(lines))))
    assert shares == sorted(shares)
    assert len(shares) > 20
    assert shares[-1] == 1.0
    lines[70] = "70,oops,x"
    for quote in ("", '"'):
        lines[50] = f"50,{quote}6.25{quote},x"
        with pytest.raises(Problem, match="line 72: column 2 is not a number: “oops”"):
            read_csv(write(tmp_path, "\n".join(["a,b,class", *lines])))
    lines[70] = "70,8.75"
    with pytest.raises(Problem, match="line 71: expected 3 columns, found 2"):
        read_csv(write(tmp_path, "\n".join(lines)))


def test_a_decimal_comma_never_becomes_a_thousand(tmp_path: Path) -> None:
    head = "a;class\n" + "1,5;x\n2,5;y\n" * 3
    assert read_csv(write(tmp_path, head)).features[:2, 0].tolist() == [1.5, 2.5]
    with pytest.raises(Problem, match=r"line 8: column 1 is not a number: “1\.234”"):
        read_csv(write(tmp_path, head + "1.234;x\n"))
    with pytest.raises(Problem, match="line 2: column 1 is not a number: “1,5”"):
        read_csv(write(tmp_path, head), TableFormat(decimal="point", left_out=()))


def test_pictures_have_their_shape(tmp_path: Path) -> None:
    rows = [[k % 2, *((k * j) % 256 for j in range(784))] for k in range(1, 9)]
    content = "label," + ",".join(f"pixel{j}" for j in range(784)) + "\n"
    data = read_csv(write(tmp_path, content + "".join(",".join(map(str, row)) + "\n" for row in rows)))
    assert data.features.shape == (8, 28, 28)
    assert data.features[2, 1, 3] == 3 * 31 % 256


CELLS = st.floats(-1e6, 1e6).map(lambda x: round(x, 4)) | st.integers(-1000, 1000).map(float)
NAMES = st.sampled_from(["x", "red", "山鸢尾", "Iris-setosa", "a b"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[str]]:
    """Features of 2 to 5 columns and labels of 2 or 3 classes, each of which occurs twice at least."""
    width = draw(st.integers(2, 5))
    names = draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
    labels = [*names, *names, *draw(st.lists(st.sampled_from(names), max_size=6))]
    rows = draw(
        st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=len(labels), max_size=len(labels))
    )
    return rows, labels


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=tables(),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    header=st.booleans(),
    place=st.sampled_from(["first", "last"]),
    quoted=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_table_written_in_any_dialect_reads_back_the_same(
    tmp_path: Path, table, separator, decimal, header, place, quoted, encoding, end
) -> None:
    rows, labels = table
    said = TableFormat(
        encoding="auto" if encoding == "utf-8-sig" else encoding,
        separator={",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator],
        decimal={".": "point", ",": "comma"}[decimal],
        header="yes" if header else "no",
        label=1 if place == "first" else len(rows[0]) + 1,
        left_out=(),
    )
    written = []
    if header:
        written.append([*(f"f{k}" for k in range(len(rows[0]))), "kind"])
    written += [
        [*(repr(x).replace(".", decimal) for x in row), name] for row, name in zip(rows, labels, strict=True)
    ]
    lines = []
    for *numbers, name in written:
        cells = [name, *numbers] if place == "first" else [*numbers, name]
        quote = '"' if quoted or decimal == separator else ""
        lines.append(separator.join(f"{quote}{cell}{quote}" for cell in cells))
    path = write(tmp_path, (end.join(lines) + end).encode(encoding))
    data = read_csv(path, said)
    assert data.features.tolist() == rows
    assert [data.class_names[k] for k in data.labels] == labels
