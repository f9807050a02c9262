"""Everything by keys: which key does what, where the focus is, and where an arrow key leads."""
