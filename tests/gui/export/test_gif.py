"""The encoder: what Pillow and Qt read back, colours that stay exact, and files that hold only changes."""

import io

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from engine.config import Problem
from gui.export import gif
from gui.export.gif import GifWriter, Palette, codes_of, sample

PIL = pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")

WHITE, ORANGE, BLUE = 0xFFFFFF, 0xD55E00, 0x0072B2


def written(pictures, times=None, loop=True):
    """The bytes of an animation whose colours are chosen from all of its pictures."""
    parts = []
    palette = Palette([sample(picture) for picture in pictures])
    height, width = pictures[0].shape
    writer = GifWriter(parts.append, (width, height), palette, loop)
    for picture, time in zip(pictures, times or [10] * len(pictures), strict=True):
        writer.add(picture, time)
    writer.end()
    return b"".join(parts)


def decoded(content):
    """Every picture as 0xRRGGBB, with its time in hundredths of a second."""
    image, found = PIL.open(io.BytesIO(content)), []
    for k in range(image.n_frames):
        image.seek(k)
        rgb = np.asarray(image.convert("RGB")).astype(np.uint32)
        codes = rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
        found.append((codes, image.info["duration"] / 10))
    return found


def moving_square(size=(40, 60), count=5):
    pictures = []
    for k in range(count):
        picture = np.full(size, WHITE, np.uint32)
        picture[10:20, 8 * k : 8 * k + 10] = ORANGE
        pictures.append(picture)
    return pictures


def test_few_colours_are_read_back_exactly_in_their_order_and_with_their_times():
    pictures = moving_square()
    found = decoded(written(pictures, [7, 6, 7, 7, 150]))
    assert [time for _, time in found] == [7, 6, 7, 7, 150]
    for (codes, _), picture in zip(found, pictures, strict=True):
        np.testing.assert_array_equal(codes, picture)


def test_another_reader_sees_the_same(qapp, tmp_path):
    from PySide6.QtGui import QMovie

    pictures = moving_square()
    (tmp_path / "a.gif").write_bytes(written(pictures))
    movie = QMovie(str(tmp_path / "a.gif"))
    assert movie.frameCount() == len(pictures)
    for k, picture in enumerate(pictures):
        assert movie.jumpToFrame(k)
        np.testing.assert_array_equal(codes_of(movie.currentImage()), picture)


@pytest.mark.parametrize("loop", [True, False])
def test_it_begins_again_only_if_it_should(loop):
    image = PIL.open(io.BytesIO(written(moving_square(), loop=loop)))
    assert image.info.get("loop") == (0 if loop else None)


def test_a_picture_that_does_not_differ_is_there_all_the_same():
    still = moving_square(count=1) * 3
    found = decoded(written(still))
    assert len(found) == 3
    np.testing.assert_array_equal(found[2][0], still[0])


def test_only_what_changes_is_stored():
    rng = np.random.default_rng(0)
    noise = rng.choice(np.array([WHITE, ORANGE, BLUE], np.uint32), (200, 300))
    other = noise.copy()
    other[50, 60] = other[150, 250] = 0
    one, two, ten = (len(written([noise, *[other, noise] * k][:n])) for k, n in ((0, 1), (1, 2), (5, 11)))
    assert two - one < 0.05 * one
    assert ten - two < 9 * 0.05 * one


@pytest.fixture
def rich():
    """A flat ground, a fine line of a colour of its own, and a slope of thousands of colours."""
    y, x = np.mgrid[0:200, 0:300]
    picture = (((x * 255 // 299) << 16) + ((y * 255 // 199) << 8) + ((x + y) % 256)).astype(np.uint32)
    picture[:80] = 0x14171C
    picture[40, 20:280] = ORANGE
    return picture


def test_flat_ground_keeps_its_colour_and_is_not_dithered(rich):
    ((codes, _),) = decoded(written([rich]))
    ground = np.delete(codes[:80], 40, axis=0)
    assert np.unique(ground).tolist() == [0x14171C]
    assert np.unique(codes[40, 20:280]).size == 1


def test_colours_are_near_when_there_are_more_than_fit(rich):
    assert np.unique(rich).size > 10_000
    ((codes, _),) = decoded(written([rich]))
    assert np.unique(codes).size <= 255
    shifts = np.array([16, 8, 0])
    apart = (codes[..., None] >> shifts & 255).astype(float) - (rich[..., None] >> shifts & 255)
    assert np.abs(apart).mean() < 12  # 255 of 2²⁴ colours: cubes of side 40, for which the mean would be 10
    assert np.abs(apart[40]).max() <= 40


def test_a_colour_that_no_sample_had_goes_to_the_nearest():
    palette = Palette([sample(np.array([[WHITE, ORANGE, BLUE, 0]], np.uint32))])
    found = palette.indices(np.array([[0xFAFAFF, 0xD05A05, 0x0870B0, 0x050505]], np.uint32))
    assert palette.colours[found[0]].tolist() == [WHITE, ORANGE, BLUE, 0]


def test_pixels_of_an_image_come_as_they_are(qapp):
    image = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#0072b2"))
    image.setPixelColor(2, 1, QColor("#d55e00"))
    assert codes_of(image).tolist() == [[BLUE] * 3, [BLUE, BLUE, ORANGE]]


def test_pictures_of_one_height_with_any_width(rich):
    for width in (1, 2, 3, 255, 256, 257):
        ((codes, _),) = decoded(written([rich[:80, :width]]))
        assert codes.shape == (80, width)


def test_without_pillow_one_sentence_says_what_is_missing(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(gif, "import_module", missing)
    with pytest.raises(Problem, match="Pillow"):
        gif.pillow("Image")


def test_the_window_starts_without_pillow():
    import subprocess
    import sys

    code = "import gui.app.window, sys; sys.exit(any(name.split('.')[0] == 'PIL' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
