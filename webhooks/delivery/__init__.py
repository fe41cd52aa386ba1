"""How one message gets to one endpoint: checked, signed, sent, tried again."""
