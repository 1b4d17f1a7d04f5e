"""APNG and WebP as Pillow and Qt read them back: every picture exact, with its time, as its changes."""

import io

import numpy as np
import pytest
from PySide6.QtGui import QImage

from gui.export.apng import ApngWriter
from gui.export.gif import codes_of
from gui.export.png import chunks
from gui.export.webp import WebpWriter

PIL = pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")
SIZE = 31, 18  # odd and even
TIMES = [7, 7, 6, 156]


def pictures():
    """Four pictures: noise, with a changed rectangle at odd places, with nothing changed, and all new."""
    rng = np.random.default_rng(3)
    first, last = rng.integers(0, 2**24, (2, SIZE[1], SIZE[0])).astype(np.uint32)
    second = first.copy()
    second[5:9, 7:20] = 0xD55E00
    return [first, second, second.copy(), last]


def written(kind, shown, loop=True):
    parts, size = [], (shown[0].shape[1], shown[0].shape[0])
    if kind == "apng":
        writer = ApngWriter(parts.append, size, len(shown), loop)
    else:
        writer = WebpWriter(parts.append, size, loop)
    for codes, time in zip(shown, TIMES, strict=False):
        writer.add(codes, time)
    writer.end()
    return b"".join(parts)


def read(content):
    """Every picture as 0xRRGGBB, with its time in ms."""
    image, found = PIL.open(io.BytesIO(content)), []
    for k in range(image.n_frames):
        image.seek(k)
        image.load()
        rgb = np.asarray(image.convert("RGB")).astype(np.uint32)
        found.append((rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2], image.info["duration"]))
    return found, image.info["loop"]


@pytest.mark.parametrize("kind", ["apng", "webp"])
def test_every_picture_is_read_back_exactly_with_its_time(kind):
    shown = pictures()
    for loop in (True, False):
        found, times = read(written(kind, shown, loop))
        assert times == (0 if loop else 1)
        assert [time for _, time in found] == [10 * time for time in TIMES]
        for (codes, _), expected in zip(found, shown, strict=True):
            assert np.array_equal(codes, expected)


@pytest.mark.parametrize("kind", ["apng", "webp"])
def test_a_program_that_knows_no_animation_shows_the_first_picture(kind):
    shown = pictures()
    image = QImage.fromData(written(kind, shown))
    assert np.array_equal(codes_of(image), shown[0])


@pytest.mark.parametrize("kind", ["apng", "webp"])
def test_only_changes_are_stored(kind):
    first, _, again, _ = pictures()
    assert len(written(kind, [first, first])) < len(written(kind, [first])) + 150
    assert len(written(kind, [first, again])) < 1.3 * len(written(kind, [first]))


def test_the_chunks_of_an_apng_are_whole_and_numbered():
    found = list(chunks(written("apng", pictures())))
    names = [name for name, _ in found]
    assert names == [b"IHDR", b"acTL", b"fcTL", b"IDAT", *[b"fcTL", b"fdAT"] * 3, b"IEND"]
    numbers = [int.from_bytes(content[:4], "big") for name, content in found if name in (b"fcTL", b"fdAT")]
    assert numbers == list(range(7))
