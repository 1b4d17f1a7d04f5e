"""What is recorded along the steps of a training, made ready for drawing."""

from engine.experiment import Frame
from engine.recording import Recording
from gui.views.step_curves import Steps


def test_the_steps_of_a_run_are_one_array_that_grows():
    recording = Recording()
    recording.append(Frame(0, {}, None))
    steps = Steps(recording)
    first = steps.known()
    assert first.tolist() == [0.0]
    for step in range(1, 5000):
        recording.append(Frame(step, {}, None))
        if step == 700:
            early = steps.known()
    late = steps.known()
    assert late.tolist() == list(map(float, range(5000)))
    assert first.tolist() == [0.0]
    assert early.tolist() == list(map(float, range(701)))
    assert steps.known().base is late.base, "nothing has come since: the same memory"
