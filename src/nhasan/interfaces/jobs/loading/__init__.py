"""Loading: what the product ships, and the demonstration, through the operations people use.

Nothing here writes behind anybody's back. Every part looks first whether its work is done,
so that loading twice is the same as once and a killed load goes on where it stopped.
"""
