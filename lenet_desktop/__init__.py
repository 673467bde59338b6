"""LeNet Desktop: a drawing pad that reads handwritten digits with LeNet."""

__version__ = "0.1.0"
