"""Views of the Optimizers tab."""
