"""The film of a training: what the network was at about sixty moments."""
