"""Tests of widgets.replay."""
