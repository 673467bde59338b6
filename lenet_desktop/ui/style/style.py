"""The style: Qt's Fusion, with the parts that are painted here in its place."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

from lenet_desktop.ui.style import bars, fields, indicators
from lenet_desktop.ui.style.shapes import RADIUS, box, edge_of, ground_of
from lenet_desktop.ui.style.theme import Colours, colours

_Primitive, _Control = QStyle.PrimitiveElement, QStyle.ControlElement
_Complex, _Sub = QStyle.ComplexControl, QStyle.SubControl

_Metric = QStyle.PixelMetric
_METRICS = {
    _Metric.PM_ScrollBarExtent: 12,
    _Metric.PM_IndicatorWidth: 17,
    _Metric.PM_IndicatorHeight: 17,
    _Metric.PM_ExclusiveIndicatorWidth: 17,
    _Metric.PM_ExclusiveIndicatorHeight: 17,
    _Metric.PM_TabBarTabShiftVertical: 0,
}

_Painted = Callable[[QPainter, QStyleOption, Colours], None]


class Style(QProxyStyle):
    """Paints controls in the colours of the theme that the option's palette belongs to."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self._primitives: dict[QStyle.PrimitiveElement, _Painted] = {
            _Primitive.PE_IndicatorCheckBox: indicators.check_box,
            _Primitive.PE_IndicatorRadioButton: indicators.radio_button,
            _Primitive.PE_PanelLineEdit: fields.line_edit,
            _Primitive.PE_PanelButtonCommand: _push_button,
            _Primitive.PE_FrameFocusRect: _focus,
        }
        self._controls: dict[QStyle.ControlElement, _Painted] = {
            _Control.CE_ProgressBarGroove: bars.progress_groove,
            _Control.CE_TabBarTabShape: bars.tab,
            _Control.CE_HeaderSection: fields.header,
        }

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a simple part."""
        painted = self._primitives.get(element)
        if painted is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            _paint(painted, painter, option)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a part of a control."""
        painted = self._controls.get(element)
        if element is _Control.CE_ProgressBarContents and bars.has_progress(option):
            painted = bars.progress
        if painted is None:
            super().drawControl(element, option, painter, widget)
        else:
            _paint(painted, painter, option)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a control of several parts."""

        def place(part: QStyle.SubControl) -> QRectF:
            return QRectF(self.subControlRect(control, option, part, widget))

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(option.palette)
        if control is _Complex.CC_ComboBox:
            fields.combo_box(painter, option, theme, place(_Sub.SC_ComboBoxArrow))
        elif control is _Complex.CC_SpinBox:
            up, down = place(_Sub.SC_SpinBoxUp), place(_Sub.SC_SpinBoxDown)
            fields.spin_box(painter, option, theme, up, down)
        elif control is _Complex.CC_Slider:
            bars.slider(
                painter, option, theme, place(_Sub.SC_SliderGroove), place(_Sub.SC_SliderHandle)
            )
        elif control is _Complex.CC_ScrollBar:
            bars.scroll_bar(painter, option, theme, place(_Sub.SC_ScrollBarSlider))
        else:
            painter.restore()
            super().drawComplexControl(control, option, painter, widget)
            return
        painter.restore()

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Return where a part of a control is; a scroll bar has no arrows."""
        if control is _Complex.CC_ScrollBar:
            return bars.scroll_bar_part(option, part)
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """Return where an element is; the text of a field keeps away from its round edge."""
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]
        if element is QStyle.SubElement.SE_LineEditContents and fields.has_edge(option):
            return rect.adjusted(4, 0, -4, 0)
        return rect

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Return a measure in pixels."""
        own = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if own is None else own


def _paint(painted: _Painted, painter: QPainter, option: QStyleOption) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painted(painter, option, colours(option.palette))
    painter.restore()


def _push_button(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    box(painter, QRectF(option.rect), edge_of(option.state, theme), ground_of(option.state, theme))


def _focus(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    pen = QPen(QColor(theme.accent), 1.5)
    box(painter, QRectF(option.rect), pen, QColor(0, 0, 0, 0), RADIUS - 2)
