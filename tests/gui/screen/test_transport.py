from gui.screen.transport import _speed_text


def test_one_step_is_singular(qapp):
    said = [_speed_text(speed) for speed in (1.0, 3.0, 10_000.0)]
    assert said == ["1 step/s", "3 steps/s", "10,000 steps/s"]
