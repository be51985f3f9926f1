"""The documented, versioned JSON door for islands and the applications of the sector."""
