"""How quickly the case record works."""
