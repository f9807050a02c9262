"""What another dead band and other delays would have made of the recorded history of an alarm."""
