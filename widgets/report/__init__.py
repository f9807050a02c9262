"""Reports on paper, and the page of handovers."""
