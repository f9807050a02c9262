"""Item models between the live values and the views."""
