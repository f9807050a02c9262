"""Tests of widgets.trend."""
