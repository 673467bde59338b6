"""The picture of all layers: where they are, how they are painted, pointed at and moved through."""
