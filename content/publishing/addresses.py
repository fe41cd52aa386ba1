def address(resource, raw):
    return f"http://127.0.0.1:8000/{resource}/{raw.get('slug') or raw['_id']}"
