"""A session is everything that a user has set: the config of every experiment, and how it is shown.

    {"schema": 1, "experiments": {"optimizers.race": {"surface": "beale", …}}, "open": "optimizers.race", …}

The file is read strictly. It contains only data, no code; anything that does not fit is refused with a
sentence that names the place. A file with an older schema is converted first.

Reference: msgspec, "Schema evolution" and "Constraints" (jcristharif.com/msgspec).
"""

import codecs
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec

from engine import file_fields, files
from engine.config import Config, Problem, problem_from
from engine.experiment import Experiment
from engine.experiments import EXPERIMENTS, experiment_of
from engine.memory_limit import runs_that_fit

SCHEMA = 1
LARGEST = 16 * 2**20  # bytes; a session is a few kilobytes
Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}  # schema → the function that converts it to the next one


class SessionError(Problem):
    """The error of a session file that cannot be opened; `where` is the place in the file."""


MAX_PINS = 24  # each pinned run is computed again when its session opens
MAX_BRANCHES = 24  # … and so is each branch
MAX_STEP = 10**12  # far beyond the longest run


class Look(Config, frozen=True):
    """How one experiment is shown: the step under the playhead, options of its view, pinned configs.

    `branches` are the runs that stay when a setting is changed at some step, the oldest first; the config of
    the experiment is one of them. Before the first fork there are none.
    """

    step: Annotated[int, msgspec.Meta(ge=0, le=MAX_STEP)] | None = None
    options: dict[str, Any] = {}
    pins: Annotated[tuple[Any, ...], msgspec.Meta(max_length=MAX_PINS)] = ()
    branches: Annotated[tuple[Any, ...], msgspec.Meta(max_length=MAX_BRANCHES)] = ()


class Session(Config, frozen=True):
    """The content of a session file. `experiments` has the config of every experiment that was changed."""

    experiments: dict[str, Any] = {}
    open: str = "optimizers.race"
    language: str = ""  # empty: the language of the program
    theme: str = ""
    looks: dict[str, Look] = {}

    def config(self, name: str) -> Config:
        """The config of an experiment: that of the session, or the default."""
        found = self.experiments.get(name)
        return found if isinstance(found, Config) else EXPERIMENTS[name].config_type()


def load(path: str | os.PathLike[str]) -> Session:
    """Read a session file. Relative paths in it begin at its folder.

    Raises:
        SessionError: the file cannot be read or does not fit; `where` is the place.
    """
    return placed(decode(read(path)), home_of(path))


