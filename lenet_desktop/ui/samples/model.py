"""The samples as Qt's views ask for them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from lenet_desktop.ui.tooltip import plain_tooltip

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class SamplesModel(QAbstractListModel):
    """A list of samples, one a row."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: Sequence[OwnSample] = ()
        self._rows: dict[OwnSample, int] = {}

    def show(self, samples: "Sequence[OwnSample]") -> None:
        """List these samples."""
        self.beginResetModel()
        self._samples = samples
        self._rows = {sample: row for row, sample in enumerate(samples)}
        self.endResetModel()

    def sample(self, index: _Index) -> "OwnSample":
        """Return the sample at an index."""
        return self._samples[index.row()]

    def indexes(self, samples: "Iterable[OwnSample]") -> list[QModelIndex]:
        """Return the indexes of those of the samples that are listed."""
        rows = (self._rows.get(sample) for sample in samples)
        return [self.index(row) for row in rows if row is not None]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of samples."""
        return 0 if parent.isValid() else len(self._samples)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Return the label of a sample, and what is said about it."""
        if not index.isValid() or role not in (
            _Role.DisplayRole, _Role.ToolTipRole, _Role.AccessibleTextRole
        ):  # fmt: skip
            return None
        sample = self.sample(index)
        if role == _Role.DisplayRole or (role != _Role.ToolTipRole and not sample.is_held_out):
            return sample.label
        text = sample.label
        if sample.is_held_out:
            text = self.tr("{name}, held out: never trained on").format(name=text)
        return plain_tooltip(text) if role == _Role.ToolTipRole else text
