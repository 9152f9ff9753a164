"""Exhibits with code of their own, each whole in its folder."""
