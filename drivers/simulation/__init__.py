"""The demo plant's physics: seeded, repeatable, with faults that develop."""
