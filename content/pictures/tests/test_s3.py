"""Media in an object store, spoken to over HTTP."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from content.management.commands import prune_media
from content.pictures import storage
from content.pictures.tests import corpus
from content.pictures.tests.media import FILES_OF_PHOTOGRAPH, files_of, photograph
from content.tests.resources import FORM, RESOURCES
from lsa_site import object_storage

BUCKET = "lsa-media"
SETTINGS = {"BUCKET": BUCKET, "ACCESS_KEY": "key", "SECRET_KEY": "secret"}


@pytest.fixture
def configure(settings, monkeypatch):
    """Reads the environment as a start does."""

    def read(**variables: str) -> dict:
        for name, value in variables.items():
            monkeypatch.setenv(f"MEDIA_S3_{name}", value)
        described = object_storage.from_environment()
        kept = object_storage.kept_from_environment() or settings.STORAGES["kept"]
        settings.STORAGES = settings.STORAGES | {"default": described, "kept": kept}
        return described["OPTIONS"]

    return read


@pytest.fixture
def bucket(server, s3, configure):
    configure(**SETTINGS, ENDPOINT_URL=server)
    bucket = s3.Bucket(BUCKET)
    bucket.create()
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def names(bucket) -> set[str]:
    return {item.key for item in bucket.objects.all()}


def test_an_upload_lies_in_the_bucket_is_addressed_there_and_cached_for_good(owner, bucket, server):
    resource = RESOURCES["partners"]
    data = resource.create(owner.client, **{resource.picture: photograph()})
    raw = resource.collection().find_one()
    assert names(bucket) == files_of(raw, resource.picture)
    assert len(names(bucket)) == FILES_OF_PHOTOGRAPH
    assert data[resource.picture] == f"{server}/{BUCKET}/{raw[resource.picture]}"
    for rendition in data[f"{resource.picture}_meta"]["renditions"]:
        assert rendition["url"].startswith(f"{server}/{BUCKET}/uploads/")
    types = {item.key.rpartition(".")[2]: item.Object() for item in bucket.objects.all()}
    assert types["jpg"].content_type == "image/jpeg"
    assert types["webp"].content_type == "image/webp"
    assert {o.cache_control for o in types.values()} == {"public, max-age=31536000, immutable"}


def test_replacing_and_deleting_remove_the_old_objects(owner, bucket):
    resource = RESOURCES["partners"]
    data = resource.create(owner.client, **{resource.picture: photograph()})
    first, item = names(bucket), resource.item(data["id"])
    change = {resource.picture: photograph()}
    assert owner.client.patch(item, change, **FORM).status_code == 200
    assert names(bucket) == files_of(resource.collection().find_one(), resource.picture)
    assert not names(bucket) & first
    assert owner.client.delete(item).status_code == 200
    assert names(bucket) == set()


def test_pruning_finds_what_is_left_over(owner, bucket, monkeypatch):
    RESOURCES["blogs"].create(owner.client, image=photograph())
    in_use = names(bucket)
    default_storage.save("uploads/left-over.jpg", photograph())
    call_command("prune_media", delete=True)
    assert len(names(bucket)) == len(in_use) + 1
    monkeypatch.setattr(prune_media, "GRACE", -prune_media.GRACE)
    call_command("prune_media", delete=True)
    assert names(bucket) == in_use


def test_the_earlier_services_files_are_rendered_and_served_from_there(anyone, bucket):
    bucket.put_object(Key="uploads/foto.jpg", Body=corpus.jpeg(700, 400))
    RESOURCES["gallery"].store(image="/static/uploads/foto.jpg")
    call_command("render_media")
    [photo] = anyone.get("/gallery").json()["data"]
    assert len(photo["image_meta"]["renditions"]) == 2
    assert len(names(bucket)) == FILES_OF_PHOTOGRAPH
    response = anyone.get(photo["image"])
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == corpus.jpeg(700, 400)
    assert anyone.get("/static/uploads/missing.jpg").status_code == 404


@pytest.mark.wire
def test_a_backup_brings_the_objects_back(owner, bucket, tmp_path):
    RESOURCES["blogs"].create(owner.client, image=photograph())
    before = {item.key: item.get()["Body"].read() for item in bucket.objects.all()}
    call_command("backup", str(tmp_path / "lsa.zip"))
    bucket.objects.delete()
    call_command("restore", str(tmp_path / "lsa.zip"), force=True)
    assert {item.key: item.get()["Body"].read() for item in bucket.objects.all()} == before
    types = {item.Object().content_type for item in bucket.objects.all()}
    assert types == {"image/jpeg", "image/webp"}


def test_a_store_that_is_away_is_503(owner, configure):
    configure(**SETTINGS, ENDPOINT_URL="http://127.0.0.1:9")
    response = RESOURCES["blogs"].post(owner.client, image=photograph())
    assert response.status_code == 503
    assert response.json()["meta"]["code"] == "storage_unavailable"
    assert RESOURCES["blogs"].collection().count_documents({}) == 0
    assert owner.client.get("/static/uploads/a.jpg").status_code == 503


def test_a_bucket_that_does_not_exist_is_503(owner, server, configure):
    configure(**SETTINGS | {"BUCKET": "nobodys"}, ENDPOINT_URL=server)
    response = RESOURCES["blogs"].post(owner.client, image=photograph())
    assert response.json()["meta"]["code"] == "storage_unavailable"


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"REGION": "ap-southeast-3"}, f"https://{BUCKET}.s3.ap-southeast-3.amazonaws.com/"),
        ({"ENDPOINT_URL": "https://s3.example"}, f"https://s3.example/{BUCKET}/"),
        ({"REGION": "x", "CUSTOM_DOMAIN": "cdn.lsa.example"}, "https://cdn.lsa.example/"),
        ({"REGION": "x", "CUSTOM_DOMAIN": "http://minio:9000/b/"}, "http://minio:9000/b/"),
    ],
)
def test_addresses_are_public_ones_without_a_signature(configure, variables, url):
    configure(**SETTINGS, **variables)
    assert storage.url("uploads/a.jpg") == f"{url}uploads/a.jpg"


def test_without_settings_media_stay_on_this_machine(monkeypatch):
    monkeypatch.setenv("MEDIA_S3_BUCKET", " ")
    assert object_storage.from_environment() is None


def test_without_keys_the_machines_own_role_is_used(configure):
    options = configure(BUCKET=BUCKET, REGION="ap-southeast-3")
    assert options["access_key"] is options["secret_key"] is None


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"REGION": "x"}, "MEDIA_S3_BUCKET"),
        ({"BUCKET": BUCKET}, "MEDIA_S3_REGION"),
        ({"BUCKET": BUCKET, "REGION": "x", "ACCESS_KEY": "key"}, "MEDIA_S3_SECRET_KEY"),
        ({"BUCKET": BUCKET, "REGION": "x", "SECRET_KEY": "secret"}, "MEDIA_S3_ACCESS_KEY"),
        ({"BUCKET": BUCKET, "ENDPOINT_URL": "minio:9000"}, "MEDIA_S3_ENDPOINT_URL"),
        ({"BUCKET": BUCKET, "REGION": "x", "KEPT_BUCKET": BUCKET}, "MEDIA_S3_KEPT_BUCKET"),
        ({"KEPT_BUCKET": BUCKET, "REGION": "x"}, "MEDIA_S3_BUCKET"),
        ({"BUCKET": BUCKET, "REGION": "x", "CUSTOM_DOMAIN": "ftp://x"}, "MEDIA_S3_CUSTOM_DOMAIN"),
    ],
)
def test_incomplete_settings_stop_the_start_in_one_line(configure, variables, named):
    with pytest.raises(SystemExit) as stopped:
        configure(**variables)
    assert str(stopped.value).startswith(f"{named}: it takes ")
    assert "\n" not in str(stopped.value)
