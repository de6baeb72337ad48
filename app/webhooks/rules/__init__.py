"""What is told, to where, signed how, tried when. Pure."""
