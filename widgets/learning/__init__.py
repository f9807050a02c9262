"""The learned models of a plant: what each is for, how it did, and what may be done with it."""
