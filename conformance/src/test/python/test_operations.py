"""What operators ask for: segments, replicas, resource groups, loading in part, flushes and compactions of everything, roles."""

import time
import unittest

from pymilvus import MilvusException
from pymilvus.client.types import LoadState, ResourceGroupConfig
from test_first_light import Case, unique


class Operations(Case):
    def setUp(self):
        super().setUp()
        self.create()

    def wait(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "not within a minute")
            time.sleep(0.1)

    def test_segments(self):
        self.client.insert(self.name, self.rows(50))
        self.client.flush(self.name)
        kept = self.client.list_persistent_segments(self.name)
        self.assertEqual(50, sum(segment.num_rows for segment in kept))
        self.assertEqual({self.name}, {segment.collection_name for segment in kept})
        self.wait(lambda: sum(s.num_rows for s in self.client.list_loaded_segments(self.name)) == 50)
        loaded = self.client.list_loaded_segments(self.name)
        self.assertEqual({s.segment_id for s in kept}, {s.segment_id for s in loaded})

    def test_replicas(self):
        replicas = self.client.describe_replica(self.name)
        self.assertEqual(1, len(replicas))
        self.assertTrue(replicas[0].group_nodes)
        self.assertTrue(replicas[0].shards)
        with self.assertRaises(MilvusException):
            self.client.describe_replica(unique("x"))

    def test_partitions_are_loaded_and_released_one_by_one(self):
        for partition in ("a", "b"):
            self.client.create_partition(self.name, partition)
            self.client.insert(self.name, self.rows(10, first=10 if partition == "a" else 20), partition_name=partition)
        self.assertEqual({"_default", "a", "b"}, set(self.client.list_partitions(self.name)))
        self.client.flush(self.name)
        self.assertEqual(10, int(self.client.get_partition_stats(self.name, "a")["row_count"]))
        self.client.release_collection(self.name)
        self.assertEqual(LoadState.NotLoad, self.client.get_load_state(self.name)["state"])
        self.client.load_partitions(self.name, ["a"])
        self.assertEqual(LoadState.Loaded, self.client.get_load_state(self.name, "a")["state"])
        self.assertEqual(LoadState.NotLoad, self.client.get_load_state(self.name, "b")["state"])
        found = self.client.query(self.name, filter="", output_fields=["count(*)"], partition_names=["a"])
        self.assertEqual(10, found[0]["count(*)"])
        with self.assertRaises(MilvusException):
            self.client.query(self.name, filter="", output_fields=["count(*)"], partition_names=["b"])
        self.client.load_partitions(self.name, ["b"])
        self.client.release_partitions(self.name, ["a"])
        self.assertEqual(LoadState.NotLoad, self.client.get_load_state(self.name, "a")["state"])
        self.client.refresh_load(self.name)

    def test_everything_is_flushed(self):
        self.client.insert(self.name, self.rows(30))
        self.client.flush_all()
        self.assertTrue(self.client.get_flush_all_state(flush_all_ts=1))
        self.assertEqual(30, sum(s.num_rows for s in self.client.list_persistent_segments(self.name)))

    def test_compactions_say_what_they_did(self):
        for first in range(0, 40, 10):
            self.client.insert(self.name, self.rows(10, first=first))
            self.client.flush(self.name)
        job = self.client.compact(self.name)
        self.wait(lambda: self.client.get_compaction_state(job) == "Completed")
        plans = self.client.get_compaction_plans(job)
        self.assertEqual(job, plans.compaction_id)
        self.wait(lambda: len(self.client.list_persistent_segments(self.name)) == 1)
        self.assertEqual(40, self.client.query(self.name, filter="", output_fields=["count(*)"])[0]["count(*)"])

    def test_resource_groups(self):
        group = unique("g")
        self.client.create_resource_group(group)
        self.addCleanup(lambda: self.client.drop_resource_group(group))
        self.assertIn(group, self.client.list_resource_groups())
        self.assertIn("__default_resource_group", self.client.list_resource_groups())
        described = self.client.describe_resource_group(group)
        self.assertEqual(group, described.name)
        self.assertEqual(0, described.num_loaded_replica.get(self.name, 0))
        with self.assertRaises(MilvusException):
            self.client.describe_resource_group(unique("x"))

    def test_nodes_are_given_to_resource_groups(self):
        group = unique("g")
        self.client.create_resource_group(group)
        self.addCleanup(lambda: self.client.drop_resource_group(group))
        config = ResourceGroupConfig(requests={"node_num": 0}, limits={"node_num": 0})
        self.client.update_resource_groups({group: config})
        self.assertEqual(0, self.client.describe_resource_group(group).config.limits.node_num)
        with self.assertRaises(MilvusException):
            self.client.transfer_replica("__default_resource_group", unique("x"), self.name, 1)

    def test_databases(self):
        database = unique("d")
        self.client.create_database(database)
        self.addCleanup(lambda: self.client.drop_database(database))
        self.assertIn(database, self.client.list_databases())
        self.client.alter_database_properties(database, {"database.replica.number": 1})
        self.assertEqual("1", self.client.describe_database(database)["database.replica.number"])
        self.client.drop_database_properties(database, ["database.replica.number"])
        self.assertNotIn("database.replica.number", self.client.describe_database(database))
        with self.assertRaises(MilvusException):
            self.client.describe_database(unique("x"))

    def test_index_properties_and_field_properties(self):
        self.client.release_collection(self.name)
        field = next(f["name"] for f in self.client.describe_collection(self.name)["fields"] if "dim" in f.get("params", {}))
        index = self.client.list_indexes(self.name, field)[0]
        self.client.alter_index_properties(self.name, index, {"mmap.enabled": True})
        self.assertEqual("True", str(self.client.describe_index(self.name, index)["mmap.enabled"]).capitalize())
        self.client.drop_index_properties(self.name, index, ["mmap.enabled"])
        self.assertNotIn("mmap.enabled", self.client.describe_index(self.name, index))
        self.client.drop_index(self.name, index)
        self.assertEqual([], self.client.list_indexes(self.name, field))


if __name__ == "__main__":
    unittest.main()
