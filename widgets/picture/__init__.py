"""Process pictures of the plant's areas."""
