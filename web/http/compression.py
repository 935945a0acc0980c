"""Compresses text responses for clients that accept zstd or gzip."""

from http import HTTPStatus

from flask import Flask, Response, request
from flask_compress import Compress

ENCODINGS = ("zstd", "gzip")
"""In order: a client that ranks several equally gets the first. No Brotli: with the processor time
of gzip it saves nothing (docs/decisions/compression.md)."""
COMPRESSED_TYPES = (
    "application/atom+xml",
    "application/feed+json",
    "application/javascript",
    "application/json",
    "application/opensearchdescription+xml",
    "application/rss+xml",
    "application/x-suggestions+json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
)
GZIP_LEVEL = 4
"""Level 6 takes twice the processor time and saves 4% of the bytes."""
MIN_COMPRESSED_BYTES = 1_000
"""Bytes. Shorter answers fit in one network packet uncompressed."""


def init_app(app: Flask) -> None:
    """Call this before any other `after_request` is registered. Flask runs them in reverse order,
    and compression must run last, on the complete response."""
    app.config.update(
        COMPRESS_ALGORITHM=ENCODINGS,
        COMPRESS_ALGORITHM_STREAMING=ENCODINGS,
        COMPRESS_MIMETYPES=COMPRESSED_TYPES,
        COMPRESS_LEVEL=GZIP_LEVEL,
        COMPRESS_MIN_SIZE=MIN_COMPRESSED_BYTES,
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    @app.after_request
    def compressed(response: Response) -> Response:
        # Byte ranges refer to the uncompressed file, but the library would compress them.
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            return response
        if request.endpoint == "static":
            # Given a stream, the library would not close the file and would omit the length.
            response.direct_passthrough = False
            response.make_sequence()
        return compress.after_request(response)
