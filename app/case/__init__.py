"""Cases: what is wrong with one Equipment, why, what to do, what people found out, and what that has changed."""
