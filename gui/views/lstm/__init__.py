"""Views of the experiments on recurrent networks."""
