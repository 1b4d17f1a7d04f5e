"""The sentence over Newton's method: where its parabola leads, and how its run has ended."""

from math import isfinite

from engine.experiments.optimizers.newton_config import NewtonConfig, function_of
from engine.experiments.optimizers.newton_inspection import END_SLOPE, ended, rests_at
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.views.optimizers.newton_curves import PARTS, TITLES, At, step_shown
from gui.views.optimizers.newton_words import time_text
from gui.views.words import told

FAR = 0.1  # a step of this fraction of the width of the picture is clearly visible
MANY = 64  # from this number of unknowns on the arithmetic decides the time
MILLION, YEAR = 1e6, 3.156e7  # unknowns, seconds


def finding(at: At) -> str:
    """Say what the chosen method does, compared with another; or for the cost, what a step takes."""
    if at.config.scene == "cost":
        return _cost(at)
    if at.step == 0:
        return _leap(at)
    way = at.options.of
    other = "newton" if way == "gradient_descent" else "gradient_descent"
    if pair := _pair(at, way, other):
        return pair
    return tr("{first}; {second}.", first=_first(at, way), second=_second(at, other))


def telling_step(at: At) -> int | None:
    """The last step from which Newton leaps far enough on a curve to be seen; None while it is not known.

    Rather one at which it is nearer to the minimum than descent.
    """
    if at.config.scene != "curve" or at.last < at.config.steps:
        return None
    low, high = function_of(at.config).bounds
    x = at.recording.column("newton.x").tolist()
    own, other = (at.recording.column(f"{way}.error").tolist() for way in ("newton", "gradient_descent"))
    far = [k for k in range(at.last) if abs(x[k + 1] - x[k]) >= FAR * (high - low)]
    return max(far, key=lambda k: (own[k] < other[k], k), default=None)


def _leap(at: At) -> str:
    """Say where the first step leads."""
    found, name = step_shown(at), tr(TITLES[at.options.of])
    if found is None:
        return tr("f has no value at the start: no method can take a step.")
    if found.vertex is None:
        return tr(
            "{name} has nowhere to go: f is not curved at the start, so its parabola has no vertex.",
            name=name,
        )
    start, there = (", ".join(short_text(part, 4) for part in place) for place in (found.x, found.vertex))
    if len(found.x) > 1:
        start, there = f"({start})", f"({there})"
    slots = {"name": name, "start": start, "next": there}
    if start == there:
        return tr("{name} stays at {start}: f is level there.", **slots)
    if found.uphill:
        return tr("From {start} {name} sets out uphill to {next}, the vertex of its parabola.", **slots)
    return tr("From {start} {name} leaps to {next}, the vertex of the parabola that fits f there.", **slots)


def _pair(at: At, way: str, other: str) -> str:
    """Two ways to the same point, and where the parabola of the first leads; empty where that is not so."""
    found, then = step_shown(at), _error(at, way, at.step + 1)
    now, there = (_error(at, one, at.step) for one in (way, other))
    settled = _settled(at, way) or _settled(at, other)
    if settled or found is None or found.uphill or not isfinite(now + there + then):
        return ""
    return tr(
        "At step {n} {name} is {now} from x*, {other} {there}. The next parabola takes {name} to {then}.",
        n=at.step,
        name=tr(TITLES[way]),
        now=told(now),
        other=tr(TITLES[other]),
        there=told(there),
        then=told(then),
    )


def _first(at: At, way: str) -> str:
    """The way that is looked at: where it is, and where its parabola leads."""
    settled, found = _settled(at, way), step_shown(at)
    if settled or found is None:
        return settled
    now, then = _error(at, way, at.step), _error(at, way, at.step + 1)
    slots = {"name": tr(TITLES[way]), "n": at.step, "f": told(found.value), "now": told(now)}
    if found.uphill:
        return tr("At step {n} {name} is at f = {f} and sets out uphill", **slots)
    if not isfinite(now):
        return tr("At step {n} {name} is at f = {f}", **slots)
    if not isfinite(then):
        return tr("At step {n} {name} is {now} from x*", **slots)
    sentence = "At step {n} {name} is {now} from x*, the vertex of its parabola {then}"
    return tr(sentence, **slots, then=told(then))


def _second(at: At, way: str) -> str:
    """Another way, to compare."""
    if settled := _settled(at, way):
        return settled
    name, error = tr(TITLES[way]), _error(at, way, at.step)
    if isfinite(error):
        return tr("{name} is {now} from x*", name=name, now=told(error))
    return tr("{name} is at f = {f}", name=name, f=told(at.value(f"{way}.f")))


def _settled(at: At, way: str) -> str:
    """Say how a run has ended that has converged or could not go on; "" for one that still moves."""
    slots: dict[str, object] = {"name": tr(TITLES[way])}
    if not isfinite(at.value(f"{way}.f")):
        over = ended(at.recording, at.step, way)
        return tr("{name} could not go on at step {n}", **slots, n=over[0] if over else at.step)
    since = at.once(_since, at.recording, at.step, way)
    rest = at.once(rests_at, at.config, at.recording, at.step, way) if since is not None else None
    if rest is None:
        return ""
    return {
        "bowl": tr("{name} has been at rest in a minimum since step {n}", **slots, n=since),
        "saddle": tr("{name} has been at rest on a saddle point since step {n}", **slots, n=since),
        "hill": tr("{name} has been at rest on a maximum since step {n}", **slots, n=since),
        "flat": tr("{name} has been at rest where f is flat since step {n}", **slots, n=since),
    }[rest]


def _since(recording: Recording, step: int, way: str) -> int | None:
    """The step since which f has been level where a way is; None where it is not."""
    slopes = recording.column(f"{way}.slope")[: step + 1].tolist()
    steep = [k for k, slope in enumerate(slopes) if not slope <= END_SLOPE]
    since = steep[-1] + 1 if steep else 0
    return since if since <= step else None


def _error(at: At, way: str, step: int) -> float:
    """How far it is from the point where it ends; NaN where that is not known."""
    known = at.config.scene == "curve" and step <= at.last
    return float(at.recording.column(f"{way}.error")[step]) if known else float("nan")


def _cost(at: At) -> str:
    """What a step takes with so many unknowns, and what it would take with a million."""
    config: NewtonConfig = at.config
    if not 0 < at.step <= at.last or "n" not in at.recording.names:
        return tr(
            "One Newton step is timed for 8 unknowns, then more, up to {n}: how does its cost grow?",
            n=config.largest,
        )
    n, years = at.value("n"), at.value("solving") * (MILLION / at.value("n")) ** 3 / YEAR
    slots = {
        "n": f"{n:.0f}",
        "time": time_text(sum(at.value(part) for part in PARTS)),
        "years": short_text(years, 1) if years < 0.1 else f"{years:.{int(years < 10)}f}",
    }
    if n < MANY:
        return tr("With {n} unknowns one Newton step takes {time}.", **slots)
    return tr(
        "With {n} unknowns one Newton step takes {time}; with a million, at n³, about {years} years.", **slots
    )
