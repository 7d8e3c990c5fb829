"""One file a screen: read state, call one core function, draw."""
