"""The network while it works: what it is shown, stage by stage."""
