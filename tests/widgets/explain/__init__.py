"""Tests of widgets.explain."""
