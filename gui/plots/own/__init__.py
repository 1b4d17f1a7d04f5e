"""What pyqtgraph has no item for: drawings of the house's own, in panels of the same kind."""
