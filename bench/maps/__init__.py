"""What maps cost to draw, beside the usual ways to draw them."""
