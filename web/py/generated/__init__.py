"""The page generated from a model's card."""
