"""Registering an account."""

from accounts.documents import User


def test_it_stores_a_bare_bcrypt_hash(anyone):
    body = {"email": "Budi@LSA.example", "username": "budi", "password": "jalan-kenari-17"}
    response = anyone.post("/api/v1/auth/register", body, format="json")
    assert response.status_code == 201
    stored = User.collection().find_one({"username": "budi"})
    assert stored["password"].startswith("$2b$")
