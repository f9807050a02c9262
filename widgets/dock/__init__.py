"""Panels that stand beside whichever page is in view, or in a window of their own."""
