"""LeNet-5: the whole network, 61,706 parameters for ten classes.

Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998, section II.B and figure 2.

This is LeNet-5 as it is taught today. It differs from the paper in four places:

* max-pooling instead of trainable subsampling layers;
* ReLU instead of the scaled hyperbolic tangent;
* every map of the second convolution is connected to all six maps of the first, where the paper
  connects only some of them (table I);
* a linear layer that gives logits and is trained with cross-entropy, instead of Euclidean radial
  basis functions with fixed targets.

The paper's inputs are 32x32, MNIST's digits are 28x28: the first convolution pads them by two
pixels, so that all maps have the sizes of the paper.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it


class LeNet(nn.Module):
    """LeNet-5 for 28x28 samples."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)  # 156 parameters
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)  # 2,416
        self.fc1 = nn.Linear(16 * 5 * 5, 120)  # 48,120
        self.fc2 = nn.Linear(120, 84)  # 10,164
        self.fc3 = nn.Linear(84, num_classes)  # 850 for ten classes

    def forward(self, samples: Tensor) -> Tensor:
        """Return the logits (N, num_classes) of samples (N, 1, 28, 28), float, 0 paper to 1 ink."""
        x = self.conv1(samples)  # (N, 6, 28, 28)
        x = F.relu(F.max_pool2d(x, 2))  # (N, 6, 14, 14)
        x = self.conv2(x)  # (N, 16, 10, 10)
        x = F.relu(F.max_pool2d(x, 2))  # (N, 16, 5, 5)
        x = torch.flatten(x, 1)  # (N, 400)
        x = F.relu(self.fc1(x))  # (N, 120)
        x = F.relu(self.fc2(x))  # (N, 84)
        logits: Tensor = self.fc3(x)  # (N, num_classes)
        return logits
