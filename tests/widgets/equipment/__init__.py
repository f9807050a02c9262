"""Tests of widgets.equipment."""
