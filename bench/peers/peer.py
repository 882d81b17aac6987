#!/usr/bin/env python3
"""An index of hnswlib or faiss that does what it reads, on one thread: `build`, `find <effort>`, `time <effort>`.

Started by `bench/run peers`; what it answers is told in io.elanus.bench.peers.Contender.
"""

import argparse
import sys
import time
from importlib.metadata import version
from pathlib import Path

try:
    import faiss
    import hnswlib
    import numpy as np
except ImportError as missing:
    sys.exit(
        f"{missing}. Install what the peers need: python3 -m venv VENV; VENV/bin/pip install -r "
        f"{Path(__file__).with_name('requirements.txt')}; then: bench/run peers --python VENV/bin/python"
    )

K = 10


class Hnswlib:
    def __init__(self, args, base):
        space = "ip" if args.metric == "INNER_PRODUCT" else "l2"
        self.index = hnswlib.Index(space=space, dim=base.shape[1])
        self.index.init_index(len(base), M=args.m, ef_construction=args.ef_construction, random_seed=1)
        self.index.set_num_threads(1)
        self.index.add_items(base, num_threads=1)

    def set_effort(self, effort):
        self.index.set_ef(effort)

    def search(self, queries):
        return self.index.knn_query(queries, k=K, num_threads=1)[0]


class Faiss:
    """Of faiss's factory; refined kinds score `k_factor` rows anew for each one wanted."""

    KINDS = {
        "faiss-hnsw": "HNSW{m},Flat",
        "faiss-ivf": "IVF{lists},Flat",
        "faiss-ivf-sq8": "IVF{lists},SQ8",
        "faiss-ivf-pq4": "IVF{lists},PQ{half}x4fs,RFlat",
        "faiss-ivf-rabitq": "IVF{lists},RaBitQ,RFlat",
    }
    K_FACTOR = {"faiss-ivf-pq4": 10, "faiss-ivf-rabitq": 20}

    def __init__(self, args, base):
        faiss.omp_set_num_threads(1)
        kind = self.KINDS[args.index].format(m=args.m, lists=args.lists, half=base.shape[1] // 2)
        metric = faiss.METRIC_INNER_PRODUCT if args.metric == "INNER_PRODUCT" else faiss.METRIC_L2
        self.index = faiss.index_factory(base.shape[1], kind, metric)
        self.inner = self.index
        if args.index in self.K_FACTOR:
            self.index.k_factor = self.K_FACTOR[args.index]
            self.inner = faiss.downcast_index(self.index.base_index)
        if args.index == "faiss-hnsw":
            self.index.hnsw.efConstruction = args.ef_construction
        self.index.train(base)
        self.index.add(base)

    def set_effort(self, effort):
        if hasattr(self.inner, "hnsw"):
            self.inner.hnsw.efSearch = effort
        else:
            self.inner.nprobe = effort

    def search(self, queries):
        return self.index.search(queries, K)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", choices=["hnswlib", *Faiss.KINDS])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--metric", choices=["L2", "INNER_PRODUCT"], required=True)
    parser.add_argument("--m", type=int, required=True)
    parser.add_argument("--ef-construction", type=int, required=True)
    parser.add_argument("--lists", type=int, required=True)
    args = parser.parse_args()
    base = array(args.folder, "base*.npy")
    queries = array(args.folder, "query*.npy")
    print("ready", versions(args.index), flush=True)
    sys.stdin.readline()
    index = Hnswlib(args, base) if args.index == "hnswlib" else Faiss(args, base)
    del base  # of which the index has a copy
    print("built", flush=True)
    for line in sys.stdin:
        word, effort = line.split()
        index.set_effort(int(effort))
        print(find(index, queries) if word == "find" else duration(index, queries), flush=True)


def array(folder, pattern):
    return np.ascontiguousarray(np.load(next(folder.glob(pattern))), dtype=np.float32)


def versions(index) -> str:
    if index == "hnswlib":
        return f"hnswlib {version('hnswlib')}"
    return f"faiss-cpu {faiss.__version__} ({faiss.get_compile_options().strip()})"


def find(index, queries) -> str:
    return " ".join(map(str, index.search(queries).astype(np.int64).ravel().tolist()))


def duration(index, queries) -> str:
    wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
    index.search(queries)
    return f"{time.thread_time_ns() - cpu} {time.perf_counter_ns() - wall}"


if __name__ == "__main__":
    main()
