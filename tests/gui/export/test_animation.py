"""A run as a GIF: the pictures are the figures of their steps, and nothing on the screen moves for them."""

import io

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QSplitter

from engine.config import Problem
from gui.export.animation import Film, can_film, shoot
from gui.export.export import picture
from gui.export.figures import as_film, figures_of
from gui.export.gif import codes_of
from gui.export.paper import DOTS, Paper
from gui.export.stage import Stage
from gui.look.theme import DARK
from gui.plots.zoom import ZoomPanel

PIL = pytest.importorskip("PIL.Image", reason="Pillow, which the program requires, is not installed")


def filmed(screen, path, film, index=0):
    """Make the GIF and read it back: (pictures as 0xRRGGBB, times in ms)."""
    stage = Stage(screen)
    shares = list(shoot(stage, index, path, film))
    stage.close()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    return read(path)


def read(path):
    """The pictures of a GIF as 0xRRGGBB, and their times in ms."""
    image, codes, times = PIL.open(io.BytesIO(path.read_bytes())), [], []
    for k in range(image.n_frames):
        image.seek(k)
        rgb = np.asarray(image.convert("RGB")).astype(np.uint32)
        codes.append(rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2])
        times.append(image.info["duration"])
    return codes, times


def figure_at(screen, step, width, index=0):
    """The figure of a step as the export dialog would write it, that many pixels wide."""
    screen.playback.seek(step)
    screen.draw()
    screen.view.catch_up()  # the sentence takes its room before the plots are laid out
    QApplication.processEvents()
    figure = as_film(figures_of(screen)[index])
    return codes_of(picture(figure.drawing, figure.size, DOTS * width / figure.size[0]))


def apart(one, other):
    """By how much two pictures differ: the mean over pixels and colours, of 255."""
    assert one.shape == other.shape
    shifts = np.array([16, 8, 0])
    return float(
        np.abs((one[..., None] >> shifts & 255).astype(int) - (other[..., None] >> shifts & 255)).mean()
    )


def test_steps_are_evenly_spaced_and_none_is_shown_twice():
    assert Film(frames=5).steps(300) == [0, 75, 150, 225, 300]
    assert Film(frames=60).steps(3) == [0, 1, 2, 3]
    assert Film(frames=3, first=10, last=20).steps(300) == [10, 15, 20]
    assert Film(frames=3, first=10, last=20).steps(12) == [10, 11, 12]
    assert Film(frames=2).steps(1) == [0, 1]


def test_times_have_the_right_sum_although_gif_counts_hundredths():
    times = Film(fps=15, loop=False).times(60)
    assert sum(times) == 400
    assert set(times) == {6, 7}
    assert Film(fps=50, loop=False).times(3) == [2, 2, 2]
    assert Film(fps=10, loop=True).times(3) == [10, 10, 160]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("optimizers.race", {"steps": 12}),
        ("lstm.cell", {}),
        ("gradients.deep_network", {"steps": 12, "depth": 3}),
    ],
)
def test_first_and_last_picture_are_the_figures_of_their_steps(lent, tmp_path, name, settings):
    screen = lent(name, **settings)
    last = screen.playback.recording.last
    assert last > 10
    codes, times = filmed(screen, tmp_path / "a.gif", Film(frames=3, width=500, fps=10))
    assert times == [100, 100, 1600]
    begin, end = figure_at(screen, 0, 500), figure_at(screen, last, 500)
    assert codes[0].shape[1] == 500
    assert apart(codes[0], begin) < 1
    assert apart(codes[-1], end) < 1
    assert apart(begin, end) > 2 * max(apart(codes[0], begin), apart(codes[-1], end))
    assert len({picture.tobytes() for picture in codes}) == 3


def test_the_formats_with_all_colours_have_exactly_the_figures(lent, tmp_path):
    screen = lent("optimizers.race", steps=12)
    films = {
        kind: filmed(screen, tmp_path / f"a.{kind}", Film(frames=3, width=500, fps=10))
        for kind in ("apng", "webp")
    }
    begin, end = figure_at(screen, 0, 500), figure_at(screen, 12, 500)
    for kind, (codes, times) in films.items():
        assert times == [100, 100, 1600], kind
        assert apart(codes[0], begin) == 0, kind
        assert apart(codes[-1], end) == 0, kind


def test_the_playhead_moves_over_curves_that_are_whole_from_the_first_picture_on(lent, tmp_path):
    screen = lent("optimizers.race", steps=12)
    index = 1 + screen.view.panels().index(screen.view.curves)
    settings_off = Paper(settings=False)
    stage = Stage(screen, settings_off)
    list(shoot(stage, index, tmp_path / "a.gif", Film(frames=3, width=400)))
    stage.close()
    codes, _ = read(tmp_path / "a.gif")
    assert len({picture.tobytes() for picture in codes}) == 3


