"""The plant's recorded values in one SQLite file, behind a writer and a reader."""
