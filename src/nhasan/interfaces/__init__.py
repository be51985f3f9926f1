"""Doors: each turns a request into one call, and its answer into a response."""
