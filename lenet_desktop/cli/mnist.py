"""The option --data: a folder, or MNIST by its name, which is downloaded if it is not there."""

from collections.abc import Sequence
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.cli.output import note
from lenet_desktop.cli.progress_bar import download_to_end
from lenet_desktop.data.download import download_mnist
from lenet_desktop.data.published import MNIST_BYTES
from lenet_desktop.data.sources import STARTER, mnist_cache, mnist_is_in

_BY_NAME = "mnist"


def chosen_data(data: Path | None, mirrors: Sequence[str] | None = None) -> Path:
    """Return the folder of the data to use; ``STARTER`` if none is given.

    For the name 'mnist', unless a file or folder has it: the packaged program's own MNIST, or the
    download, of which whatever is missing or damaged is fetched now.

    Args:
        data: what the user has typed.
        mirrors: the servers to download from; those that torchvision knows when None.

    Raises:
        DatasetError: MNIST could not be downloaded.
    """
    if data is None:
        return STARTER
    if str(data).lower() != _BY_NAME or data.exists():
        return data
    bundled = paths.resource(_BY_NAME)
    if mnist_is_in(bundled):
        return bundled
    if not mnist_is_in(mnist_cache()):
        note(f"Downloading MNIST, {MNIST_BYTES / 1e6:.1f} MB, to {mnist_cache()}.")
    return download_to_end(download_mnist(mirrors=mirrors))
