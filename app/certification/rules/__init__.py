"""Who decides, what a certificate says and what becomes of it. Pure."""
