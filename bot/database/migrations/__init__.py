"""How the tables came to their shape, one step a file."""
