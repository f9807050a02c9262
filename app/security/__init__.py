"""Who may do what: the users of a plant and their roles."""
