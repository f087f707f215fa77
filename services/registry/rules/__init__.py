"""What the law and the house say about identity, publication, agency and deaths. No I/O."""
