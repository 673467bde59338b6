"""Recipes, the training loop, and jobs, which lead from the data to the outcome. No Qt."""
