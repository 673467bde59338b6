"""Training in the window: options, plot, comparison."""
