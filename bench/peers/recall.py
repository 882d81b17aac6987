#!/usr/bin/env python3
"""hnswlib's and faiss's HNSW on the files `bench/run recall` uses, counted the same way, on one thread.

    pip install hnswlib faiss-cpu numpy
    python3 bench/peers/recall.py <folder> [--m 16] [--ef-construction 200] [--ef 16 32 64 128]
"""

import argparse
import time
from pathlib import Path

import numpy as np

K = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--m", type=int, default=16)
    parser.add_argument("--ef-construction", type=int, default=200)
    parser.add_argument("--ef", type=int, nargs="+", default=[16, 32, 64, 128])
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    base = np.load(next(args.folder.glob("base*.npy"))).astype(np.float32)
    queries = np.load(next(args.folder.glob("query*.npy"))).astype(np.float32)
    farthest = np.load(next(args.folder.glob("truth_sqdist*.npy")))[:, K - 1]
    for peer in (hnswlib_index, faiss_index):
        peer(args, base, queries, farthest)


def hnswlib_index(args, base, queries, farthest) -> None:
    import hnswlib

    start = time.perf_counter()
    index = hnswlib.Index(space="l2", dim=base.shape[1])
    index.init_index(len(base), M=args.m, ef_construction=args.ef_construction, random_seed=1)
    index.set_num_threads(1)
    index.add_items(base)
    print(f"hnswlib built in {time.perf_counter() - start:.1f} s")
    for ef in args.ef:
        index.set_ef(ef)
        report("hnswlib", args, ef, queries, farthest, lambda: index.knn_query(queries, k=K)[1])


def faiss_index(args, base, queries, farthest) -> None:
    import faiss

    faiss.omp_set_num_threads(1)
    start = time.perf_counter()
    index = faiss.IndexHNSWFlat(base.shape[1], args.m)
    index.hnsw.efConstruction = args.ef_construction
    index.add(base)
    print(f"faiss built in {time.perf_counter() - start:.1f} s")
    for ef in args.ef:
        index.hnsw.efSearch = ef
        report("faiss", args, ef, queries, farthest, lambda: index.search(queries, K)[0])


def report(name, args, ef, queries, farthest, search) -> None:
    best = float("inf")
    for _ in range(args.rounds):
        start = time.perf_counter()
        distances = search()
        best = min(best, time.perf_counter() - start)
    recall = (distances <= farthest[:, None] * (1 + 1e-6)).sum() / (K * len(queries))
    print(f"{name:8s} ef {ef:4d}  recall@{K} {recall:.4f}  {len(queries) / best:,.0f} queries/s")


if __name__ == "__main__":
    main()
