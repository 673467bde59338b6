"""From the brightness of a picture to its ink: light, contrast, and what is no ink."""
