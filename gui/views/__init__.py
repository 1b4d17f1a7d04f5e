"""Views: which part of a frame is shown in which plot; one file for each experiment."""
