"""One step of a training: a batch with its augmentation, the loss, gradients and the optimizer."""
