"""Clients, each a process of its own, as one process of Python searches on one core at most."""

import contextlib
import multiprocessing
import time
from pathlib import Path

import numpy as np
import processes

SPAWN = multiprocessing.get_context("spawn")

# Before all of them begin: they wait for orders, so it takes a message of a pipe.
LEAD_SECONDS = 0.1


class Crew:
    """Processes that are connected to a server. Used with `with`."""

    def __init__(self, server, queries: Path, size: int):
        pairs = [SPAWN.Pipe() for _ in range(size)]
        self.pipes = [ours for ours, _ in pairs]
        self.clients = [
            SPAWN.Process(target=work, args=(theirs, type(server), server.where, queries, number, size), daemon=True)
            for number, (_, theirs) in enumerate(pairs)
        ]

    def __enter__(self):
        for client in self.clients:
            client.start()
        self._answers()  # that they are connected
        return self

    def __exit__(self, *_):
        for pipe, client in zip(self.pipes, self.clients):
            with contextlib.suppress(BrokenPipeError):
                pipe.send(None)
            client.join(20)
            if client.is_alive():
                client.kill()

    def find(self, effort: int, count: int) -> list[list[int]]:
        """What the first client finds for the first `count` queries."""
        self.pipes[0].send(("find", (effort, count)))
        return self._answer(self.pipes[0])

    def search(self, effort: int, seconds: float) -> np.ndarray:
        """Seconds of every search of all of them, in so many seconds."""
        begin = time.monotonic() + LEAD_SECONDS
        for pipe in self.pipes:
            pipe.send(("search", (effort, begin, begin + seconds)))
        return np.concatenate(self._answers())

    def cpu_seconds(self) -> float:
        return sum(processes.cpu_seconds(client.pid) for client in self.clients)

    def memory_mib(self) -> float:
        return sum(processes.memory_mib(client.pid) for client in self.clients)

    def _answers(self):
        return [self._answer(pipe) for pipe in self.pipes]

    @staticmethod
    def _answer(pipe):
        try:
            return pipe.recv()
        except EOFError:
            raise SystemExit("a client ended; what it said is above") from None


def work(pipe, kind, where, queries, number, size):
    """What a client does: an answer to each order, until there is none."""
    asked = np.load(queries).astype(np.float32)
    client = Client(kind.connect(where), asked, number, size)
    pipe.send(None)
    while order := pipe.recv():
        name, arguments = order
        pipe.send(getattr(client, name)(*arguments))


class Client:
    def __init__(self, search, queries, number, size):
        self.searched = search
        self.queries = queries
        self.turns = [queries[i] for i in range(number * len(queries) // size, len(queries))] + list(queries)

    def find(self, effort, count):
        return [self.searched(query, effort) for query in self.queries[:count]]

    def search(self, effort, begin, end):
        time.sleep(max(0, begin - time.monotonic()))
        taken = []
        turn = 0
        now = time.monotonic()
        while now < end:
            self.searched(self.turns[turn % len(self.turns)], effort)
            turn += 1
            before, now = now, time.monotonic()
            taken.append(now - before)
        return np.array(taken)
