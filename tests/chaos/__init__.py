"""Proofs that what was acknowledged stays: kills, power cuts and flipped bits."""
