"""Labelled images to learn from, always with their class names."""
