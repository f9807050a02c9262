"""Finds what departs from its own healthy past: single tags, and the tags of one Equipment together."""
