"""What happens here, told to other services: events are queued, signed, sent, watched."""
