"""What a device installs, and the look, held to their promises."""
