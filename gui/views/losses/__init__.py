"""Views of the experiments on losses."""
