"""Work that is done a little at a time is finished, or found among what was kept."""

from engine.pieces import Recent, result_of


def test_the_outcome_of_work() -> None:
    seen = []

    def work():
        for k in range(3):
            seen.append(k)
            yield k / 3
        return "done"

    assert result_of(work()) == "done"
    assert seen == [0, 1, 2]


def test_the_one_not_asked_for_longest_goes_first() -> None:
    recent: Recent[str] = Recent(most=2)
    assert recent.keep(1, "a") == "a"
    recent.keep(2, "b")
    assert recent.get(1) == "a"
    recent.keep(3, "c")
    assert [recent.get(key) for key in (1, 2, 3)] == ["a", None, "c"]
