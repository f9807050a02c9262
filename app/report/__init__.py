"""Reports of a shift, a day or a month: computed from the history, and the files it is written to."""
