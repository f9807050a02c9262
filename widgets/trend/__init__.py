"""Trend charts of live and recorded signals."""
