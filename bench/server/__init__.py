"""What the server stands: its API under load, files in bulk, sign-ins of one moment, abuse."""
