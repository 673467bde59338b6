"""Synthetic images: pen digits, and outliers that belong to none of the classes."""
