"""Vibration of machines: waveforms, their spectra, the lines of bearings and gears in them, and hints of faults."""
