"""The pillars: the rules of statistics as plain values. Standard library only."""
