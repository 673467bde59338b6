"""Accuracy, refusals and calibration of a model, and the comparison of two models."""
