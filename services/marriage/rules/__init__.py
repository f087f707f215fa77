"""What the law says about marrying, being married, certificates and divorce; no I/O here."""
