"""What lies over the paper: messages, a mistake, the demonstration and the brush."""
