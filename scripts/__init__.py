"""What the Makefile calls: standard library only, for it runs before anything is installed."""
