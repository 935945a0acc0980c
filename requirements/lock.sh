#!/bin/sh
# Writes the lock files in this folder from pyproject.toml: exact versions with hashes, the same for
# every Python and machine. All come from one resolution, so that they fit together in any choice.
# An extra's file leaves out what run.txt has. Arguments go to uv (--upgrade).
set -eu
cd "$(dirname "$0")/.."
all=$(mktemp)
trap 'rm -f "$all"' EXIT

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --output-file "$@" >/dev/null
}

cat requirements/*.txt >"$all" 2>/dev/null || true
compile "$all" "$@" pyproject.toml --all-extras --group dev --group bench --group build --group lock

compile requirements/run.txt -c "$all" pyproject.toml --extra fast
compile requirements/build.txt -c "$all" --group build
compile requirements/lock.txt -c "$all" --group lock

base=$(sed -n 's/^\([a-z0-9.-]*\)==.*/--no-emit-package \1/p' requirements/run.txt)
for extra in tantivy opensearch evaluate fulltext vectors; do
    # shellcheck disable=SC2086 # one option a word
    compile "requirements/$extra.txt" -c "$all" pyproject.toml --extra "$extra" $base
done
for group in dev bench; do
    # shellcheck disable=SC2086
    compile "requirements/$group.txt" -c "$all" --group "$group" $base
done
