"""Forecast cards of the equipment."""
