"""The answer: the digit, the bars, and what the network was shown."""
