#!/usr/bin/env python3
"""An index of Seismic or of SINDI that does what it reads, on one thread: `build`, `queries <prefix>`, `settings`,
`find <setting> <k>`, `time <setting> <k>`.

Started by `bench/run sparse --python`; what it answers is told in io.elanus.bench.sparse.SparsePeer.
"""

import argparse
import json
import os
import struct
import sys
import time
from importlib.metadata import version
from pathlib import Path

try:
    import numpy as np
    import pyvsag
    import seismic
except ImportError as missing:
    sys.exit(
        f"{missing}. Install what the peers need: python3 -m venv VENV; VENV/bin/pip install -r "
        f"{Path(__file__).with_name('requirements.txt')}; then: bench/run sparse --python VENV/bin/python"
    )


class Rows:
    """Sparse vectors in three files: where rows start, their terms, their weights."""

    def __init__(self, prefix):
        self.starts = np.fromfile(f"{prefix}.starts", "<u4")
        self.terms = np.fromfile(f"{prefix}.terms", "<u4")
        self.weights = np.fromfile(f"{prefix}.weights", "<f4")

    def __len__(self):
        return len(self.starts) - 1

    def row(self, i):
        own = slice(self.starts[i], self.starts[i + 1])
        return self.terms[own], self.weights[own]


class Seismic:
    """Bruch, Nardini, Rulli, Venturini: Efficient inverted indexes for approximate retrieval over learned sparse
    representations, 2024. Its lists are not cut, as weights of BM25 do not fall off as learned ones do."""

    SETTINGS = [(cut, factor) for cut in (6, 10, 15, 30) for factor in (0.7, 0.8, 0.9, 1.0)]

    def __init__(self, folder, rows):
        file = folder / "seismic.bin"
        with open(file, "wb") as out:
            out.write(struct.pack("<I", len(rows)))
            for i in range(len(rows)):
                terms, weights = rows.row(i)
                out.write(struct.pack("<I", len(terms)) + terms.tobytes() + weights.tobytes())
        self.index = seismic.SeismicIndexRaw.build(str(file), n_postings=len(rows))

    def query(self, terms, weights):
        return terms.astype(np.int32), weights

    def search(self, query, setting, k):
        cut, factor = setting
        return [row for _, row in self.index.search(*query, k, cut, factor, 0, True)]


class Sindi:
    """SINDI of VSAG: lists in windows of rows, summed up, with or without the lightest terms."""

    SETTINGS = [(query, term) for query in (0.0, 0.1, 0.2, 0.3) for term in (0.0, 0.1)]

    def __init__(self, folder, rows):
        options = {"use_reorder": True, "term_id_limit": int(rows.terms.max()) + 1, "doc_prune_ratio": 0.0, "window_size": 50_000}
        about = {"dtype": "sparse", "metric_type": "ip", "dim": 64, "index_param": options}
        self.index = pyvsag.Index("sindi", json.dumps(about))
        self.index.build(rows.starts, rows.terms, rows.weights, np.arange(len(rows), dtype=np.int64))
        self.parameters = {
            setting: json.dumps({"sindi": {"query_prune_ratio": setting[0], "term_prune_ratio": setting[1], "n_candidate": 100}})
            for setting in self.SETTINGS
        }

    def query(self, terms, weights):
        return np.array([0, len(terms)], np.uint32), terms, weights

    def search(self, query, setting, k):
        return self.index.knn_search(*query, k, self.parameters[setting])[0].ravel().tolist()


KINDS = {"seismic": (Seismic, "pyseismic-lsr"), "sindi": (Sindi, "pyvsag")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", choices=KINDS)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    kind, package = KINDS[args.index]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries say goes to the standard error
    rows = Rows(args.folder / "base")
    print("ready", package, version(package), file=answers, flush=True)
    index, queries = None, []
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "build":
            index = kind(args.folder, rows)
            answer = "built"
        elif word == "queries":
            asked = Rows(rest[0])
            queries = [index.query(*asked.row(i)) for i in range(len(asked))]
            answer = str(len(queries))
        elif word == "settings":
            answer = ";".join("/".join(map(str, setting)) for setting in kind.SETTINGS)
        else:
            answer = act(word, index, queries, kind.SETTINGS[int(rest[0])], int(rest[1]))
        print(answer, file=answers, flush=True)


def act(word, index, queries, setting, k) -> str:
    cpu = time.process_time_ns()
    found = [index.search(query, setting, k) for query in queries]
    if word == "time":
        return str(time.process_time_ns() - cpu)
    return ";".join(" ".join(map(str, rows)) for rows in found)


if __name__ == "__main__":
    main()
