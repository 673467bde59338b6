"""Guided lessons in the window: a card with the steps, and a ring around what they point at."""
