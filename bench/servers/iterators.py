#!/usr/bin/env python3
"""Reads a collection to its end by search iterators of pymilvus, and says how long its pages took.

    python3 -m venv VENV; VENV/bin/pip install -r bench/servers/requirements.txt
    ./elanus standalone
    VENV/bin/python bench/servers/iterators.py data/rotated
    VENV/bin/python bench/servers/iterators.py data/rotated --batch 50 --pages 400

The rows of base.npy are inserted and flushed if the collection is not there yet; the query is the first of query.npy. It fails
if what was read are not the nearest rows, each once, best first. It is Python for the SDK.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from pymilvus import DataType, MilvusClient

COLLECTION = "iterators"
ROWS_OF_AN_INSERT = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--uri", default="http://localhost:19530")
    parser.add_argument("--batch", type=int, default=1_000, help="rows of a page")
    parser.add_argument("--pages", type=int, default=1_000_000, help="at most")
    options = parser.parse_args()
    base = np.load(options.folder / "base.npy", mmap_mode="r")
    query = np.load(options.folder / "query.npy", mmap_mode="r")[0]
    client = MilvusClient(options.uri)
    if not client.has_collection(COLLECTION):
        load(client, base)
    seconds, hits = read(client, query, options.batch, options.pages)
    check(base, query, hits)
    millis = [1_000 * s for s in seconds]
    print(f"{len(hits):,} rows in {len(millis)} pages: {sum(seconds):.2f} s; median {np.median(millis):.1f} ms")
    for page in (1, 2, 10, len(millis)):
        print(f"page {page}: {millis[page - 1]:.1f} ms")


def load(client: MilvusClient, base: np.ndarray) -> None:
    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("v", DataType.FLOAT_VECTOR, dim=base.shape[1])
    index = client.prepare_index_params()
    index.add_index("v", index_type="HNSW", metric_type="L2", params={"M": 16, "efConstruction": 100})
    client.create_collection(COLLECTION, schema=schema, index_params=index)
    for start in range(0, len(base), ROWS_OF_AN_INSERT):
        rows = base[start : start + ROWS_OF_AN_INSERT]
        client.insert(COLLECTION, [{"id": start + i, "v": row.tolist()} for i, row in enumerate(rows)])
    client.flush(COLLECTION)


def read(client: MilvusClient, query: np.ndarray, batch: int, pages: int) -> tuple[list[float], list]:
    iterator = client.search_iterator(
        COLLECTION, data=[query.tolist()], batch_size=batch, search_params={"params": {}}, output_fields=["id"]
    )
    seconds, hits = [], []
    while len(seconds) < pages:
        start = time.perf_counter()
        page = iterator.next()
        if not page:
            break
        seconds.append(time.perf_counter() - start)
        hits.extend(page)
    iterator.close()
    return seconds, hits


def check(base: np.ndarray, query: np.ndarray, hits: list) -> None:
    distances = ((base - query) ** 2).sum(axis=1)
    found = [hit["id"] for hit in hits]
    scores = [hit["distance"] for hit in hits]
    assert len(set(found)) == len(found), "a row came twice"
    assert scores == sorted(scores), "not best first"
    farthest = np.sort(distances)[len(found) - 1]
    assert distances[found].max() <= farthest * (1 + 1e-5), "a nearer row was left out"


if __name__ == "__main__":
    main()
