# The web front end and the command line. `docker build -t yuansou .`
FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -c constraints.txt '.[fast,tantivy,opensearch]' \
    && useradd --system --create-home yuansou \
    && install --directory --owner yuansou /home/yuansou/var
USER yuansou
WORKDIR /home/yuansou
ENV YUANSOU_HOST=0.0.0.0 YUANSOU_PORT=8000
EXPOSE 8000
CMD ["yuansou", "serve"]
