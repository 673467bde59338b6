"""The network that a training begins with."""

import copy
import math

import torch
from torch import nn

from lenet_desktop.models.model_file import ARCHITECTURES, Model, ModelCard
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import Recipe, chance_at


def first_network(recipe: Recipe, start: Model | None) -> nn.Module:
    """Give the network to begin with: a copy of ``start``'s, or one initialized by the recipe.

    The seed of the recipe decides; PyTorch's own chance is not touched.

    Raises:
        TrainingError: ``start`` is a network of another kind than the recipe asks for.
    """
    if start is not None:
        if start.card.classes != ModelCard("").classes:
            raise TrainingError(
                f"The model '{start.card.title}' tells other things apart than the digits 0 to 9: "
                "start from scratch."
            )
        kind = (recipe.architecture, recipe.options)
        if kind != (start.card.architecture, start.card.options):
            raise TrainingError(
                f"The model '{start.card.title}' cannot be trained on with this recipe: choose "
                f"its own architecture, '{start.card.architecture}', or start from scratch."
            )
        return copy.deepcopy(start.network)
    with torch.random.fork_rng(devices=[]):
        network = ARCHITECTURES[recipe.architecture](10, **recipe.options)
    chance = chance_at(recipe, 0)
    he = recipe.initialization == "he"
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            inputs = module.weight[0].numel()
            bound = math.sqrt((6 if he else 1) / inputs)
            nn.init.uniform_(module.weight, -bound, bound, generator=chance)
            if module.bias is not None:
                bound = 0.0 if he else bound
                nn.init.uniform_(module.bias, -bound, bound, generator=chance)
    return network
