"""The tree of the equipment with its health, and the page of one equipment: its tags, values and commands."""
