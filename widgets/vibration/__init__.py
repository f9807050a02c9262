"""Vibration on the screen: levels with their zones, waveforms, spectra with known lines, and what they hint at."""
