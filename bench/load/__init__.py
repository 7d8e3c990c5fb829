"""The application under the load of many people at once, and what happens when a part of it fails meanwhile."""
