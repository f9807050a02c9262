"""Connecting devices: finding them, looking at what they have, choosing and naming tags, lists of other programs."""
