"""What is done with a view of the map: names looked for on it, the view on paper and as a picture."""
