"""What can be dragged from one place of the window to another: tags and values."""
