"""What relief can do; one verb, one file, one visible transaction."""
