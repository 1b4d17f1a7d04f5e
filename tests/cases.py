"""Many cases of one test: what is said to pytest of every test costs more than most of these do."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any


def every(name: str, values: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with each value of an argument, one after the other; a failure tells of which.

    It stands in the place of `pytest.mark.parametrize`, whose tests are counted one by one.
    """
    cases = list(values)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        known = signature(test)

        @wraps(test)
        def each(**others: Any) -> None:
            for value in cases:
                try:
                    test(**others, **{name: value})
                except BaseException as failure:
                    failure.add_note(f"with {name} = {value!r}")
                    raise

        left = [parameter for parameter in known.parameters.values() if parameter.name != name]
        each.__signature__ = known.replace(parameters=left)  # type: ignore[attr-defined]
        return each

    return decorate
