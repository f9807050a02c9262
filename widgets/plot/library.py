"""The door to pyqtgraph, which carries no types: what the window takes of it.

Importing this takes 0.2 s, so only a page that has such plots does.
"""

from __future__ import annotations

import os

os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"  # another program of this user may have asked for another binding

from pyqtgraph import (
    AxisItem,
    GraphicsView,
    InfiniteLine,
    LinearRegionItem,
    PlotDataItem,
    ScatterPlotItem,
    TextItem,
    ViewBox,
)

__all__ = [
    "AxisItem",
    "GraphicsView",
    "InfiniteLine",
    "LinearRegionItem",
    "PlotDataItem",
    "ScatterPlotItem",
    "TextItem",
    "ViewBox",
]
