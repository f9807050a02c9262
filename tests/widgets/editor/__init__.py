"""The page of engineering."""
