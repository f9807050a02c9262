"""How sizes of files are written."""

from __future__ import annotations


def byte_size(size: int) -> str:
    """Return a size in bytes with the decimal prefixes of IEC 80000-13, three digits at most before the point."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 99.5 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
