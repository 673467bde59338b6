"""During a training: curves, figures, buttons."""
