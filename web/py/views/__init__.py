"""Page halves of the output kinds, which draw answers."""
