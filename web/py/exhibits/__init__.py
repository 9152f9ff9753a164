"""Exhibits with their own code, one folder each."""
