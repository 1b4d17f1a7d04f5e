"""Views of the experiments on entropy."""
