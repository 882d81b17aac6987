#!/usr/bin/env python3
"""Elanus beside other vector databases, each through its own Python client: the same rows, the same queries, one after the other.

Loads each server once, which is kept in --out, finds the least effort (ef) at which it has the recall that is asked for, and lets
clients, each a process of its own, search at that for some seconds, after some that do not count. What was measured before is kept,
too: the next run goes on where the last one ended. Writes table.md. Server and clients share the machine.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import time
import warnings
from pathlib import Path

import processes

try:
    import numpy as np
    import servers
    from crew import Crew
except ImportError as missing:
    raise SystemExit(
        f"{missing}. Install the clients: python3 -m venv VENV; VENV/bin/pip install -r "
        f"{Path(__file__).with_name('requirements.txt')}; then: bench/run servers --python VENV/bin/python ..."
    ) from None

ROUNDING = 1e-6


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/run servers", description=__doc__)
    parser.add_argument("folder", type=Path, help="of base*.npy, query*.npy, truth_sqdist*.npy (bench/peers/vectors.py)")
    parser.add_argument("--servers", default=",".join(servers.ALL), help="by commas; all: %(default)s")
    parser.add_argument("--rows", type=int, help="the first so many alone; true neighbours are computed then")
    parser.add_argument("--recall", type=float, default=0.95, help=f"of the {servers.K} nearest, that rates are of (%(default)s)")
    parser.add_argument("--judged", type=int, default=500, help="queries that recall is measured by (%(default)s)")
    parser.add_argument("--clients", default="1,4", help="numbers of them, by commas (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement (%(default)s)")
    parser.add_argument("--warm", type=float, default=40, help="seconds of searches before, unmeasured (%(default)s)")
    parser.add_argument("--again", action="store_true", help="measure searches again")
    parser.add_argument("--reload", action="store_true", help="load again, too")
    parser.add_argument("--python", help="of the clients; taken by bench/run")
    parser.add_argument("--out", type=Path, default=Path("target/servers"), help="made (%(default)s)")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that servers are stopped as well
    data = DataSet(args.folder, args.rows)
    out = args.out / f"{args.folder.resolve().name}-{len(data.base)}"
    names = args.servers.split(",")
    if unknown := [name for name in names if name not in servers.ALL]:
        parser.error(f"no server {unknown[0]}; there are {', '.join(servers.ALL)}")
    failed = []
    for name in names:
        folder = out / name
        if args.reload and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            measure(name, servers.ALL[name](folder, data.metric, data.base.shape[1]), data, args)
        except (Exception, SystemExit) as error:  # the others may be there
            print(f"{name}: {error}", flush=True)
            failed.append(name)
    warnings.simplefilter("ignore", ResourceWarning)  # what clients leave open ends with this process
    write_table(out, data, args)
    if failed:
        raise SystemExit(f"not measured: {', '.join(failed)}")


class DataSet:
    """As io.elanus.bench.vectors.DataSet: a row that is as near as the k-th is as good as that."""

    def __init__(self, folder: Path, rows):
        self.name = folder.resolve().name
        self.query_file = next(folder.glob("query*.npy"))
        self.base = np.load(next(folder.glob("base*.npy")), mmap_mode="r")[:rows].astype(np.float32)
        self.queries = np.load(self.query_file).astype(np.float32)
        self.metric = "L2"
        if (about := folder / "about.properties").exists():
            self.metric = dict(line.split("=", 1) for line in about.read_text().split() if "=" in line).get("metric", "L2")
        self.farthest = np.load(next(folder.glob("truth_sqdist*.npy")))[:, servers.K - 1] if rows is None else self._farthest()

    def _farthest(self):
        exact, base = self.queries.astype(np.float64), self.base.astype(np.float64)
        distances = (base**2).sum(axis=1) - 2 * exact @ base.T
        return np.partition(distances, servers.K - 1)[:, servers.K - 1] + (exact**2).sum(axis=1)

    def recall(self, found) -> float:
        hits = 0
        for query, ids in enumerate(found):
            rows = self.base[sorted(set(ids))].astype(np.float64)
            distances = ((rows - self.queries[query].astype(np.float64)) ** 2).sum(axis=1)
            hits += int((distances <= self.farthest[query] * (1 + ROUNDING)).sum())
        return hits / (len(found) * servers.K)


def measure(name, server, data, args) -> None:
    """The steps that were not done yet."""
    loaded, searched = (server.folder / f"{step}.json" for step in ("loaded", "searched"))
    if loaded.exists() and searched.exists() and not args.again:
        print(f"{name}: as measured before", flush=True)
        return
    if not loaded.exists():
        shutil.rmtree(server.folder / "data", ignore_errors=True)
    server.start()
    try:
        if not loaded.exists():
            write(loaded, load(name, server, data))
        write(searched, search(name, server, data, args))
    finally:
        server.stop()


def load(name, server, data) -> dict:
    steps = {}
    for step, work in (("load", lambda: server.load(data.base)), ("index", server.index)):
        pid = server.pid() or os.getpid()
        cpu, begin = processes.cpu_seconds(pid), time.monotonic()
        work()
        steps[step] = {"seconds": time.monotonic() - begin, "cpu": processes.cpu_seconds(pid) - cpu}
        print(f"{name}: {step} in {steps[step]['seconds']:.1f} s, {steps[step]['cpu']:.1f} s of CPU", flush=True)
    return {**steps, "load_average": os.getloadavg()[0]}


def search(name, server, data, args) -> dict:
    found = {"version": server.version(), "clients": {}}
    for count in sorted(map(int, args.clients.split(",")), reverse=True):  # the most warm a server up the soonest
        with Crew(server, data.query_file, count) as crew:
            if "effort" not in found:
                found |= least_effort(server, crew, data, args)
                print(f"{name}: recall {found['recall']:.4f} at effort {found['effort']}", flush=True)
            server.set_effort(found["effort"])
            crew.search(found["effort"], args.warm)
            servers_cpu, clients_cpu = server.cpu_seconds(), crew.cpu_seconds()
            seconds = crew.search(found["effort"], args.seconds)
            servers_cpu, clients_cpu = server.cpu_seconds() - servers_cpu, crew.cpu_seconds() - clients_cpu
            found["memory"] = server.memory_mib() or crew.memory_mib()
        rate = found["clients"][count] = {
            "rate": len(seconds) / args.seconds,
            "median": float(np.median(seconds)),
            "p99": float(np.percentile(seconds, 99, method="inverted_cdf")),
            "server": servers_cpu * 1000 / len(seconds),
            "clients": clients_cpu * 1000 / len(seconds),
        }
        print(f"{name}: {count} clients: {rate['rate']:,.0f} a second, P99 {rate['p99'] * 1e3:.2f} ms", flush=True)
    return {**found, "load_average": os.getloadavg()[0]}


def least_effort(server, crew, data, args) -> dict:
    """The least effort that finds enough, by bisection; the most there is where none does."""
    low, high = server.efforts
    known = {}

    def recall(effort):
        if effort not in known:
            server.set_effort(effort)
            known[effort] = data.recall(crew.find(effort, min(args.judged, len(data.queries))))
        return known[effort]

    while low < high:
        middle = int((low * high) ** 0.5)
        if recall(middle) >= args.recall:
            high = middle
        else:
            low = middle + 1
    return {"effort": high, "recall": recall(high), "recalls": dict(sorted(known.items()))}


def write(file: Path, found: dict) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(found, indent=1))
    part.replace(file)


LOADED = ["", "version", "rows/s in", "until indexed, s", "CPU, s", "MiB"]
SEARCHED = ["", "ef", "recall", "clients", "queries/s", "median, ms", "P99, ms", "CPU s per 1,000", "of clients"]


def write_table(out: Path, data: DataSet, args) -> None:
    """Of all servers that were measured."""
    loading, searching, loads, notes = [], [], [], []
    for name, server in servers.ALL.items():
        files = [out / name / f"{step}.json" for step in ("loaded", "searched")]
        if all(file.exists() for file in files):
            loaded, searched = (json.loads(file.read_text()) for file in files)
            shown = name + ("*" if server.embedded else "")
            loading.append([shown, searched["version"], *loading_cells(loaded, searched, len(data.base))])
            searching += [[shown, *cells] for cells in searching_cells(searched)]
            loads += [loaded["load_average"], searched["load_average"]]
            notes += [f"{name}: {server.note}."] if server.note else []
    if not loads:
        return
    text = (
        f"{data.name}: {len(data.base):,} x {data.base.shape[1]}, {data.metric}, the {servers.K} nearest at recall {args.recall}; "
        f"M {servers.M}, efConstruction {servers.EF_CONSTRUCTION}; {machine()}; load {min(loads):.1f} to {max(loads):.1f}.\n\n"
        f"{table(LOADED, loading)}\n{table(SEARCHED, searching)}\n"
        f"CPU and memory are the server's, but for * which runs in the clients' processes. {' '.join(notes)}\n"
    )
    (out / "table.md").write_text(text)
    print(f"\n{text}\nwritten to {out / 'table.md'}")


def table(head, rows) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, ["---"] * len(head), *rows])


def loading_cells(loaded, searched, rows):
    load, index = loaded["load"], loaded["index"]
    cpu = load["cpu"] + index["cpu"]
    return [f"{rows / load['seconds']:,.0f}", f"{load['seconds'] + index['seconds']:.1f}", f"{cpu:.1f}", f"{searched['memory']:,.0f}"]


def searching_cells(searched):
    """Of each number of clients, the least first."""
    for count, rate in sorted(searched["clients"].items(), key=lambda each: int(each[0])):
        times = [f"{rate['median'] * 1e3:.2f}", f"{rate['p99'] * 1e3:.2f}"]
        cpu = [f"{rate['server']:.2f}" if rate["server"] else "-", f"{rate['clients']:.2f}"]
        yield [str(searched["effort"]), f"{searched['recall']:.3f}", count, f"{rate['rate']:,.0f}", *times, *cpu]


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} CPUs of {model}, Linux {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
