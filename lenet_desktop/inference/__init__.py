"""From a sample to an answer."""
