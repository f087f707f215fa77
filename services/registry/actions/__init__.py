"""What can be done at the registry: one verb, one file, one visible transaction."""
