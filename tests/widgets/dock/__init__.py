"""Tests of widgets.dock."""
