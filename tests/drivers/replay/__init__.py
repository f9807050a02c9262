"""Tests of drivers.replay."""
