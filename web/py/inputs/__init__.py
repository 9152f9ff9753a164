"""Input kinds: what a visitor gives, and how it becomes the arrays that a network takes."""
