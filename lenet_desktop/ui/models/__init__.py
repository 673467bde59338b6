"""The menu of models, and the dialog of the kept models."""
