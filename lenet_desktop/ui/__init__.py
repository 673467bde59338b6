"""The window. Importing it does not load torch, so that it opens at once."""
