"""Before a training: recipe, data, settings."""
