"""The vocabulary of the plant; imports nothing of ours."""
