"""Everything but the window: ink, preprocessing, the network, its training. Knows no Qt."""
