"""Keeps models as data: versions that are tried before they count, can be returned, and go from plant to plant."""
