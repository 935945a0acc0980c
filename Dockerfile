# `yuansou serve` in a container; docs/run/deploy.md says how to build and start it.
# Libraries come before our code, for they change seldom: a change of the code builds only what
# follows its COPY.
FROM docker.io/library/python:3.11-slim-bookworm AS libraries
WORKDIR /src
COPY requirements requirements
RUN python -m venv /build \
    && python -m venv --without-pip /opt/yuansou \
    && /build/bin/python -m pip install --no-cache-dir --quiet --require-hashes -r requirements/build.txt \
    && /build/bin/python -m pip wheel --no-cache-dir --quiet --require-hashes --no-build-isolation --use-pep517 --wheel-dir /wheels \
        -r requirements/run.txt -r requirements/tantivy.txt -r requirements/opensearch.txt \
    && /build/bin/python -m pip --python /opt/yuansou/bin/python install --quiet --no-deps --no-index /wheels/*.whl

FROM libraries AS code
COPY README.md LICENSE pyproject.toml ./
COPY seeds seeds
COPY index index
COPY search search
COPY web web
RUN /build/bin/python -m pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir /wheel . \
    && /build/bin/python -m pip --python /opt/yuansou/bin/python install --no-deps --no-index --prefix /code /wheel/yuansou-*.whl

FROM docker.io/library/python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 yuansou \
    && useradd --system --uid 10001 --gid yuansou --home-dir /var/lib/yuansou --no-create-home yuansou \
    && install --directory --owner yuansou --group yuansou /var/lib/yuansou /etc/yuansou
COPY --from=libraries /opt/yuansou /opt/yuansou
COPY --from=code /code /opt/yuansou
# With a domain in front set YUANSOU_PUBLIC_URL when you start it, or its requests get 400.
# Large builds keep what does not fit in memory in TMPDIR: only the volume can be written.
ENV PATH=/opt/yuansou/bin:$PATH \
    TMPDIR=/var/lib/yuansou \
    YUANSOU_HOST=0.0.0.0 \
    YUANSOU_PORT=8000 \
    YUANSOU_INDEX_DIR=/var/lib/yuansou/index
# A yuansou.toml mounted into this folder is read.
WORKDIR /etc/yuansou
USER 10001:10001
VOLUME /var/lib/yuansou
EXPOSE 8000
# Healthy means that searches are answered: without an index it is not.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"YUANSOU_PORT\"]}/readyz', timeout=4)"]
ENTRYPOINT ["yuansou"]
CMD ["serve"]
