"""The case record: what a team asks of a person, what follows from the answers, and what is done about it."""
