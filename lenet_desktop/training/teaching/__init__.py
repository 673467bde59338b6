"""Learning from a person's drawings: classes of their own, or their way of writing the digits."""
