"""In which folder a dialog for files begins."""

import os

from PySide6.QtCore import QStandardPaths


def first_folder(*wanted: str | os.PathLike[str]) -> str:
    """The first of some folders that is there; without any, that of the user's documents, or else home."""
    place = QStandardPaths.StandardLocation
    usual = map(QStandardPaths.writableLocation, (place.DocumentsLocation, place.HomeLocation))
    every = (*map(str, wanted), *usual)
    return next((folder for folder in every if folder and os.path.isdir(folder)), "")
