"""Export of a screen: its figures as files, on the clipboard and as an animation."""
