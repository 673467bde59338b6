"""The networks, and the files that they live in."""
