"""What happens to a request before Django: its body is received, and a thread found for it.

An ASGI application on the event loop of the web server, so that a client which sends or reads
slowly costs a socket and no thread. It knows no resource, and of Django only that it is WSGI.
"""
