"""What a reviewer may say, and when. Pure."""
