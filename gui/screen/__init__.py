"""One experiment on the screen: its playback, its widgets, and what is between them and the engine."""
