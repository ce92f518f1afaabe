# syntax=docker/dockerfile:1
# The service with its default model built in. It runs as nobody special, with a read-only root:
#   docker build -t classifier .
#   docker run --read-only --tmpfs /tmp -v classifier-data:/data -e CLASSIFIER_API_KEYS=score:… -p 8000:8000 classifier
FROM python:3.11-slim AS build
WORKDIR /src
# For the compiled helper; without a compiler the package works too, and slower.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY .ci/constraints.txt .ci/
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY data/postings data/postings
COPY classifier classifier
RUN pip install --constraint .ci/constraints.txt '.[postgres]'
# From another folder, so that the installed package is used, and with it the corpus that it carries.
RUN cd / && python -c 'from classifier import load_model; load_model(progress=print).save("/opt/model")'

FROM python:3.11-slim
RUN groupadd --gid 10001 classifier \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin classifier \
    && install -d -o classifier -g classifier /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/model /opt/model
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CLASSIFIER_MODEL=/opt/model \
    CLASSIFIER_CACHE=/data/cache \
    CLASSIFIER_STORE=/data/reviews.sqlite3
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
# Without CLASSIFIER_API_KEYS it refuses to start: in a container it listens to everyone.
CMD ["classifier", "serve", "--host", "0.0.0.0", "--port", "8000"]
