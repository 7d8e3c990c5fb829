"""What is offered: service types, registries, the catalogue and the rules of access."""
