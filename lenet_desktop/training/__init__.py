"""Recipes, the loop that trains with them, and jobs: from the data to the outcome. No Qt."""
