"""What the demo plant looks like from outside, as data: tags, alarms, forecasts, equipment and pictures."""
