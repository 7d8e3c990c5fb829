"""Where things are: places, areas, travel, nearest, coverage, siting. Knows none of the other rooms."""
