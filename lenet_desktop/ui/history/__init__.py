"""The history of trainings."""
