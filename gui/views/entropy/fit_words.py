"""The texts of *Fit Q to P*: which run is explained, how it ended, and the sentence over the plots."""

from typing import Any

from engine.experiments.entropy.fit import FitConfig, FitEnd, FitInspection, FitSnapshot, inspect
from engine.information.divergence_gradients import DIVERGENCES
from gui.look.language import problem_text, tr
from gui.plots.ticks import value_text
from gui.screen.moment import Moment

At = Moment[FitConfig, Any]


def explained(at: At) -> str:
    """The loss whose run is explained."""
    wanted = at.options.explained
    return wanted if wanted in at.config.losses else at.config.losses[0]


def inspection(at: At) -> FitInspection | None:
    """The explained run at the step on the screen."""
    return at.once(inspect, at.config, at.recording, at.step, explained(at))


def end_of(at: At, name: str) -> FitEnd | None:
    """Return how a run ended, once the playhead is at its end."""
    shot: FitSnapshot = at.recording.snapshot(at.last)[1]
    end = shot.ends[at.config.losses.index(name)]
    return end if end is not None and end.step <= at.step else None


def finding(at: At) -> str:
    """Say that cross-entropy and KL differ by a constant; or how far another loss has fallen."""
    name, end = explained(at), end_of(at, explained(at))
    going = [loss for loss in at.config.losses if not end_of(at, loss)]
    if at.options.plot == "compared" and len(going) > 1:
        return _comparison(at, going)
    if end is not None and end.step == 0:
        return problem_text(end.problem)
    loss = DIVERGENCES[name].sign
    if end is not None:
        return tr(
            "Learning by {loss} ended at step {step}: the logits diverged.",
            loss=loss,
            step=end.step,
        )
    if name in ("cross_entropy", "kl"):
        return _identity(at, name)
    slots = {"step": at.step, "loss": loss, "distance": value_text(at.value(f"{name}.distance"))}
    others = [other for other in ("cross_entropy", "kl") if other in going]
    if not others:
        return tr("At step {step}, learning by {loss}, Q is up to {distance} away from P.", **slots)
    return tr(
        "At step {step} Q is up to {distance} away from P by {loss}, and up to {other} by {best}.",
        **slots,
        other=at.value(f"{others[0]}.distance"),
        best=DIVERGENCES[others[0]].sign,
    )


def _comparison(at: At, going: list[str]) -> str:
    """Say which loss has brought Q nearest to P, and which one the least near."""
    away = {name: at.value(f"{name}.distance") for name in going}
    near, far = min(away, key=away.__getitem__), max(away, key=away.__getitem__)
    if away[near] == away[far]:
        return tr(
            "At step {step} Q is as near to P by every loss: at most {distance} away.",
            step=at.step,
            distance=away[near],
        )
    return tr(
        "At step {step} {first} is nearest: Q within {near} of P; {last} is farthest, within {far}.",
        step=at.step,
        first=DIVERGENCES[near].sign,
        near=away[near],
        last=DIVERGENCES[far].sign,
        far=away[far],
    )


def _identity(at: At, name: str) -> str:
    columns = {"h": "entropy", "cross": f"{name}.cross_entropy", "kl": f"{name}.kl"}
    slots = {slot: at.value(column) for slot, column in columns.items()}
    sentence = (
        "At step {step} H(P, Q) = {cross} and KL(P‖Q) = {kl}: they differ by H(P) = {h}, at every step."
    )
    if at.value("entropy") == 0:
        sentence = "P is one-hot, H(P) is 0: H(P, Q) and KL(P‖Q) are one number, {kl} at step {step}."
    elif at.step == 0:
        sentence = "H(P, Q) starts at {cross}, KL(P‖Q) at {kl}. Will what lies between, H(P) = {h}, change?"
    return tr(sentence, step=at.step, **slots)