def read(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a session file, for `decode`; raises `SessionError` like `load`."""
    try:
        data = files.read_bytes(path, LARGEST)
    except Problem as problem:
        raise SessionError(problem.sentence, where=problem.where, **problem.values) from problem
    if len(data) > LARGEST:
        raise SessionError("The file is too large to be a session.")
    return data


def decode(data: bytes, migrations: Mapping[int, Migration] = MIGRATIONS) -> Session:
    """Read a session from the bytes of its file; raises `SessionError` like `load`."""
    try:
        raw = msgspec.json.decode(data := data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _not_json(data, str(error)) from error
    except RecursionError as error:
        raise SessionError("The file is nested too deeply to be a session.") from error
    if not isinstance(raw, dict):
        raise SessionError("The file holds no session: it must be a JSON object.", where="$")
    raw = _up_to_date(raw, migrations)
    try:
        session = msgspec.convert(raw, Session)
    except msgspec.ValidationError as error:
        raise _error_at("$", problem_from(error)) from error
    return _with_configs(session)


def _not_json(data: bytes, reason: str) -> SessionError:
    """The error for bytes that are not JSON, with line and column in characters, both from 1."""
    try:
        json.loads(data.decode())
    except UnicodeDecodeError as error:
        sentence = "The file is not valid JSON: line {line}, column {column} is not UTF-8"
        before = data[: error.start].decode()
        return SessionError(sentence, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    except json.JSONDecodeError as error:
        sentence = "The file is not valid JSON from line {line}, column {column} on"
        if "truncated" in reason:
            sentence = "The file is not whole: it ends within line {line}, near column {column}"
        return SessionError(sentence, line=error.lineno, column=error.colno)
    except (ValueError, RecursionError):
        pass  # a number or a nesting that only Python's reader accepts: the line is not known
    return SessionError("The file is not valid JSON: {reason}", reason=reason)


def encode(session: Session) -> bytes:
    """The bytes of a session file: indented JSON, in UTF-8."""
    raw = {"schema": SCHEMA, **msgspec.to_builtins(session)}
    return msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n"


def save(session: Session, path: str | os.PathLike[str]) -> bytes:
    """Write a session file, completely or not at all; returns its bytes. Paths in its folder become relative.

    Raises:
        SessionError: the file cannot be written.
    """
    data = encode(_each_path(session, partial(file_fields.portable, folder=home_of(path))))
    try:
        files.write_bytes(path, data)
    except Problem as problem:
        raise SessionError(problem.sentence, where=problem.where, **problem.values) from problem
    return data


# Files that a session names


def home_of(path: str | os.PathLike[str]) -> Path:
    """The folder of a session file, where its relative paths begin; for a link, the folder of its target."""
    return Path(os.path.realpath(path)).parent


def placed(session: Session, folder: Path) -> Session:
    """The session of a file in `folder`, with every path absolute."""
    return _each_path(session, partial(file_fields.absolute, folder=folder))


def with_whole_paths(session: Session) -> Session:
    """The session with relative paths that the user typed made absolute."""
    return _each_path(session, file_fields.whole)


def files_outside(session: Session, folder: Path) -> list[str]:
    """The files outside its own folder that a session would read; they are not accessed for this."""
    named = (path for config in _configs(session) for _, path in file_fields.file_paths(config))
    return sorted({path for path in named if file_fields.lies_outside(path, folder)})


def files_named(session: Session) -> set[str]:
    """All files that a session names."""
    return {path for config in _configs(session) for _, path in file_fields.file_paths(config)}


def without_files(session: Session, left_out: Collection[str]) -> Session:
    """The session without the files `left_out`: the fields that named them are empty."""
    return _each_path(session, lambda path: "" if path in left_out else path)


def _configs(session: Session) -> Iterator[Config]:
    yield from session.experiments.values()
    for look in session.looks.values():
        yield from (*look.pins, *look.branches)


def _each_path(session: Session, move: file_fields.Move) -> Session:
    def moved(config: Config) -> Config:
        return file_fields.with_file_paths(config, move)

    experiments = {name: moved(config) for name, config in session.experiments.items()}
    looks = {
        name: msgspec.structs.replace(
            look, pins=tuple(map(moved, look.pins)), branches=tuple(map(moved, look.branches))
        )
        for name, look in session.looks.items()
    }
    return msgspec.structs.replace(session, experiments=experiments, looks=looks)


def _up_to_date(raw: dict[str, Any], migrations: Mapping[int, Migration]) -> dict[str, Any]:
    schema = raw.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise SessionError('A session must say its schema, such as "schema": 1.', where="$.schema")
    while schema in migrations:
        raw = migrations[schema](raw)
        schema = raw["schema"]
    if schema > SCHEMA:
        sentence = "The file was made by a newer Nabla; this one reads schema {n}."
        raise SessionError(sentence, where="$.schema", n=SCHEMA)
    if schema != SCHEMA:
        raise SessionError("Schema {n} is unknown.", where="$.schema", n=schema)
    return {key: value for key, value in raw.items() if key != "schema"}


def _with_configs(session: Session) -> Session:
    """The session with each raw config decoded by its experiment."""
    configs = {
        name: _config(_experiment(name, f"$.experiments[{name!r}]"), raw, f"$.experiments[{name!r}]")
        for name, raw in session.experiments.items()
    }
    looks = {name: _look(name, look) for name, look in session.looks.items()}
    _experiment(session.open, "$.open")
    return msgspec.structs.replace(session, experiments=configs, looks=looks)


def _look(name: str, look: Look) -> Look:
    place = f"$.looks[{name!r}]"
    experiment = _experiment(name, place)
    pins = tuple(_config(experiment, raw, f"{place}.pins[{i}]") for i, raw in enumerate(look.pins))
    branches = tuple(
        _config(experiment, raw, f"{place}.branches[{i}]") for i, raw in enumerate(look.branches)
    )
    fit = runs_that_fit(experiment, (*pins, *branches))
    if fit < len(pins):
        raise SessionError(
            "The pinned runs are so long that they need more than 1 GB together; {most} of them fit",
            where=f"{place}.pins[{fit}]",
            most=fit,
        )
    if fit < len(pins) + len(branches):
        raise SessionError(
            "The branches are so long that they need more than 1 GB together; {most} of them fit",
            where=f"{place}.branches[{fit - len(pins)}]",
            most=fit - len(pins),
        )
    return msgspec.structs.replace(look, pins=pins, branches=branches)


def _experiment(name: str, place: str) -> Experiment[Any, Any]:
    try:
        return experiment_of(name)
    except Problem as problem:
        raise SessionError(problem.sentence, where=place, **problem.values) from problem


def _config(experiment: Experiment[Any, Any], raw: object, place: str) -> Config:
    try:
        config: Config = msgspec.convert(raw, experiment.config_type)
    except msgspec.ValidationError as error:
        raise _error_at(place, problem_from(error)) from error
    return config


def _error_at(place: str, problem: Problem) -> SessionError:
    separator = "" if not problem.where or problem.where.startswith("[") else "."
    return SessionError(problem.sentence, where=place + separator + problem.where, **problem.values)
