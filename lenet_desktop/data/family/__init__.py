"""Published data sets in the image size of MNIST, or one that is easily brought to it."""
