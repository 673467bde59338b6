"""The fields of the training options, laid out in groups."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.ui.training.before.option_texts import OptionText, option_groups


def value_of(field: QWidget) -> object:
    """Return what a field shows."""
    if isinstance(field, QComboBox):
        return field.currentIndex()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    assert isinstance(field, QSpinBox | QDoubleSpinBox)
    return field.value()


def set_value(field: QWidget, value: Any) -> None:
    """Show a value; that of a combo box is the index or the value of an entry."""
    if isinstance(field, QComboBox):
        field.setCurrentIndex(field.findData(value) if isinstance(value, str) else value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    else:
        assert isinstance(field, QSpinBox | QDoubleSpinBox)
        field.setValue(value)


def choice(texts: Mapping[str, str]) -> QComboBox:
    """Return a combo box that fits into the drawer.

    Args:
        texts: the text of each entry by its value, which is the entry's data.
    """
    box = QComboBox()
    for value, text in texts.items():
        box.addItem(text, value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


def whole_number(lowest: int, highest: int) -> QSpinBox:
    """Return a field for a whole number."""
    box = QSpinBox()
    box.setRange(lowest, highest)
    return box


def decimal(highest: float, decimals: int, step: float, lowest: float = 0.0) -> QDoubleSpinBox:
    """Return a field for a number with decimals."""
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(lowest, highest)
    box.setSingleStep(step)
    return box


def lay_out(fields: Mapping[str, QWidget]) -> QWidget:
    """Return a widget with the fields in their groups, each beside its label.

    Args:
        fields: the fields by the names that ``option_groups`` gives them.
    """
    content = QWidget()
    groups = option_groups()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    labels = [text.label for group in groups for text in group.fields.values()]
    metrics = content.fontMetrics()
    width = max(metrics.horizontalAdvance(label.replace("&", "")) for label in labels) + 2
    for number, group in enumerate(groups):
        title = QLabel(group.title)
        font = QFont(title.font())
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        if number:
            layout.addSpacing(8)
        layout.addWidget(title)
        form = QFormLayout()
        form.setVerticalSpacing(6)
        form.setHorizontalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, text in group.fields.items():
            _describe(fields[name], text)
            if name == "seed":
                continue  # beside 'fixed_seed'
            label = QLabel(text.label)
            label.setFixedWidth(width)
            label.setBuddy(fields[name])
            label.setToolTip(fields[name].toolTip())
            row = _in_a_row(fields[name], fields["seed"]) if name == "fixed_seed" else fields[name]
            form.addRow(label, row)
        layout.addLayout(form)
    return content


def _describe(field: QWidget, text: OptionText) -> None:
    field.setToolTip(f"<p>{text.tip}</p>")
    field.setAccessibleName(text.name)
    field.setAccessibleDescription(text.tip)


def _in_a_row(first: QWidget, second: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(first)
    layout.addWidget(second, stretch=1)
    return row
