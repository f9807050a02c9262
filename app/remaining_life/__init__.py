"""Remaining life, learned from the failures of a class of machines: whole histories, trees, measured bands."""
