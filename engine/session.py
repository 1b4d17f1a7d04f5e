"""A session is what a user has set up: the config of every experiment, and how it was looked at.

    {"schema": 1, "experiments": {"optimizers.race": {"surface": "beale", …}}, "open": "optimizers.race", …}

The file is read strictly. It is data and nothing of it is ever run; what does not fit is refused
with a sentence that names the place. A file of an older schema is first brought up to date.

Reference: msgspec, "Schema evolution" and "Constraints" (jcristharif.com/msgspec).
"""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from engine.config import Config, Problem, problem_from
from engine.experiment import Experiment
from engine.experiments import EXPERIMENTS

SCHEMA = 1
LARGEST = 16 * 2**20  # bytes; a session is a few kilobytes
Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}  # schema → how to make the next one of it


class SessionError(Problem):
    """A session file that cannot be opened; `where` is the place in the file."""


MAX_PINS = 24  # each pinned run is computed again when its session opens


class Look(Config, frozen=True):
    """How one experiment was looked at: the step under the playhead, options of its view, pinned configs."""

    step: Annotated[int, msgspec.Meta(ge=0)] | None = None
    options: dict[str, Any] = {}
    pins: Annotated[tuple[Any, ...], msgspec.Meta(max_length=MAX_PINS)] = ()


class Session(Config, frozen=True):
    """What a session file holds. `experiments` has the config of every experiment that was touched."""

    experiments: dict[str, Any] = {}
    open: str = "optimizers.race"
    language: str = ""  # empty: as the program has it
    theme: str = ""
    looks: dict[str, Look] = {}

    def config(self, name: str) -> Config:
        """The config of an experiment: the session's, or the experiment's own start."""
        found = self.experiments.get(name)
        return found if isinstance(found, Config) else EXPERIMENTS[name].config_type()


def load(path: str | os.PathLike[str]) -> Session:
    """Read a session file.

    Raises:
        SessionError: the file cannot be read or does not fit, and where.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise SessionError("The file cannot be read: {reason}", reason=error.strerror or error) from error
    if len(data) > LARGEST:
        raise SessionError("The file is too large to be a session.")
    return decode(data)


def decode(data: bytes, migrations: Mapping[int, Migration] = MIGRATIONS) -> Session:
    """Read a session from the bytes of its file; raises `SessionError` like `load`."""
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SessionError("The file is not valid JSON: {reason}", reason=error) from error
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


def encode(session: Session) -> bytes:
    """The bytes of a session file: indented JSON, in UTF-8."""
    raw = {"schema": SCHEMA, **msgspec.to_builtins(session)}
    return msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n"


def save(session: Session, path: str | os.PathLike[str]) -> None:
    """Write a session file, whole or not at all: a crash half-way leaves the old file as it was.

    Raises:
        SessionError: the file cannot be written.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=target.name, suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(encode(session))
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(target.stat().st_mode if target.exists() else 0o644)
            os.replace(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise SessionError("The file cannot be written: {reason}", reason=error.strerror or error) from error


def _up_to_date(raw: dict[str, Any], migrations: Mapping[int, Migration]) -> dict[str, Any]:
    schema = raw.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise SessionError('A session must say its schema, such as "schema": 1.', where="$.schema")
    while schema in migrations:
        raw = migrations[schema](raw)
        schema = raw["schema"]
    if schema > SCHEMA:
        raise SessionError("The file was made by a newer Nabla; this one reads schema {n}.", where="$.schema", n=SCHEMA)  # fmt: skip  # noqa: E501
    if schema != SCHEMA:
        raise SessionError("Schema {n} is unknown.", where="$.schema", n=schema)
    return {key: value for key, value in raw.items() if key != "schema"}


def _with_configs(session: Session) -> Session:
    """The session with each raw config decoded by the experiment it belongs to."""
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
    return msgspec.structs.replace(look, pins=pins)


def _experiment(name: str, place: str) -> Experiment[Any, Any]:
    if name not in EXPERIMENTS:
        raise SessionError("There is no experiment {name}.", where=place, name=repr(name))
    return EXPERIMENTS[name]


def _config(experiment: Experiment[Any, Any], raw: object, place: str) -> Config:
    try:
        config: Config = msgspec.convert(raw, experiment.config_type)
    except msgspec.ValidationError as error:
        raise _error_at(place, problem_from(error)) from error
    return config


def _error_at(place: str, problem: Problem) -> SessionError:
    separator = "" if not problem.where or problem.where.startswith("[") else "."
    return SessionError(problem.sentence, where=place + separator + problem.where, **problem.values)
