"""From the ink of a picture to the strokes that may have made it."""
