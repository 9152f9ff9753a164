"""Page halves of the input kinds, which gather the visitor's input."""
