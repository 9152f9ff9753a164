"""The exhibits: one module for each page, with a coroutine ``open`` that brings it to life."""
