"""What the marriage registry can do; one verb, one file, one visible transaction."""
