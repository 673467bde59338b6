"""How well a model reads, how well it knows when it does not, and which of two is better."""
