"""Vector databases, each started over a folder of its own, loaded and searched through its own Python client.

A server is a class: `load` brings the rows and `index` waits until all are indexed, both by one client; `connect` gives a client
process what it searches with. Graphs have M 16 and efConstruction 200 wherever that can be said.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

import processes

HOME = Path(__file__).parents[2]
NAME = "rates"
K = 10
M = 16
EF_CONSTRUCTION = 200


class Server:
    """Over `folder`, which it keeps its data and its log in.

    - `metric`: L2 or INNER_PRODUCT.
    - `where`: what a client process needs, from `start` on.
    - `efforts`: the least and the most that searches are asked to make.
    - `embedded`: there is no server; it runs in the processes of the clients.
    - `note`: what one must know to read its figures.
    """

    embedded = False
    efforts = (K, 1024)
    note = ""

    def __init__(self, folder: Path, metric: str, dimension: int):
        self.folder, self.metric, self.dimension = folder.resolve(), metric, dimension
        self.log = self.folder / "server.log"
        self.where = {}
        self.process = None

    def pid(self):
        """None where it has no process of its own."""
        return self.process and self.process.pid

    def cpu_seconds(self) -> float:
        return processes.cpu_seconds(self.pid()) if self.process else 0

    def memory_mib(self) -> float:
        return processes.memory_mib(self.pid()) if self.process else 0

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process)

    def set_effort(self, effort: int) -> None:
        """Where that is not said with each search."""


class Pymilvus(Server):
    """Whatever speaks Milvus's protocol."""

    index_type = "HNSW"
    batch = 5_000

    def client(self):
        from pymilvus import MilvusClient

        return MilvusClient(uri=self.where["uri"])

    def load(self, base):
        from pymilvus import DataType, MilvusClient

        client = self.client()
        schema = MilvusClient.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("v", DataType.FLOAT_VECTOR, dim=self.dimension)
        indexes = client.prepare_index_params()
        indexes.add_index(
            "v",
            index_type=self.index_type,
            metric_type={"L2": "L2", "INNER_PRODUCT": "IP"}[self.metric],
            params={"M": M, "efConstruction": EF_CONSTRUCTION},
        )
        client.create_collection(NAME, schema=schema, index_params=indexes, consistency_level="Bounded")
        for start in range(0, len(base), self.batch):
            rows = base[start : start + self.batch]
            client.insert(NAME, [{"id": start + i, "v": row} for i, row in enumerate(rows)])
        client.close()

    def index(self):
        client = self.client()
        client.flush(NAME)
        while not self.indexed(client):
            time.sleep(0.2)
        client.load_collection(NAME)
        client.close()

    def indexed(self, client) -> bool:
        index = client.describe_index(NAME, "v")
        return index["state"] == "Finished" and int(index["pending_index_rows"]) == 0

    @staticmethod
    def connect(where):
        from pymilvus import MilvusClient

        client = MilvusClient(uri=where["uri"])

        def search(query, effort):
            hits = client.search(
                NAME, data=[query], limit=K, search_params={"params": {"ef": effort}}, consistency_level="Bounded"
            )
            return [hit["id"] for hit in hits[0]]

        return search


