"""The house's own law, read off the files themselves."""
