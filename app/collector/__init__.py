"""The collector process: drivers, cleaning, history, alarms, predictions and the live border, wired together."""
