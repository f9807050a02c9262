"""Writing to devices: who is signed in, and the faceplate through which a value is written."""
