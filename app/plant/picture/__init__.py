"""The files of process pictures: read, checked, revised, written."""
