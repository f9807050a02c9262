"""Tests of widgets.overview."""
