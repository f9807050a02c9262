"""The plant's history in files of other programs and in copies of its own: export, import, backup, restore."""
