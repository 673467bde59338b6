"""Variants of LeNet: batch normalization, dropout, and a residual network.

They take the same samples as LeNet and return logits of the same shape; a recipe chooses the
network by its name.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it


class Dropout(nn.Module):
    """Dropout with a generator of its own.

    N. Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
    JMLR 15, 2014. PyTorch's own layer draws from the generator that the whole process shares, so
    that two trainings with the same seed could differ.

    Attributes:
        rate: the probability with which a number is set to zero, 0 to below 1.
        generator: on the CPU; PyTorch's global one if None.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"the dropout rate must be at least 0 and below 1, not {rate}")
        self.rate = rate
        self.generator: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with numbers dropped and the rest scaled up; in evaluation ``x`` itself."""
        if not self.training or self.rate == 0:
            return x
        # Drawn on the CPU, so that every device drops the same numbers.
        kept = torch.rand(x.shape, generator=self.generator) >= self.rate
        return x * (kept.to(x) / (1 - self.rate))


class LeNetVariant(nn.Module):
    """LeNet with batch normalization after each convolution, dropout between the linear layers.

    Batch normalization: S. Ioffe, C. Szegedy, "Batch Normalization: Accelerating Deep Network
    Training by Reducing Internal Covariate Shift", ICML 2015.
    """

    def __init__(
        self, num_classes: int = 10, *, dropout: float = 0.0, batch_norm: bool = False
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.norm1 = nn.BatchNorm2d(6) if batch_norm else nn.Identity()
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.norm2 = nn.BatchNorm2d(16) if batch_norm else nn.Identity()
        self.drop = Dropout(dropout)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, samples: Tensor) -> Tensor:
        """Return the logits (N, num_classes) of samples (N, 1, 28, 28), float, 0 paper to 1 ink."""
        x = F.relu(F.max_pool2d(self.norm1(self.conv1(samples)), 2))  # (N, 6, 14, 14)
        x = F.relu(F.max_pool2d(self.norm2(self.conv2(x)), 2))  # (N, 16, 5, 5)
        x = self.drop(torch.flatten(x, 1))  # (N, 400)
        x = self.drop(F.relu(self.fc1(x)))  # (N, 120)
        x = self.drop(F.relu(self.fc2(x)))  # (N, 84)
        logits: Tensor = self.fc3(x)  # (N, num_classes)
        return logits


class _Residual(nn.Module):
    """Two convolutions whose result is added to their input.

    K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
    """

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(maps, maps, kernel_size=3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(maps)
        self.conv2 = nn.Conv2d(maps, maps, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(maps)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(x + self.norm2(self.conv2(y)))


class ResidualLeNet(nn.Module):
    """A deeper network: three convolutions, each followed by a residual block, and a linear layer.

    About as many parameters as LeNet, and twenty times the arithmetic.
    """

    def __init__(self, num_classes: int = 10, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, kernel_size=5, padding=2, bias=False)
        self.norm1 = nn.BatchNorm2d(12)
        self.block1 = _Residual(12)
        self.conv2 = nn.Conv2d(12, 24, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(24)
        self.block2 = _Residual(24)
        self.conv3 = nn.Conv2d(24, 48, kernel_size=3, padding=1, bias=False)
        self.norm3 = nn.BatchNorm2d(48)
        self.block3 = _Residual(48)
        self.drop = Dropout(dropout)
        self.fc = nn.Linear(48, num_classes)

    def forward(self, samples: Tensor) -> Tensor:
        """Return the logits (N, num_classes) of samples (N, 1, 28, 28), float, 0 paper to 1 ink."""
        x = F.max_pool2d(self.norm1(self.conv1(samples)), 2)  # (N, 12, 14, 14)
        x = self.block1(F.relu(x))  # (N, 12, 14, 14)
        x = F.max_pool2d(self.norm2(self.conv2(x)), 2)  # (N, 24, 7, 7)
        x = self.block2(F.relu(x))  # (N, 24, 7, 7)
        x = self.norm3(self.conv3(x))  # (N, 48, 7, 7)
        x = self.block3(F.relu(x))  # (N, 48, 7, 7)
        x = F.adaptive_max_pool2d(x, 1).flatten(1)  # (N, 48)
        logits: Tensor = self.fc(self.drop(x))  # (N, num_classes)
        return logits
