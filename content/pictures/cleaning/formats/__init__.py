"""JPEG, PNG and GIF, each read, judged, decoded and written anew behind one interface."""
