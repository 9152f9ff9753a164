"""The page that any model gets from its card."""
