"""What the law says about temporary relief and about benefits; no I/O here."""
