"""A person's labelled drawings, and the images that a network learns from them."""
