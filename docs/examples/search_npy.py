#!/usr/bin/env python3
"""Loads a folder of .npy vectors into Elanus, builds an HNSW index, and measures it.

    python3 docs/examples/search_npy.py <folder> [--uri http://localhost:19530] [--picture recall.svg]

The folder holds base*.npy and query*.npy (one vector per row), and optionally truth_sqdist*.npy, the squared
distances of the exact nearest rows. The program prints recall@k and queries per second for several values of ef
and draws them into a small SVG picture.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from pymilvus import DataType, MilvusClient


def main() -> int:
    args = arguments()
    base, queries, nearest = read(args.folder, args.queries, args.k)
    client = MilvusClient(uri=args.uri, token=args.token)

    print(f"{len(base):,} base vectors of {base.shape[1]} dimensions, {len(queries):,} queries")
    insert_seconds = load(client, args.collection, base, args.batch)
    print(f"inserted in {insert_seconds:.1f} s: {len(base) / insert_seconds:,.0f} vectors/s")
    index_seconds = build_index(client, args)
    print(f"flushed, indexed and loaded in {index_seconds:.1f} s")

    curve = []
    for ef in args.ef:
        recall, rate, p99 = measure(client, args, queries, nearest, ef, base)
        curve.append((ef, recall, rate))
        print(f"ef {ef:4d}   recall@{args.k} {recall:.4f}   {rate:7,.0f} queries/s   p99 {p99:.2f} ms")

    picture = Path(args.picture)
    picture.write_text(draw(curve, args.k, f"{len(base):,} x {base.shape[1]}, HNSW M {args.m}"))
    print(f"drawn into {picture}")
    if not args.keep:
        client.drop_collection(args.collection)
    return 0 if max(recall for _, recall, _ in curve) >= args.require_recall else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="folder with base*.npy and query*.npy")
    parser.add_argument("--uri", default="http://localhost:19530")
    parser.add_argument("--token", default="")
    parser.add_argument("--collection", default="npy_example")
    parser.add_argument("--queries", type=int, default=1000, help="how many queries to run (default 1000)")
    parser.add_argument("--batch", type=int, default=5000, help="vectors per insert (default 5000)")
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--m", type=int, default=16, help="HNSW M")
    parser.add_argument("--ef-construction", type=int, default=200)
    parser.add_argument("--ef", type=int, nargs="+", default=[16, 32, 64, 128, 256])
    parser.add_argument("--picture", default="recall.svg", help="where the picture goes (default recall.svg)")
    parser.add_argument("--require-recall", type=float, default=0.0, help="fail when the best recall is below")
    parser.add_argument("--keep", action="store_true", help="keep the collection at the end")
    return parser.parse_args()


# --- reading -----------------------------------------------------------------------------------------------


def read(folder: Path, query_count: int, k: int):
    """Base, queries and the squared distance of the k-th nearest row of each query."""
    base = np.load(one(folder, "base*.npy")).astype(np.float32)
    queries = np.load(one(folder, "query*.npy")).astype(np.float32)[:query_count]
    distances = next(iter(sorted(folder.glob("truth_sqdist*.npy"))), None)
    if distances is not None:
        return base, queries, np.load(distances)[: len(queries), k - 1]
    return base, queries, exact(base, queries, k)


def one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        sys.exit(f"no {pattern} in {folder}")
    return found[0]


def exact(base: np.ndarray, queries: np.ndarray, k: int) -> np.ndarray:
    norms = (base.astype(np.float64) ** 2).sum(axis=1)
    kth = np.empty(len(queries))
    for i, query in enumerate(queries):
        squared = norms - 2.0 * (base @ query) + float(query @ query)
        kth[i] = np.partition(squared, k - 1)[k - 1]
        progress("exact neighbours", i + 1, len(queries))
    return kth


# --- loading -----------------------------------------------------------------------------------------------


def load(client: MilvusClient, name: str, base: np.ndarray, batch: int) -> float:
    if client.has_collection(name):
        client.drop_collection(name)
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=base.shape[1])
    client.create_collection(name, schema=schema, consistency_level="Strong")
    start = time.perf_counter()
    for first in range(0, len(base), batch):
        rows = base[first : first + batch]
        client.insert(name, [{"id": first + i, "vector": row} for i, row in enumerate(rows)])
        progress("insert", first + len(rows), len(base))
    return time.perf_counter() - start


def build_index(client: MilvusClient, args: argparse.Namespace) -> float:
    start = time.perf_counter()
    client.flush(args.collection)
    params = client.prepare_index_params()
    params.add_index(
        "vector", index_type="HNSW", metric_type="L2", params={"M": args.m, "efConstruction": args.ef_construction}
    )
    client.create_index(args.collection, params, sync=False)
    while True:
        state = client.describe_index(args.collection, "vector")
        done, total = int(state.get("indexed_rows", 0)), int(state.get("total_rows", 0))
        progress("index", done, max(total, 1))
        if state.get("state") == "Finished" and int(state.get("pending_index_rows", 0)) == 0:
            break
        time.sleep(0.2)
    client.load_collection(args.collection)
    return time.perf_counter() - start


# --- measuring ---------------------------------------------------------------------------------------------


def measure(client, args, queries, nearest, ef, base):
    """Recall counts a hit when it is no farther than the k-th nearest row: ties are as good."""
    found, times = 0, []
    search = dict(metric_type="L2", params={"ef": ef})
    for query in queries[:100]:  # warms up
        client.search(args.collection, [query], limit=args.k, search_params=search)
    for i, query in enumerate(queries):
        start = time.perf_counter()
        hits = client.search(
            args.collection, [query], limit=args.k, search_params=search, consistency_level="Eventually"
        )[0]
        times.append(time.perf_counter() - start)
        ids = [hit["id"] for hit in hits]
        squared = ((base[ids].astype(np.float64) - query) ** 2).sum(axis=1)
        found += int((squared <= nearest[i] * (1 + 1e-6)).sum())
        progress(f"search ef {ef}", i + 1, len(queries))
    return found / (args.k * len(queries)), len(queries) / sum(times), 1000 * float(np.quantile(times, 0.99))


# --- showing -----------------------------------------------------------------------------------------------


def progress(what: str, done: int, total: int) -> None:
    if not sys.stderr.isatty() and done < total:
        return
    width = 40
    filled = width * done // total
    bar = "#" * filled + "." * (width - filled)
    sys.stderr.write(f"\r{what:16s} [{bar}] {done:,}/{total:,}" + ("\n" if done == total else ""))
    sys.stderr.flush()


def draw(curve, k: int, title: str) -> str:
    """Recall to the right, queries per second upwards; one dot per ef."""
    width, height, left, right, bottom = 480, 300, 64, 36, 44
    recalls = [recall for _, recall, _ in curve]
    low = max(0.0, min(recalls) - 0.02)
    high = 1.0
    fastest = max(rate for _, _, rate in curve) * 1.1

    def x(recall: float) -> float:
        return left + (recall - low) / (high - low) * (width - left - right)

    def y(rate: float) -> float:
        return height - bottom - rate / fastest * (height - bottom - 48)

    points = " ".join(f"{x(recall):.1f},{y(rate):.1f}" for _, recall, rate in curve)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="11" fill="#333">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="20" font-size="13" font-weight="bold">{title}</text>',
    ]
    for i in range(5):
        recall, rate = low + (high - low) * i / 4, fastest * i / 4
        parts.append(f'<line x1="{x(recall):.1f}" y1="48" x2="{x(recall):.1f}" y2="{height - bottom}" stroke="#eee"/>')
        parts.append(f'<line x1="{left}" y1="{y(rate):.1f}" x2="{width - right}" y2="{y(rate):.1f}" stroke="#eee"/>')
        parts.append(f'<text x="{x(recall):.1f}" y="{height - bottom + 16}" text-anchor="middle">{recall:.3f}</text>')
        parts.append(f'<text x="{left - 6}" y="{y(rate) + 4:.1f}" text-anchor="end">{rate:,.0f}</text>')
    parts.append(f'<polyline points="{points}" fill="none" stroke="#2266cc" stroke-width="2"/>')
    for ef, recall, rate in curve:
        parts.append(f'<circle cx="{x(recall):.1f}" cy="{y(rate):.1f}" r="3.5" fill="#2266cc"/>')
        parts.append(f'<text x="{x(recall) - 8:.1f}" y="{y(rate) + 14:.1f}" text-anchor="end">ef {ef}</text>')
    parts.append(f'<text x="{(left + width) / 2}" y="{height - 8}" text-anchor="middle">recall@{k}</text>')
    parts.append(
        f'<text x="14" y="{height / 2}" text-anchor="middle" transform="rotate(-90 14 {height / 2})">'
        "queries per second, one client</text>"
    )
    return "\n".join(parts + ["</svg>", ""])


if __name__ == "__main__":
    sys.exit(main())
