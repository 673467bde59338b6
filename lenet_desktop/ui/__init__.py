"""The window. Loads no torch when it is imported, so that it shows at once."""
