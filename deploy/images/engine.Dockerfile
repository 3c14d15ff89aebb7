# The engine: Rasa on Python 3.10, with the model trained while the image is built. A model belongs to the
# words, rules and components it was made of, so one image is one of each, and rolls back as one.
#
#   docker build --file deploy/images/engine.Dockerfile --tag twiza/engine:0.1.0 .
#
# Pin both bases by their digests where the image is meant to last (see service.Dockerfile).
ARG PYTHON_IMAGE=python:3.12-slim-trixie
ARG ENGINE_PYTHON_IMAGE=python:3.10-slim-bookworm

# The catalogs, which the main Python compiles. Its first steps are those of service.Dockerfile, so that a
# builder that has made the one has made the other.
FROM ${PYTHON_IMAGE} AS catalogs
COPY requirements-uv.lock deploy/images/service.lock /build/
RUN python -m pip install --no-cache-dir --require-hashes --requirement /build/requirements-uv.lock \
    && python -m venv --without-pip /opt/twiza \
    && uv pip sync --python /opt/twiza/bin/python --require-hashes --no-cache --compile-bytecode /build/service.lock
ENV PATH=/opt/twiza/bin:${PATH}
WORKDIR /srv/twiza
COPY core core
COPY locales locales
RUN python -m locales.compile

FROM ${ENGINE_PYTHON_IMAGE} AS environment
COPY requirements-uv.lock bot/requirements.lock /build/
RUN python -m pip install --no-cache-dir --require-hashes --requirement /build/requirements-uv.lock \
    && python -m venv --without-pip /opt/twiza \
    && uv pip sync --python /opt/twiza/bin/python --require-hashes --no-cache --compile-bytecode /build/requirements.lock

FROM environment AS training
ENV PATH=/opt/twiza/bin:${PATH}
WORKDIR /srv/twiza
COPY config.yml config.yml
COPY data data
COPY actions/programmes actions/programmes
COPY bot bot
COPY --from=catalogs /srv/twiza/locales locales
RUN python bot/main.py train --config config.yml --data data --domain bot/domain --out models --fixed-model-name twiza \
    && python -m compileall -q --invalidation-mode unchecked-hash bot

FROM ${ENGINE_PYTHON_IMAGE} AS engine
RUN groupadd --gid 10001 twiza \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin twiza
COPY --from=environment /opt/twiza /opt/twiza
COPY --from=training /srv/twiza/bot /srv/twiza/bot
COPY --from=training /srv/twiza/locales /srv/twiza/locales
COPY --from=training /srv/twiza/actions/programmes /srv/twiza/actions/programmes
COPY --from=training /srv/twiza/data/lexicon /srv/twiza/data/lexicon
COPY --from=training /srv/twiza/models/twiza.tar.gz /srv/twiza/models/twiza.tar.gz
# The root file system may be read-only: the model is unpacked in /tmp, gunicorn writes there too.
ENV PATH=/opt/twiza/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp
WORKDIR /srv/twiza
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "bot/serve.py", "--model", "models/twiza.tar.gz", "--endpoints", "bot/endpoints.yml", "--interface", "0.0.0.0", "--port", "8000"]
CMD ["--processes", "1"]
