# syntax=docker/dockerfile:1

# What compiles stays in here, with pip's leavings.
FROM python:3.13-slim-bookworm AS build
COPY requirements-production.txt /
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /requirements-production.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/data/var \
    MEDIA_ROOT=/data/media \
    KEPT_ROOT=/data/kept
# The folders are the user's own, and so are volumes that are made over them.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lsa \
    && install -d -o lsa -g lsa -m 0755 /data /data/media \
    && install -d -o lsa -g lsa -m 0700 /data/var /data/kept /data/backups
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/lsa
COPY . .
RUN python -m compileall -q .
# By number: where it must be seen that it is not root, a name says nothing.
USER 10001
EXPOSE 8000
# Lives, not ready: a container that is started again brings no database back.
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=5)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "manage.py"]
CMD ["serve", "--host", "0.0.0.0", "--no-worker"]
