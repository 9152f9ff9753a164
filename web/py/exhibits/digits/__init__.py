"""The digits exhibit: a network classifies a digit while it is drawn."""
