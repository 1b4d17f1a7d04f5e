"""Views: which part of a frame goes to which plot, one file an experiment."""
