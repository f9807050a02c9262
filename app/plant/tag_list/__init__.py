"""Lists of tags in files of other programs, and of this one: read, compared with a plant, and taken over."""
