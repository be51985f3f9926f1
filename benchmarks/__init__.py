"""Measurements beside peers: `make bench NAME=…`."""
