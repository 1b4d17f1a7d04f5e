"""Makes the book: python .book/make.py [FOLDER], build/book unless said.

What is broken in it is told, and ends with exit code 1.

Without pictures of the paths: python .book/make.py FOLDER --no-pictures
"""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import pages
import pictures
from sphinx.cmd.build import main as sphinx


def main(words: list[str]) -> int:
    """Write the pages and pictures, and let Sphinx set them."""
    folders = [Path(word) for word in words if not word.startswith("--")]
    out = folders[0] if folders else HERE.parent / "build" / "book"
    written = out / "pages"
    shutil.rmtree(written, ignore_errors=True)  # a page of a file that is gone
    pages.write(written)
    pictures.write(written / "pictures", drawn="--no-pictures" not in words)
    strictly = ["-q", "-W", "-n", "--keep-going"]
    return int(sphinx([*strictly, "-c", str(HERE), "-d", str(out / "kept"), str(written), str(out / "html")]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
