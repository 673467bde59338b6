"""The answer: the class, the bars, and what the network was shown."""
