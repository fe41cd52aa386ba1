"""One shape for everything that is asked and answered over HTTP, whatever it is about."""
