# One image for web, worker and beat; which one it is, the command says (compose.yaml).
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data shifangang \
    && install -d -o shifangang -g shifangang /data /srv/static

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

# The faces of all paper, made once per image; a package is fetched with apt-get and not installed.
COPY scripts/fonts.py scripts/debian.py scripts/
COPY posts/__init__.py posts/
COPY posts/documents/__init__.py posts/documents/truetype.py posts/documents/
RUN python scripts/fonts.py --into /srv/fonts

COPY . .
ENV FONTS_DIR=/srv/fonts DATA_DIR=/data STATIC_ROOT=/srv/static PYTHONUNBUFFERED=1
USER shifangang
# Keys made while collecting the files are thrown away: the real ones come from the environment.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/build

EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "120", "--no-control-socket"]
