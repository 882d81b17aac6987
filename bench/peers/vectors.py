#!/usr/bin/env python3
"""Makes sets of vectors to measure with: base.npy, query.npy, truth_ids.npy, truth_sqdist.npy and about.properties.

    python3 -m venv VENV; VENV/bin/pip install -r bench/peers/requirements.txt
    VENV/bin/python bench/peers/vectors.py rotated <folder of sift-photos> --out <folder>
    VENV/bin/python bench/peers/vectors.py latent768 --out <folder>
    VENV/bin/python bench/peers/vectors.py text768 --packages <folder of .deb> --sources <src.zip of a JDK> --out <folder>

Vectors are float32; which rows are nearest is computed in float64. The same seed and versions make the same set. It is Python
for the rotation, the decomposition of a sparse matrix and the products of large ones, which NumPy and SciPy have.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import texts

NEIGHBOURS = 100
BLOCK_ROWS = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    rotation = kinds.add_parser("rotated", help="the vectors of another set, turned by a random orthogonal matrix")
    rotation.add_argument("folder", type=Path)
    rotation.add_argument("--rows", type=int, default=200_000)
    rotation.add_argument("--queries", type=int, default=2_000)
    latent = kinds.add_parser("latent768", help="768 values that come of 72, of length one")
    text = kinds.add_parser("text768", help="real texts by latent semantic analysis, of length one")
    for kind in (latent, text):
        kind.add_argument("--rows", type=int, default=100_000)
        kind.add_argument("--queries", type=int, default=1_000)
        kind.add_argument("--dimension", type=int, default=768)
    text.add_argument("--packages", type=Path, required=True, help=f"made by: {texts.DOWNLOAD}".replace("%", "%%"))
    text.add_argument("--sources", type=Path, required=True, help="lib/src.zip of Temurin 25.0.3")
    for kind in (rotation, latent, text):
        kind.add_argument("--out", type=Path, required=True)
        kind.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    start = time.perf_counter()
    base, queries, about = {"rotated": rotated, "latent768": latent768, "text768": text768}[args.kind](args)
    write(args.out, base.astype(np.float32), queries.astype(np.float32), {"seed": args.seed, **about})
    print(f"made in {time.perf_counter() - start:.0f} s")


def rotated(args):
    """A rotation keeps all distances and takes from single values what they meant."""
    base = np.load(next(args.folder.glob("base*.npy")))[: args.rows].astype(np.float64)
    queries = np.load(next(args.folder.glob("query*.npy")))[: args.queries].astype(np.float64)
    dimension = base.shape[1]
    turn, upper = np.linalg.qr(np.random.default_rng(args.seed).standard_normal((dimension, dimension)))
    turn *= np.sign(np.diag(upper))
    return base @ turn, queries @ turn, {"metric": "L2"}


LATENT = 72
NOISE = 0.05


def latent768(args):
    """Points of a surface of LATENT dimensions, bent by sine curves, and noise: about as hard as embeddings of texts. How fast
    the dimensions get thinner was chosen so that the local intrinsic dimension of 100,000 rows is near 30."""
    random = np.random.default_rng(args.seed)
    turn = random.standard_normal((LATENT, args.dimension)) / np.sqrt(LATENT)
    phase = random.uniform(0, 2 * np.pi, args.dimension)
    spread = 3 * np.arange(1, LATENT + 1) ** -0.55
    points = random.standard_normal((args.rows + args.queries, LATENT)) * spread
    values = np.sin(points @ turn + phase) + NOISE * random.standard_normal((len(points), args.dimension))
    unit = normalised(values)
    return unit[: args.rows], unit[args.rows :], {"metric": "INNER_PRODUCT"}


def text768(args):
    """Documents by how much their terms say of them (TF-IDF, terms counted sublinearly), reduced to the directions in which
    the base's rows vary most (truncated SVD). Queries are documents that the base has not."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = texts.documents(args.packages, args.sources)
    about = {"metric": "INNER_PRODUCT", "documents": len(found), "fingerprint": texts.fingerprint(found)}
    print(about, flush=True)
    spare = args.rows // 50
    if len(found) < args.queries + args.rows + spare:
        raise SystemExit(f"{len(found)} documents are fewer than {args.queries} + {args.rows} + {spare}")
    order = np.random.default_rng(args.seed).permutation(len(found))
    chosen = [found[i] for i in order[: args.queries + args.rows + spare]]
    weights = TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True, min_df=3, max_df=0.2)
    terms = weights.fit_transform(chosen[args.queries :])
    reduction = TruncatedSVD(args.dimension, n_iter=4, random_state=args.seed)
    base = telling(reduction.fit_transform(terms))[: args.rows]
    queries = telling(reduction.transform(weights.transform(chosen[: args.queries])))
    about |= {"terms": terms.shape[1], "variance": f"{reduction.explained_variance_ratio_.sum():.2f}"}
    return normalised(base), normalised(queries), about


def telling(rows):
    """Those that are not next to nothing: documents all of whose terms are rare have no direction."""
    return rows[np.linalg.norm(rows, axis=1) > 0.01]


def normalised(values):
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def write(folder, base, queries, about) -> None:
    ids, distances = truth(base, queries)
    about |= {"lid": f"{lid(distances):.1f}", "contrast": f"{contrast(base, queries, distances):.2f}"}
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "base.npy", base)
    np.save(folder / "query.npy", queries)
    np.save(folder / "truth_ids.npy", ids.astype(np.int32))
    np.save(folder / "truth_sqdist.npy", distances.astype(np.float32))
    (folder / "about.properties").write_text("".join(f"{key}={value}\n" for key, value in about.items()))
    print(f"{folder}: {base.shape[0]:,} x {base.shape[1]}, {len(queries):,} queries, {about}")


def truth(base, queries):
    """The rows nearest to each query and their squared distances, ascending; in float64."""
    exact = queries.astype(np.float64)
    ids = np.empty((len(queries), 0), dtype=np.int64)
    distances = np.empty((len(queries), 0))
    for start in range(0, len(base), BLOCK_ROWS):
        rows = base[start : start + BLOCK_ROWS].astype(np.float64)
        block = (rows**2).sum(axis=1) - 2 * exact @ rows.T
        ids = np.hstack([ids, np.broadcast_to(np.arange(start, start + len(rows)), block.shape)])
        distances = np.hstack([distances, block])
        nearest = np.argpartition(distances, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        ids = np.take_along_axis(ids, nearest, axis=1)
        distances = np.take_along_axis(distances, nearest, axis=1)
    for query in range(len(queries)):
        distances[query] = ((base[ids[query]].astype(np.float64) - exact[query]) ** 2).sum(axis=1)
    order = np.lexsort((ids, distances), axis=1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(distances, order, axis=1)


def lid(distances) -> float:
    """Local intrinsic dimension around the queries: the maximum-likelihood estimate of Levina and Bickel, 2004, over the
    nearest rows; the mean of all queries."""
    ratios = np.maximum(distances[:, :-1], 1e-12) / np.maximum(distances[:, -1:], 1e-12)
    return float(np.mean(1 / np.maximum(np.mean(-np.log(ratios) / 2, axis=1), 1e-6)))


def contrast(base, queries, distances) -> float:
    """How much farther the mean row is than the nearest."""
    some = base[:: max(1, len(base) // 1000)].astype(np.float64)
    means = [np.sqrt(((some - query) ** 2).sum(axis=1)).mean() for query in queries.astype(np.float64)]
    return float(np.mean(means) / np.mean(np.sqrt(distances[:, 0])))


if __name__ == "__main__":
    main()
