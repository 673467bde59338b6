"""The film of a training in the window: a slider through its moments, and what each one shows."""
