"""Learns models from the history of a plant, and tries them on what came later."""
