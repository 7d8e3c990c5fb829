"""The tasks of a day walked in a browser: what they cost on screen."""
