"""A screen on paper: its figures, as files, on the clipboard and as an animation."""
