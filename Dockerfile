# The web front end and the command line. `docker build -t yuansou .`
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && pip install --no-cache-dir --require-hashes --no-build-isolation --use-pep517 \
       -r requirements/run.txt -r requirements/tantivy.txt -r requirements/opensearch.txt \
    && pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --system --create-home yuansou \
    && install --directory --owner yuansou /home/yuansou/var
USER yuansou
WORKDIR /home/yuansou
ENV YUANSOU_HOST=0.0.0.0 YUANSOU_PORT=8000
EXPOSE 8000
CMD ["yuansou", "serve"]
