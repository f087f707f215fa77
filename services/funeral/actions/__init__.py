"""What the funeral service can do; one verb, one file, one visible transaction."""
