"""The page of handovers: the draft of the shift, its open points, earlier handovers, and both signatures."""
