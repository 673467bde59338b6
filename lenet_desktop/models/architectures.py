"""The networks by the names that recipes and model cards use."""

from torch import nn

from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.variants import LeNetVariant, ResidualLeNet

ARCHITECTURES: dict[str, type[nn.Module]] = {
    "lenet": LeNet,
    "lenet-variant": LeNetVariant,
    "residual": ResidualLeNet,
}
