"""HTTP for machines, for poor networks and for providers' links."""
