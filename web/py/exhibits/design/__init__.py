"""The design exhibit: codes of garments, their looks, and the pictures of both.

Task modules map arrays to arrays; the caller passes generators of random numbers and times.
"""
