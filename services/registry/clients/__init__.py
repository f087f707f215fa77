"""What the registry asks outside itself: the catalogue's files, sign-in providers, key makers."""
