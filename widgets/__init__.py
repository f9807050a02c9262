"""The operator's window: everything of the program that knows Qt."""
