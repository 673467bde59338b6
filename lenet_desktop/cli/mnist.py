"""The option --data: a folder, or a data set by its name, which is downloaded if it is missing."""

from collections.abc import Sequence
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.cli.output import note
from lenet_desktop.cli.progress_bar import download_to_end
from lenet_desktop.data.download import download_mnist, download_set
from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.published import MNIST_BYTES
from lenet_desktop.data.sources import STARTER, mnist_cache, mnist_is_in

_BY_NAME = "mnist"


def chosen_data(data: Path | None, mirrors: Sequence[str] | None = None) -> Path:
    """Return the source of the data to use, for ``catalog.load``; ``STARTER`` if none is given.

    For the name 'mnist', unless a file or folder has it: the packaged program's own MNIST, or the
    download, of which whatever is missing or damaged is fetched now. For the names of its family:
    the download, which is fetched now if a file is missing.

    Args:
        data: what the user has typed.
        mirrors: the servers to download from; those that torchvision knows when None.

    Raises:
        DatasetError: the data could not be downloaded, or there is none of this name.
    """
    if data is None:
        return STARTER
    name = str(data).lower()
    if data.exists():
        # An absolute path is never taken for a name.
        return data.absolute() if data in FAMILY else data
    if name == _BY_NAME:
        return _mnist(mirrors)
    known = FAMILY.get(Path(name))
    if known is None:
        if len(data.parts) == 1:
            raise DatasetError(
                "There is no folder '{name}' and no data set of this name: choose a folder, or one "
                "of {names}.",
                name=data,
                names=", ".join((_BY_NAME, *(each.key for each in FAMILY.values()))),
            )
        return data
    if known.is_in(mnist_cache()):
        return known.source
    note(
        f"Downloading {known.name}, {known.megabytes} MB, to {mnist_cache()}. Licence: "
        f"{known.licence}."
    )
    return download_to_end(download_set(known, mirrors=mirrors), known.name)


def _mnist(mirrors: Sequence[str] | None) -> Path:
    bundled = paths.resource(_BY_NAME)
    if mnist_is_in(bundled):
        return bundled
    if not mnist_is_in(mnist_cache()):
        note(f"Downloading MNIST, {MNIST_BYTES / 1e6:.1f} MB, to {mnist_cache()}.")
    return download_to_end(download_mnist(mirrors=mirrors), "MNIST")
