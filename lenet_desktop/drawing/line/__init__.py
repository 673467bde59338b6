"""A line of characters, such as a number: from its strokes to candidates, samples and features."""
