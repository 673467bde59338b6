"""What a number adds to the window: the choice, the boxes on the paper, the number itself."""
