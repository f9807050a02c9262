"""Plots for analysis on pyqtgraph: curves over frequency or time, one signal over another, bars, evidence."""
