"""Our own drawings, for which pyqtgraph has no item, in panels of the same kind."""
