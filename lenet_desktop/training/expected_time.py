"""How long a training will take, before it has begun."""

from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.gradients import available_cores
from lenet_desktop.training.step.loader import CPU_SHARD

# Measured on one of the two cores that README's figures are of: microseconds of work for each
# image and epoch. 'quick' trains 31,000 images a second on both, 'tutorial' 16,700 on one.
_TRAINED = {"lenet": 64.0, "lenet-variant": 80.0, "residual": 560.0}
_AUGMENTED = 28.0
_DRAWN = 270.0
# Reading the data, calibration and comparison.
_BEFORE_AND_AFTER_SECONDS = 1.0


def expected_seconds(recipe: Recipe, digits: int, speed: float = 1.0) -> float:
    """Return how many seconds a training on this computer's CPU will take.

    The figures of one computer are scaled to the cores of this one. They do not know how fast its
    cores are, so the caller should give the speed that the last training had.

    Args:
        recipe: how to train.
        digits: the number of real images in an epoch.
        speed: how many times as fast as expected earlier trainings were, see ``speed_of``.
    """
    return _BEFORE_AND_AFTER_SECONDS + _training_seconds(recipe, digits) / speed


def speed_of(recipe: Recipe, digits: int, share: float, seconds: float) -> float:
    """Return how many times as fast as expected a training was.

    Args:
        recipe: how it trained.
        digits: the number of real images in an epoch.
        share: how much of the training was done, above 0 to 1.
        seconds: how long that took, without pauses.
    """
    return _training_seconds(recipe, digits) * share / max(seconds, 1e-6)


def _training_seconds(recipe: Recipe, digits: int) -> float:
    cores = available_cores()
    # A batch is shared by as many threads as it has shards.
    threads = min(cores, -(-recipe.batch_size // CPU_SHARD))
    synthetic = recipe.pen_digits + recipe.outliers
    trained = (digits + synthetic) * _TRAINED.get(recipe.architecture, _TRAINED["lenet-variant"])
    augmented = 0.0 if recipe.augmentation == "none" else digits * _AUGMENTED
    drawn = synthetic * _DRAWN * (recipe.epochs if recipe.redrawn else 1)
    return (recipe.epochs * (trained + augmented) / threads + drawn / cores) / 1e6
