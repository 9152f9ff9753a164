"""Draw a digit: a network reads it while it is drawn."""
