"""What is shown of a chosen value below the layers: its arithmetic, and the filters."""
