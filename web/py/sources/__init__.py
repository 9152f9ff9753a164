"""Page halves of the input kinds: where a visitor's input comes from."""
