"""Plain HTML pages of the team's journey, for poor networks and old telephones: no script, under 30 KB each."""
