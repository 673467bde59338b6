"""Guided lessons: plain data, read from TOML files, that the window plays."""
