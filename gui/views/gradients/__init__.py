"""Views of the experiments on deep networks."""