def test_one_plot_alone(lent, tmp_path):
    screen = lent("lstm.cell", theme=DARK)
    codes, _ = filmed(screen, tmp_path / "a.gif", Film(frames=3, width=500), index=1)
    assert apart(codes[-1], figure_at(screen, screen.playback.recording.last, 500, index=1)) < 0.5
    assert codes[0][1, 1] == int(DARK.plot[1:], 16)


def test_what_the_user_has_zoomed_and_moved_is_filmed_so(on_screen, tmp_path):
    screen = on_screen("optimizers.race", steps=12)
    plain, _ = filmed(screen, tmp_path / "plain.gif", Film(frames=2, width=500))
    screen.view.field.zoom(3.0, (1.0, 1.0))
    splitter = screen.view.findChildren(QSplitter)[0]
    splitter.setSizes([splitter.width() - 250, 250])
    screen.repaint()
    codes, _ = filmed(screen, tmp_path / "a.gif", Film(frames=2, width=500))
    assert apart(codes[-1], figure_at(screen, 12, 500)) < 1
    assert plain[-1].shape != codes[-1].shape or apart(codes[-1], plain[-1]) > 3


def test_axes_do_not_jump(lent):
    screen = lent("gradients.deep_network", steps=12, depth=3)
    seen = {plot.title: plot.ranges for plot in screen.view.findChildren(ZoomPanel)}
    stage = Stage(screen)
    ranges = set()
    for step in range(13):
        stage.figures(step)
        ranges.add(stage.view.loss.ranges)
    stage.close()
    assert ranges == {seen["Loss"]}


def test_nothing_on_the_screen_is_otherwise_afterwards(lent, tmp_path):
    screen = lent("optimizers.race", steps=12)
    screen.playback.seek(5)
    screen.draw()
    screen.view.catch_up()
    before = (
        screen.grab().toImage(),
        screen.playback.playhead,
        screen.playback.config,
        dict(screen.playback.options),
    )
    filmed(screen, tmp_path / "a.gif", Film(frames=3, width=400))
    assert screen.grab().toImage() == before[0]
    assert (screen.playback.playhead, screen.playback.config, dict(screen.playback.options)) == before[1:]


def test_a_run_that_goes_on_meanwhile_is_filmed_as_it_was(on_screen, tmp_path):
    screen = on_screen("gradients.deep_network", goal=6, steps=40, depth=3)
    expected = figure_at(screen, 6, 400)
    stage = Stage(screen)
    work = shoot(stage, 0, tmp_path / "a.gif", Film(frames=3, width=400))
    next(work)
    screen.playback.runner.drive()
    assert screen.playback.recording.last == 40
    assert list(work)[-1] == 1
    stage.close()
    codes, _ = read(tmp_path / "a.gif")
    assert apart(codes[-1], expected) < 0.5


def test_who_stops_asking_leaves_no_file(lent, tmp_path):
    screen = lent("optimizers.race", steps=12)
    (tmp_path / "old.gif").write_bytes(b"old")
    stage = Stage(screen)
    for path in (tmp_path / "old.gif", tmp_path / "new.gif"):
        work = shoot(stage, 0, path, Film(frames=3, width=300))
        for _ in range(5):  # the colours are chosen, the file is begun
            next(work)
        work.close()
    stage.close()
    assert [path.name for path in tmp_path.iterdir()] == ["old.gif"]
    assert (tmp_path / "old.gif").read_bytes() == b"old"


def test_a_place_that_cannot_be_written_is_told_before_anything_is_drawn(lent, tmp_path):
    stage = Stage(lent("optimizers.race", steps=12))
    with pytest.raises(Problem, match="could not be written"):
        next(shoot(stage, 0, tmp_path / "no" / "a.gif", Film(frames=2)))
    stage.close()


def test_a_full_disk_is_told_and_leaves_no_file(lent, tmp_path):
    resource = pytest.importorskip("resource", reason="this system cannot limit the size of a file")
    stage = Stage(lent("optimizers.race", steps=12))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(Problem, match="could not be written"):
            list(shoot(stage, 0, tmp_path / "a.gif", Film(frames=4, width=600)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        stage.close()
    assert list(tmp_path.iterdir()) == []


def test_only_more_than_a_start_can_be_filmed(lent):
    assert not can_film(lent("gradients.deep_network", goal=0, depth=3).playback.recording)
    assert not can_film(lent("entropy.binary").playback.recording)
    assert can_film(lent("lstm.cell").playback.recording)


@pytest.mark.parametrize(
    ("name", "plot", "settings"),
    [("optimizers.averages", "weights", {}), ("gradients.clipping", "profile", {"steps": 20})],
)
def test_what_is_seen_of_a_step_does_not_hang_on_the_step_before(on_screen, name, plot, settings):
    stage = Stage(on_screen(name, **settings))
    last = stage.recording.last
    seen = []
    for before in (0, last):
        stage.figures(before)
        stage.figures(last // 2)
        seen.append(getattr(stage.view, plot).ranges)
    stage.close()
    assert seen[0] == seen[1]
