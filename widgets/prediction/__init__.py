"""What is foretold, on screen: health, forecasts, remaining life, and the instant from which all count down."""
