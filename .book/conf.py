"""How Sphinx sets the book; `make.py` writes the pages and calls it."""

project = "Nabla"
author = "The Nabla authors"
extensions = ["extension"]
html_theme = "furo"
html_title = "The engine of Nabla"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_math_renderer = "drawn"
html_copy_source = False
html_show_sourcelink = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
nitpicky = True
