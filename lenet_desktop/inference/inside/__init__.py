"""Inside a network: its layers, their values for a sample, and where each value comes from."""
