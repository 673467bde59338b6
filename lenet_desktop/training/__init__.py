"""Recipes and the loop that trains with them; a job from its data to its outcome. No Qt."""
