"""Page halves of the output kinds: how an answer is drawn."""
