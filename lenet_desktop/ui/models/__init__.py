"""The chip and the menu of models, the trial beside the model in use, and the kept models."""
