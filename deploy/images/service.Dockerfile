# Every process but the engine: door, actions, intake, console, worker, beat, smpp, and the jobs that
# migrate the stores and bring Twilio's templates up to date. The role is the first argument.
#
#   docker build --file deploy/images/service.Dockerfile --tag twiza/service:0.1.0 .
#
# Pin the base by its digest where the image is meant to last: PYTHON_IMAGE=python:3.12-slim-trixie@sha256:…
ARG PYTHON_IMAGE=python:3.12-slim-trixie

FROM ${PYTHON_IMAGE} AS environment
COPY requirements-uv.lock deploy/images/service.lock /build/
RUN python -m pip install --no-cache-dir --require-hashes --requirement /build/requirements-uv.lock \
    && python -m venv --without-pip /opt/twiza \
    && uv pip sync --python /opt/twiza/bin/python --require-hashes --no-cache --compile-bytecode /build/service.lock

FROM environment AS application
ENV PATH=/opt/twiza/bin:${PATH}
WORKDIR /srv/twiza
COPY deploy/images/start.py start.py
COPY core core
COPY locales locales
COPY records records
COPY transcripts transcripts
COPY channels channels
COPY actions actions
COPY console console
COPY worker worker
# What the processes read of the engine: words that mean the same to door and engine, what a response
# says, and the training messages that staff add to.
COPY data/nlu data/nlu
COPY bot/domain/responses bot/domain/responses
RUN python -m locales.compile \
    && python -m actions.programmes.check \
    && python -m compileall -q --invalidation-mode unchecked-hash .

FROM ${PYTHON_IMAGE} AS service
RUN groupadd --gid 10001 twiza \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin twiza \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/twiza
COPY --from=environment /opt/twiza /opt/twiza
COPY --from=application /srv/twiza /srv/twiza
# The root file system may be read-only: only /tmp, /dev/shm and, where a spool is wanted, /var/lib/twiza
# are written to.
ENV PATH=/opt/twiza/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    TWIZA_HEALTH_ADDRESS=0.0.0.0:8000 \
    TWIZA_SMPP_HEALTH_ADDRESS=0.0.0.0:8000 \
    TWIZA_WORKER_METRICS_ADDRESS=0.0.0.0:8001 \
    TWIZA_BEAT_METRICS_ADDRESS=0.0.0.0:8001
WORKDIR /srv/twiza
USER 10001:10001
EXPOSE 8000
# No proxy stands between a process and itself, and the image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "start.py"]
CMD ["door"]
