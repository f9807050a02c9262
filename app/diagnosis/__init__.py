"""Tells which known fault of an Equipment this is, with probabilities, or that it is none of them."""
