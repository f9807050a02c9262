"""Tests of widgets.picture."""
