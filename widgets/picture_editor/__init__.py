"""Drawing process pictures."""
