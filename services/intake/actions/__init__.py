"""What can be done at the window: one verb, one file, one visible transaction."""
