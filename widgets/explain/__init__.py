"""Any number of any screen explained: where it comes from, how old and how good it is, and what limits it."""
