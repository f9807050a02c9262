"""Tests of widgets.prediction."""
