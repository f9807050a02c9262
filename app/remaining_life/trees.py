"""Gradient-boosted regression trees as plain arrays: what LightGBM has learned, told without LightGBM.

So a station predicts with numpy alone, and a model is a file of numbers that can be checked, compared and shown to an
auditor; nothing in it can be executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.remaining_life.history import FloatArray, LifeError

IndexArray = NDArray[np.int32]
LEAF = -1
_AT_ONCE = 1_024


@dataclass(frozen=True, slots=True)
class Trees:
    """Nodes of all trees, one per place: `feature` (LEAF at a leaf), `threshold`, `left` (value <= threshold), `right`.

    `value`: what a leaf adds. `root`: the first node of each tree. Children stand behind their parent.
    """

    feature: IndexArray
    threshold: FloatArray
    left: IndexArray
    right: IndexArray
    value: FloatArray
    root: IndexArray

    def check(self, features: int) -> None:
        """Raise LifeError where a node leads nowhere, in a circle, or to a feature that is not there."""
        places = np.arange(len(self.feature))
        inner = self.feature != LEAF
        lengths = {len(each) for each in (self.feature, self.threshold, self.left, self.right, self.value)}
        if len(lengths) != 1 or not np.isfinite(self.value).all() or np.isnan(self.threshold).any():
            raise LifeError("the model's trees are incomplete")
        if self.feature.max(initial=LEAF) >= features or self.feature.min(initial=0) < LEAF:
            raise LifeError("the model's trees ask for a feature that is not there")
        for child in (self.left[inner], self.right[inner]):
            if (child <= places[inner]).any() or (child >= len(places)).any():
                raise LifeError("the model's trees lead in a circle")
        if not len(self.root) or self.root.min() < 0 or self.root.max() >= len(places):
            raise LifeError("the model's trees have no beginning")

    def predict(self, rows: FloatArray) -> FloatArray:
        """Return the sum over all trees for each row of features, shape (n,)."""
        parts = [self._predict(rows[first : first + _AT_ONCE]) for first in range(0, len(rows), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _predict(self, rows: FloatArray) -> FloatArray:
        node = np.repeat(self.root[None, :], len(rows), axis=0)
        place = np.arange(len(rows))[:, None]
        while True:
            feature = self.feature[node]
            is_leaf = feature == LEAF
            if is_leaf.all():
                total: FloatArray = self.value[node].sum(axis=1)
                return total
            goes_left = rows[place, np.where(is_leaf, 0, feature)] <= self.threshold[node]
            node = np.where(is_leaf, node, np.where(goes_left, self.left[node], self.right[node]))


def from_lightgbm(dumped: Mapping[str, Any]) -> Trees:
    """Return the trees of a model that LightGBM has dumped."""
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = []
    for tree in dumped["tree_info"]:
        roots.append(len(nodes))
        _append(tree["tree_structure"], nodes)
    columns = list(zip(*nodes, strict=True))
    return Trees(
        feature=np.array(columns[0], np.int32),
        threshold=np.array(columns[1], np.float64),
        left=np.array(columns[2], np.int32),
        right=np.array(columns[3], np.int32),
        value=np.array(columns[4], np.float64),
        root=np.array(roots, np.int32),
    )


def _append(node: Mapping[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
    place = len(nodes)
    if "leaf_value" in node:
        nodes.append((LEAF, 0.0, LEAF, LEAF, float(node["leaf_value"])))
        return place
    nodes.append((0, 0.0, 0, 0, 0.0))
    left = _append(node["left_child"], nodes)
    right = _append(node["right_child"], nodes)
    nodes[place] = (int(node["split_feature"]), float(node["threshold"]), left, right, 0.0)
    return place
