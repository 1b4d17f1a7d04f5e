"""Tables as people write them are read; whatever is wrong is said with its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import csv_data, user_files
from engine.config import Problem
from engine.csv_data import read_csv


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


BAD = {
    "": "The file is empty",
    "\n\n  \n": "The file is empty",
    "a\n1\n": "line 1: expected 2 to 1000 columns, found 1",
    ",".join("1" * 1001): "line 1: expected 2 to 1000 columns, found 1001",
    "1,2,3,x\n1,2,3,y\n1,2,x\n": "line 3: expected 4 columns, found 3",
    "1,x\n2,y\n\n\n1,2,x\n": "line 5: expected 2 columns, found 3",
    "1,x\nnan,y\n": "line 2: column 1 is not a number: “nan”",
    "1,x\n-inf,y\n": "line 2: column 1 is not a number: “-inf”",
    "1,x\n1e999,y\n": "line 2: column 1 is not a number: “1e999”",
    "1,x\n1_000,y\n": "line 2: column 1 is not a number: “1_000”",
    "1,x\n,y\n": "line 2: column 1 is not a number: “”",
    "1,2,x\n3,=cmd|calc,y\n": "line 2: column 2 is not a number: “=cmd|calc”",
    "1,x\n" + "z" * 5000 + ",y\n": f"line 2: column 1 is not a number: “{'z' * 20}…”",
    "1,x\n1e200,y\n": "line 2: the number in column 1 is too large",
    "1,x\n2,\n": "line 2: the label is missing",
    "1,x\n2,x\n": "Expected 2 to 20 classes, found 1",
    "a,class\n": "Expected 2 to 20 classes, found 0",
    "\n".join(f"{n},{n}" for n in range(30)): "Expected 2 to 20 classes, found 30",
    "1,x\n2,y\n3,x\n": "line 2: the class “y” has only this example; it needs two",
    '1,x\n2,"y\n3,x\n': "line 2: the quotes or the length of a cell are wrong",
    '1,x\n2,"y"z\n3,x\n': "line 2: the quotes or the length of a cell are wrong",
    "1,x\n" + "9" * 200_000 + ",y\n": "line 2: the quotes or the length of a cell are wrong",
    b"1,x\n2,\xff\xfe\n": "line 2: the encoding of the text is not known; save the file as UTF-8",
    b"PK\x03\x04\x00\x00": "The file is not a table in text form",
    "a,b\n".encode("utf-16"): "The file is not a table in text form",
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
    monkeypatch.setattr(csv_data, "MOST_ROWS", 4)
    assert len(read_csv(write(tmp_path, "a,class\n" + "1,x\n2,y\n" * 2)).labels) == 4
    with pytest.raises(Problem, match="more than 4 rows"):
        read_csv(write(tmp_path, "1,x\n2,y\n" * 2 + "1,x\n"))
    monkeypatch.setattr(user_files, "MOST_BYTES", 2**20)
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
