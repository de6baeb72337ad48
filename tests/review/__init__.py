"""Reviews, told by those who do them."""
