"""One experiment on the screen: its playback, its widgets, and their connection to the engine."""
