"""Texts are sent compressed to clients that accept it."""

from http import HTTPStatus

from flask import Flask, Response, request
from flask_compress import Compress

ENCODINGS = ("zstd", "gzip")
"""Of those that a client likes equally, the first is taken. Brotli is left out: in the processor
time that gzip takes it saves nothing (docs/decisions/compression.md)."""
TEXTS = (
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
"""The level 6 takes twice the processor time for 4 in 100 bytes less."""
SHORT = 1_000
"""Bytes. A shorter answer fits one network packet as it is."""


def init_app(app: Flask) -> None:
    """Call this before other functions are registered that look at answers: Flask calls the first
    one last, and an answer must be complete when it is compressed."""
    app.config.update(
        COMPRESS_ALGORITHM=ENCODINGS,
        COMPRESS_ALGORITHM_STREAMING=ENCODINGS,
        COMPRESS_MIMETYPES=TEXTS,
        COMPRESS_LEVEL=GZIP_LEVEL,
        COMPRESS_MIN_SIZE=SHORT,
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    @app.after_request
    def compressed(response: Response) -> Response:
        # A part of a file counts the bytes of the plain file; the library would compress it.
        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
            return response
        if request.endpoint == "static":
            # The library leaves a file open that it was given as a stream, and its length unknown.
            response.direct_passthrough = False
            response.make_sequence()
        return compress.after_request(response)
