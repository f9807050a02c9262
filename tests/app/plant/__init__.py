"""Tests of app.plant."""