class Elanus(Pymilvus):
    """A standalone server with its defaults."""

    READY = re.compile(r"Milvus clients on [^:]+:(\d+),")

    def version(self):
        return subprocess.run(
            ["git", "-C", HOME, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()

    def start(self):
        command = [HOME / "elanus", "standalone", "--port", 0, "--management-port", 0, "--data", self.folder / "data"]
        self.process = processes.start(command, self.log)
        ready = processes.wait_for(self.process, self.log, lambda: self.READY.search(self.log.read_text()), 600)
        self.where = {"uri": f"http://localhost:{ready.group(1)}"}


class ElanusSq(Elanus):
    index_type = "HNSW_SQ"


class MilvusLite(Pymilvus):
    """As a server of its own, not within a client."""

    note = "an engine in Python over faiss, which does not say when its index is built: some of it may come later"

    def version(self):
        return package("milvus-lite")

    def start(self):
        port = processes.free_port()
        command = [Path(sys.executable).with_name("milvus-lite"), "server", "--data-dir", self.folder / "data"]
        self.process = processes.start([*command, "--port", port], self.log)
        processes.wait_for(self.process, self.log, lambda: processes.accepts(port))
        self.where = {"uri": f"http://localhost:{port}"}
        client = self.client()
        if client.has_collection(NAME):
            client.load_collection(NAME)  # which it forgets
        client.close()

    def indexed(self, client) -> bool:
        return True  # it says nothing of states; its index is built by a flush, and by the load


class Weaviate(Server):
    """Its server has to be built: docs/results/servers.md."""

    batch = 1_000

    def version(self):
        import weaviate

        with self._client(self.where) as client:
            return f"{client.get_meta()['version']}, client {weaviate.__version__}"

    def start(self):
        http, grpc, gossip, data, raft, raft_rpc = (processes.free_port() for _ in range(6))
        settings = {
            "PERSISTENCE_DATA_PATH": self.folder / "data",
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "true",
            "DEFAULT_VECTORIZER_MODULE": "none",
            "DISABLE_TELEMETRY": "true",
            "CLUSTER_HOSTNAME": "node1",
            "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
            "CLUSTER_GOSSIP_BIND_PORT": gossip,
            "CLUSTER_DATA_BIND_PORT": data,
            "RAFT_PORT": raft,
            "RAFT_INTERNAL_RPC_PORT": raft_rpc,
            "RAFT_BOOTSTRAP_EXPECT": 1,
            "GRPC_PORT": grpc,
            "LOG_LEVEL": "warning",
        }
        program = shutil.which(os.environ.get("WEAVIATE_SERVER", "weaviate-server"))
        if not program:
            raise SystemExit("no weaviate-server on the PATH: see docs/results/servers.md")
        self.process = processes.start(
            [program, "--host", "127.0.0.1", "--port", http, "--scheme", "http"],
            self.log,
            env={**os.environ, **{key: str(value) for key, value in settings.items()}},
        )
        self.where = {"port": http, "grpc_port": grpc}
        processes.wait_for(self.process, self.log, self._ready)

    def _ready(self):
        import urllib.request

        with urllib.request.urlopen(f"http://127.0.0.1:{self.where['port']}/v1/.well-known/ready", timeout=1) as answer:
            return answer.status == 200

    @staticmethod
    def _client(where):
        import weaviate

        return weaviate.connect_to_local(host="127.0.0.1", **where)

    def load(self, base):
        import uuid

        from weaviate.classes.config import Configure, VectorDistances

        distance = {"L2": VectorDistances.L2_SQUARED, "INNER_PRODUCT": VectorDistances.DOT}[self.metric]
        with self._client(self.where) as client:
            collection = client.collections.create(
                NAME,
                vector_config=Configure.Vectors.self_provided(
                    vector_index_config=Configure.VectorIndex.hnsw(
                        distance_metric=distance, max_connections=M, ef_construction=EF_CONSTRUCTION
                    ),
                    quantizer=Configure.VectorIndex.Quantizer.none(),
                ),
            )
            with collection.batch.fixed_size(batch_size=self.batch, concurrent_requests=2) as batch:
                for i, row in enumerate(base):
                    batch.add_object(properties={}, uuid=uuid.UUID(int=i), vector=row)
            if collection.batch.failed_objects:
                raise SystemExit(f"weaviate refused {len(collection.batch.failed_objects)} rows")

    def index(self):
        """Rows are in the graph when they are inserted."""

    def set_effort(self, effort):
        from weaviate.classes.config import Reconfigure

        with self._client(self.where) as client:
            client.collections.get(NAME).config.update(
                vector_config=Reconfigure.Vectors.update(vector_index_config=Reconfigure.VectorIndex.hnsw(ef=effort))
            )

    @classmethod
    def connect(cls, where):
        collection = cls._client(where).collections.get(NAME)
        warnings.simplefilter("ignore", ResourceWarning)  # that it is never closed: it lasts as long as the process

        def search(query, _):
            found = collection.query.near_vector(query, limit=K, return_properties=[])
            return [each.uuid.int for each in found.objects]

        return search


class Chroma(Server):
    batch = 5_000

    def version(self):
        return package("chromadb")

    def start(self):
        self.where = {"host": "localhost", "port": processes.free_port()}
        self._start()

    def _start(self):
        port = self.where["port"]
        command = [Path(sys.executable).with_name("chroma"), "run", "--path", self.folder / "data", "--port", port]
        self.process = processes.start(command, self.log)
        processes.wait_for(self.process, self.log, lambda: processes.accepts(port))

    @staticmethod
    def _client(where):
        import chromadb
        from chromadb.config import Settings

        return chromadb.HttpClient(**where, settings=Settings(anonymized_telemetry=False))

    def load(self, base):
        space = {"L2": "l2", "INNER_PRODUCT": "ip"}[self.metric]
        collection = self._client(self.where).create_collection(
            NAME,
            configuration={"hnsw": {"space": space, "max_neighbors": M, "ef_construction": EF_CONSTRUCTION}},
            embedding_function=None,
        )
        for start in range(0, len(base), self.batch):
            rows = base[start : start + self.batch]
            collection.add(ids=[str(start + i) for i in range(len(rows))], embeddings=rows)

    def index(self):
        """Rows are in the graph when they are inserted, but for the last few."""

    def set_effort(self, effort):
        """A graph that is open goes on as before, so the server starts anew."""
        self._client(self.where).get_collection(NAME, embedding_function=None).modify(
            configuration={"hnsw": {"ef_search": effort}}
        )
        self.stop()
        self._start()

    @classmethod
    def connect(cls, where):
        collection = effort_now = None

        def search(query, effort):
            nonlocal collection, effort_now
            if effort != effort_now:
                collection = cls._client(where).get_collection(NAME, embedding_function=None)
                effort_now = effort
            return [int(found) for found in collection.query(query_embeddings=[query], n_results=K, include=[])["ids"][0]]

        return search


class Pgvector(Server):
    """A PostgreSQL of its own, which must have pgvector: docs/results/servers.md."""

    note = "built at once after the load, in memory, by two workers"
    OPERATORS = {"L2": ("vector_l2_ops", "<->"), "INNER_PRODUCT": ("vector_ip_ops", "<#>")}

    def version(self):
        import psycopg

        with psycopg.connect(**self.where["connection"]) as connection:
            extension = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
            return f"{extension[0]}, PostgreSQL {connection.execute('SHOW server_version').fetchone()[0].split()[0]}"

    def start(self):
        programs = subprocess.run([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        data = self.folder / "data"
        as_user = {"user": "postgres"} if os.geteuid() == 0 else {}
        user = as_user.get("user") or os.environ["USER"]
        if not data.exists():
            data.mkdir(parents=True)
            if as_user:
                shutil.chown(data, user)
            subprocess.run(
                [f"{programs}/initdb", "-D", data, "-A", "trust", "-U", user], check=True, stdout=subprocess.DEVNULL, **as_user
            )
        port = processes.free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_buffers": "4GB",
            "maintenance_work_mem": "4GB",
            "max_parallel_maintenance_workers": 2,
            "dynamic_shared_memory_type": "mmap",
            "max_wal_size": "8GB",
            "jit": "off",
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.process = processes.start([f"{programs}/postgres", "-D", data, *words], self.log, **as_user)
        processes.wait_for(self.process, self.log, lambda: processes.accepts(port))
        operators, operator = self.OPERATORS[self.metric]
        connection = {"host": "127.0.0.1", "port": port, "user": user, "dbname": "postgres"}
        self.where = {"connection": connection, "operator": operator}
        self.operators = operators

    @staticmethod
    def _connect(where):
        import psycopg
        from pgvector.psycopg import register_vector

        connection = psycopg.connect(**where["connection"], autocommit=True)
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        register_vector(connection)
        return connection

    def load(self, base):
        with self._connect(self.where) as connection:
            connection.execute(f"CREATE TABLE {NAME} (id bigint, v vector({self.dimension}))")
            with connection.cursor().copy(f"COPY {NAME} (id, v) FROM STDIN WITH (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "vector"])
                for i, row in enumerate(base):
                    copy.write_row((i, row))

    def index(self):
        with self._connect(self.where) as connection:
            connection.execute(
                f"CREATE INDEX ON {NAME} USING hnsw (v {self.operators}) WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
            )
            connection.execute(f"VACUUM ANALYZE {NAME}")

    @classmethod
    def connect(cls, where):
        connection = cls._connect(where)
        text = f"SELECT id FROM {NAME} ORDER BY v {where['operator']} %s LIMIT {K}"
        effort_now = None

        def search(query, effort):
            nonlocal effort_now
            if effort != effort_now:
                connection.execute(f"SET hnsw.ef_search = {effort}")
                effort_now = effort
            return [row[0] for row in connection.execute(text, (query,), prepare=True).fetchall()]

        return search

    efforts = (K, 1000)  # the most that pgvector takes


class Embedded(Server):
    embedded = True

    def start(self):
        self.where = {"path": str(self.folder / "data"), "metric": self.metric, "dimension": self.dimension}


class LanceDb(Embedded):
    """One partition with a graph in it, as it makes for up to a million rows."""


    def version(self):
        return package("lancedb")

    def load(self, base):
        import lancedb
        import pyarrow as pa

        vectors = pa.FixedSizeListArray.from_arrays(pa.array(base.reshape(-1)), self.dimension)
        rows = pa.table({"id": pa.array(range(len(base)), pa.int64()), "v": vectors})
        lancedb.connect(self.where["path"]).create_table(NAME, rows)

    def index(self):
        import lancedb
        from lancedb.index import HnswFlat

        metric = self._metric(self.metric)
        graph = HnswFlat(distance_type=metric, num_partitions=1, m=M, ef_construction=EF_CONSTRUCTION)
        lancedb.connect(self.where["path"]).open_table(NAME).create_index("v", config=graph)

    @staticmethod
    def _metric(metric):
        return {"L2": "l2", "INNER_PRODUCT": "dot"}[metric]

    @classmethod
    def connect(cls, where):
        import lancedb

        table = lancedb.connect(where["path"]).open_table(NAME)
        metric = cls._metric(where["metric"])

        def search(query, effort):
            found = table.search(query, vector_column_name="v").distance_type(metric).limit(K)
            return found.ef(effort).nprobes(1).select(["id", "_distance"]).to_arrow()["id"].to_pylist()

        return search


class QdrantEdge(Embedded):
    """Qdrant's engine without its server, of which there is no package."""

    batch = 5_000

    def version(self):
        return package("qdrant-edge-py")

    def _shard(self):
        import qdrant_edge as qdrant

        distance = {"L2": qdrant.Distance.Euclid, "INNER_PRODUCT": qdrant.Distance.Dot}[self.metric]
        Path(self.where["path"]).mkdir(parents=True, exist_ok=True)
        graph = qdrant.HnswIndexConfig(m=M, ef_construct=EF_CONSTRUCTION, full_scan_threshold=1)
        config = qdrant.EdgeConfig(
            vectors=qdrant.EdgeVectorParams(size=self.dimension, distance=distance, hnsw_config=graph),
            optimizers=qdrant.EdgeOptimizersConfig(default_segment_number=1, indexing_threshold=1),
            wal_enabled=False,  # with one, a single process can open it
        )
        return qdrant.EdgeShard.create(self.where["path"], config)

    def load(self, base):
        import qdrant_edge as qdrant

        shard = self._shard()
        for start in range(0, len(base), self.batch):
            rows = base[start : start + self.batch].tolist()
            points = [qdrant.Point(start + i, row, {}) for i, row in enumerate(rows)]
            shard.update(qdrant.UpdateOperation.upsert_points(points))
        shard.close()

    def index(self):
        import qdrant_edge as qdrant

        shard = qdrant.EdgeShard.load(self.where["path"])
        while shard.optimize():
            pass
        shard.close()

    @staticmethod
    def connect(where):
        import qdrant_edge as qdrant

        shard = qdrant.EdgeShard.load(where["path"])

        def search(query, effort):
            request = qdrant.SearchRequest(
                query=qdrant.Query.Nearest(query.tolist()), limit=K, params=qdrant.SearchParams(hnsw_ef=effort)
            )
            return [point.id for point in shard.search(request)]

        return search


ALL = {
    "elanus": Elanus,
    "elanus-sq": ElanusSq,
    "milvus-lite": MilvusLite,
    "weaviate": Weaviate,
    "chroma": Chroma,
    "pgvector": Pgvector,
    "lancedb": LanceDb,
    "qdrant-edge": QdrantEdge,
}


def package(name: str) -> str:
    from importlib.metadata import version

    return version(name)
