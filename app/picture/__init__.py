"""Process pictures at work: what is wrong in one, and how an editor changes it."""
