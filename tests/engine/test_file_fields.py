"""Files that a session names: beside it they are named relatively, elsewhere as they are."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import pytest

from engine.config import Config, Tagged, plain
from engine.experiments.losses.classifier_config import ClassifierConfig, CsvFile
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_texts import TextFile
from engine.file_fields import absolute, file_paths, lies_outside, portable, with_file_paths
from engine.session import Look, Session, files_outside, load, save, without_files

TABLE = Annotated[str, plain("File", "A file.", kind="file")]


class None_(Tagged, frozen=True, tag="none"):
    """No file."""

    path: str = "not a file"


class One(Tagged, frozen=True, tag="one"):
    """A file."""

    path: TABLE = ""


class Deep(Config, frozen=True):
    """Files at every depth."""

    first: TABLE = ""
    data: None_ | One = None_()
    many: tuple[None_ | One, ...] = ()
    pair: tuple[float, float] = (0.0, 1.0)


DEEP = Deep("a", One("b"), (One("c"), None_(), One("")))


def test_files_are_found_at_every_depth_and_only_where_one_is_chosen():
    assert list(file_paths(DEEP)) == [("first", "a"), ("data.path", "b"), ("many[0].path", "c")]


def test_moving_touches_the_files_and_nothing_else():
    assert with_file_paths(DEEP, str.upper) == Deep("A", One("B"), (One("C"), None_(), One("")))
    assert with_file_paths(Deep(), str.upper) == Deep()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("t.csv", "/lesson/t.csv"),
        ("data/t.csv", "/lesson/data/t.csv"),
        ("./d/../t.csv", "/lesson/t.csv"),
        ("../t.csv", "/t.csv"),
        ("/other/t.csv", "/other/t.csv"),
        (r"\\host\s\t.csv", r"\\host\s\t.csv"),
        ("//host/s/t.csv", "//host/s/t.csv"),
        ("http://host/t.csv", "http://host/t.csv"),
        (r"D:\t.csv", r"D:\t.csv"),
        ("a\0b", "a\0b"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of Unix")
def test_a_relative_path_means_beside_the_session(path, place):
    assert absolute(path, Path("/lesson")) == place


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/lesson/t.csv", "t.csv"),
        ("/lesson/d/t.csv", "d/t.csv"),
        ("/lesson2/t.csv", "/lesson2/t.csv"),
        ("/other/../lesson/t.csv", "t.csv"),
        ("/t.csv", "/t.csv"),
        ("/lesson/..t.csv", "..t.csv"),
        (r"\\host\s\t.csv", r"\\host\s\t.csv"),
        ("//host/t.csv", "//host/t.csv"),
        (r"D:\t.csv", r"D:\t.csv"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of Unix")
def test_a_file_in_the_folder_of_the_session_is_written_relatively(path, written):
    assert portable(path, Path("/lesson")) == written


def test_a_folder_reached_by_a_link_is_the_same_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert portable(str(tmp_path / "link" / "t.csv"), tmp_path / "real") == "t.csv"


def both(table: Path, text: Path) -> Session:
    config: Any = ClassifierConfig(data=CsvFile(str(table)))
    pinned = ClassifierConfig(data=CsvFile(str(table)))
    return Session(
        experiments={"losses.classifier": config, "lstm.train": TrainConfig(task=TextFile(str(text)))},
        looks={"losses.classifier": Look(pins=(pinned,))},
    )


def test_a_lesson_with_its_table_can_be_handed_on(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "data").mkdir(parents=True)
    table, text = here / "data" / "花.csv", tmp_path / "elsewhere.txt"
    session = both(table, text)
    save(session, here / "lesson.nabla.json")
    raw = json.loads((here / "lesson.nabla.json").read_text(encoding="utf-8"))
    assert raw["experiments"]["losses.classifier"]["data"]["path"] == "data/花.csv"
    assert raw["looks"]["losses.classifier"]["pins"][0]["data"]["path"] == "data/花.csv"
    assert raw["experiments"]["lstm.train"]["task"]["path"] == str(text)
    assert load(here / "lesson.nabla.json") == session
    here.rename(there)
    assert load(there / "lesson.nabla.json") == both(there / "data" / "花.csv", text)


def test_saving_in_another_folder_names_the_files_anew(tmp_path):
    (tmp_path / "sub").mkdir()
    session = both(tmp_path / "t.csv", tmp_path / "sub" / "t.txt")
    for folder in (tmp_path, tmp_path / "sub"):
        save(session, folder / "s.nabla.json")
        assert load(folder / "s.nabla.json") == session
    raw = json.loads((tmp_path / "sub" / "s.nabla.json").read_text())
    assert raw["experiments"]["losses.classifier"]["data"]["path"] == str(tmp_path / "t.csv")
    assert raw["experiments"]["lstm.train"]["task"]["path"] == "t.txt"


def test_a_session_opened_by_a_link_finds_what_lies_beside_it(tmp_path):
    lesson = tmp_path / "lesson"
    lesson.mkdir()
    save(both(lesson / "t.csv", lesson / "t.txt"), lesson / "s.nabla.json")
    (tmp_path / "link.json").symlink_to(lesson / "s.nabla.json")
    assert load(tmp_path / "link.json") == both(lesson / "t.csv", lesson / "t.txt")


def test_what_lies_outside_is_known_without_touching_it(tmp_path, monkeypatch):
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "up").symlink_to("/")
    asked = []
    islink = os.path.islink
    monkeypatch.setattr(os.path, "islink", lambda path: asked.append(str(path)) or islink(path))
    inside = [tmp_path / "t.csv", tmp_path / "a" / "t.csv", tmp_path / ".." / tmp_path.name / "t.csv"]
    outside = [
        "/etc/passwd",
        r"\\host\share\t.csv",
        "//host/share/t.csv",
        "smb://host/t.csv",
        r"C:\t.csv",
        f"{tmp_path}/../t.csv",
        f"{tmp_path}2/t.csv",
        f"{tmp_path}/link.csv",
        f"{tmp_path}/up/etc/passwd",
        f"/{tmp_path}/t.csv",
    ]
    assert [lies_outside(str(path), tmp_path) for path in inside] == [False] * len(inside)
    assert [path for path in outside if not lies_outside(path, tmp_path)] == []
    assert all(place.startswith(str(tmp_path)) for place in asked)
    session = both(tmp_path / "t.csv", Path("/etc/passwd"))
    assert files_outside(session, tmp_path) == ["/etc/passwd"]
    assert without_files(session, ["/etc/passwd"]) == both(tmp_path / "t.csv", Path()).__class__(
        experiments={
            "losses.classifier": session.experiments["losses.classifier"],
            "lstm.train": TrainConfig(task=TextFile("")),
        },
        looks=session.looks,
    )
