"""Synthetic images: pen digits, and outliers that are none of the classes."""
