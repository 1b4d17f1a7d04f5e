"""Both themes, without everything being drawn twice: cases take them in turn."""

from itertools import product

from gui.look.theme import DARK, LIGHT


def in_turn(*lists):
    """All combinations of what is in the lists, each with a theme.

    Light and dark alternate along every list, so that of two lists each entry is seen in both.
    """
    cases = product(*(list(enumerate(one)) for one in lists))
    return [
        (*(value for _, value in case), (LIGHT, DARK)[sum(place for place, _ in case) % 2]) for case in cases
    ]
