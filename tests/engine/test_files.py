"""Reading never waits, writing never tears, and nothing but the content of the file changes."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engine import files
from engine.config import Problem
from engine.data.user_files import bytes_of
from engine.files import on_network, read_bytes, write_bytes

ROOT = Path(__file__).parent.parent.parent
unix = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and permissions of Unix")


def reason_of(error):
    return error.value.values["reason"]


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "a.json"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert read_bytes(path, 100) == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_of_a_long_file_no_more_is_read_than_shows_that_it_is_long(tmp_path):
    path = tmp_path / "long"
    path.write_bytes(b"x" * 1000)
    assert len(read_bytes(path, 10)) == 11


@unix
@pytest.mark.parametrize("act", [lambda path: read_bytes(path, 10), lambda path: write_bytes(path, b"")])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "not an ordinary file"),
        (lambda path: path.symlink_to("/dev/zero"), "not an ordinary file"),
        (lambda path: path.symlink_to("/proc/cpuinfo"), "not an ordinary file"),
        (os.mkdir, "it is a folder"),
        (lambda path: path.symlink_to(path), "circle"),
    ],
)
def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path, make, why, act):
    path = tmp_path / "odd"
    make(path)
    with pytest.raises(Problem) as error:
        act(path)
    assert why in reason_of(error)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("act", [lambda path: read_bytes(path, 10), lambda path: write_bytes(path, b"")])
@pytest.mark.parametrize(
    ("name", "why"),
    [("a\0b", "no name can hold"), ("a\ud800b", "no name can hold"), ("a" * 300, "name is too long")],
)
def test_a_name_that_cannot_be_is_one_clear_error(tmp_path, name, why, act):
    with pytest.raises(Problem) as error:
        act(tmp_path / name)
    assert why in reason_of(error)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path):
    for act in (lambda path: read_bytes(path, 10), lambda path: write_bytes(path, b"")):
        with pytest.raises(Problem) as error:
            act(tmp_path / "none" / "a.json")
        assert reason_of(error) == "there is no such file or folder"


@unix
@unix
def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_not_waited_for(tmp_path, monkeypatch):
    """A pipe that no one writes into would be opened for ever."""
    path, look = tmp_path / "file", os.stat
    path.write_bytes(b"x")

    def replaced_after(name, **options):
        status = look(name, **options)
        if Path(name) == path and stat.S_ISREG(status.st_mode):
            path.unlink()
            os.mkfifo(path)
        return status

    def waited(number, frame):
        raise AssertionError("it waits for someone who writes into the pipe")

    monkeypatch.setattr(os, "stat", replaced_after)
    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(5)
    try:
        with pytest.raises(Problem) as error:
            read_bytes(path, 10)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert stat.S_ISFIFO(look(path).st_mode)
    assert "not an ordinary file" in reason_of(error)


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    target, link = tmp_path / "far" / "real.json", tmp_path / "link.json"
    target.parent.mkdir()
    link.symlink_to(target)
    for content in (b"new", b"old"):  # the first one makes the file
        write_bytes(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


@unix
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path, umask, mode):
    program = (
        "import os, sys; os.umask(int(sys.argv[2])); from engine.files import write_bytes; "
        "write_bytes(sys.argv[1], b'')"
    )
    path = tmp_path / "a.json"
    subprocess.run([sys.executable, "-c", program, path, str(umask)], cwd=ROOT, check=True)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@unix
def test_a_file_that_was_there_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@unix
def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(Problem) as error:
        write_bytes(path, b"new")
    assert "read-only" in reason_of(error)
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "no space left"), (errno.EDQUOT, "used up"), (errno.EROFS, "only be read")],
)
def test_a_full_disk_is_called_a_full_disk(tmp_path, monkeypatch, number, words):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def full(handle):
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Problem) as error:
        write_bytes(path, b"new")
    assert words in reason_of(error)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@unix
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_a_disk_that_knows_no_locks_is_written_all_the_same(tmp_path, monkeypatch):
    def unknown(file, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(files.fcntl, "flock", unknown)
    write_bytes(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_what_is_written_counts_as_written_where_the_folder_may_not_be_listed(tmp_path, monkeypatch):
    def refused(folder):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    write_bytes(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"new"


def test_only_half_written_files_of_our_own_that_no_one_writes_are_swept(tmp_path):
    import fcntl

    names = [".nabla-0123abcd.part", "a.json_x1y2z3w.part", "download.part", "b.json01234567.part"]
    for name in [*names, ".nabla-76543210.part"]:
        (tmp_path / name).write_bytes(b"half")
    with (tmp_path / ".nabla-76543210.part").open("rb") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        write_bytes(tmp_path / "a.json", b"")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"a.json", "download.part", "b.json01234567.part", ".nabla-76543210.part"}


@pytest.mark.parametrize(
    ("path", "network"),
    [
        (r"\\server\share\t.csv", True),
        ("//server/share/t.csv", True),
        (r"\/server/t.csv", True),
        ("smb://server/t.csv", True),
        ("http://host/t.csv", True),
        (r"\\?\UNC\server\t.csv", True),
        ("/home/me/t.csv", False),
        (r"C:\data\t.csv", False),
        ("C:/data/t.csv", False),
        ("data/t.csv", False),
        ("a:b/t.csv", False),
        ("", False),
    ],
)
def test_a_path_on_another_machine_is_known_by_its_form(path, network):
    assert on_network(path) is network


@unix
@pytest.mark.parametrize("target", ["/proc/cpuinfo", "/dev/zero"])
def test_tables_and_texts_are_read_from_ordinary_files_only(tmp_path, target):
    path = tmp_path / "t.csv"
    path.symlink_to(target)
    with pytest.raises(Problem):
        bytes_of(path)
