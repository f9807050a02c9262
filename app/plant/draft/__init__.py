"""A draft of a plant file: its sheets and cells, what is wrong with it, and what is renamed or put in another order."""
