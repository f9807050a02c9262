"""The manual within the window: what each page is for, in both languages, beside the work."""
