"""Users, roles and grants as pymilvus sees them, against a server with authorization on, named by MILVUS_URI."""

import logging
import os
import unittest
import uuid

import grpc
from pymilvus import MilvusClient, MilvusException

logging.disable(logging.CRITICAL)  # refused calls are part of the suite

URI = os.environ.get("MILVUS_URI", "http://localhost:19530")
TOKEN = os.environ.get("MILVUS_TOKEN", "root:Milvus")
NO_ROLE = "not found the role, maybe the role isn't existed or internal system error"


def unique(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:8]}"


class SecurityCase(unittest.TestCase):
    def setUp(self):
        self.root = MilvusClient(URI, token=TOKEN)
        self.addCleanup(self.root.close)
        self.user, self.role = unique("u"), unique("r")

    def client(self, user, password):
        client = MilvusClient(URI, user=user, password=password)
        self.addCleanup(client.close)
        return client

    def make_user(self, user=None, password="secret-1"):
        user = user or self.user
        self.root.create_user(user, password)
        self.addCleanup(lambda: self.root.drop_user(user))
        return self.client(user, password)

    def make_role(self, role=None):
        role = role or self.role
        self.root.create_role(role)
        self.addCleanup(lambda: self.root.drop_role(role, force_drop=True))

    def make_collection(self):
        name = unique("c")
        self.root.create_collection(name, dimension=2, consistency_level="Strong")
        self.addCleanup(lambda: self.root.drop_collection(name))
        self.root.insert(name, [{"id": i, "vector": [i, 1.0]} for i in range(5)])
        return name

    def refused(self, text, call, *args, **kwargs):
        with self.assertRaises((MilvusException, grpc.RpcError)) as raised:
            call(*args, **kwargs)
        self.assertIn(text, str(raised.exception))

    def denied(self, call, *args, **kwargs):
        self.refused("permission deny", call, *args, **kwargs)


class Users(SecurityCase):
    def test_nobody_comes_in_without_the_right_password(self):
        for kwargs in ({}, {"token": "root:wrong"}, {"user": "nobody", "password": "secret-1"}):
            with self.assertRaises(MilvusException):
                MilvusClient(URI, **kwargs)

    def test_users_come_and_go(self):
        user = self.make_user()
        self.assertEqual(user.list_collections(), [])
        self.assertIn(self.user, self.root.list_users())
        self.assertIn("root", self.root.list_users())
        self.assertEqual(self.root.describe_user(self.user)["user_name"], self.user)
        self.assertEqual(self.root.describe_user(unique("u")), {})
        self.root.drop_user(self.user)
        self.root.drop_user(self.user)
        self.assertNotIn(self.user, self.root.list_users())
        self.refused("auth check failure", user.list_collections)

    def test_bad_names_and_passwords_are_refused(self):
        for name in ("0", "n@me", "h h"):
            self.refused("invalid user name", self.root.create_user, name, "secret-1")
        self.refused("username must be not empty", self.root.create_user, "", "secret-1")
        self.refused("user already exists: root", self.root.create_user, "root", "secret-1")
        for password in ("", "0", "p@ss", "h h", "1+1=2", "x" * 73):
            self.refused("invalid password", self.root.create_user, unique("u"), password)

    def test_a_password_is_changed_by_who_knows_it(self):
        user = self.make_user()
        wrong = f"old password not correct for {self.user}: not authenticated"
        self.refused(wrong, self.root.update_password, self.user, "wrong-1", "secret-2")
        self.refused("not authenticated", self.root.update_password, unique("u"), "secret-1", "secret-2")
        self.refused("invalid password", self.root.update_password, self.user, "secret-1", "no")
        user.update_password(self.user, "secret-1", "secret-2")
        self.refused("auth check failure", user.list_collections)
        self.assertEqual(self.client(self.user, "secret-2").list_collections(), [])

    def test_root_stays(self):
        self.refused("root user cannot be deleted", self.root.drop_user, "root")


class Roles(SecurityCase):
    def test_roles_come_and_go(self):
        self.make_role()
        self.assertTrue({"admin", "public", self.role} <= set(self.root.list_roles()))
        self.refused(f'role [name:"{self.role}"] already exists', self.root.create_role, self.role)
        self.root.drop_role(self.role)
        self.assertNotIn(self.role, self.root.list_roles())
        self.refused(NO_ROLE, self.root.drop_role, self.role)
        self.refused(NO_ROLE, self.root.describe_role, self.role)
        self.root.create_role(self.role)  # for the cleanup
        for name in ("admin", "public"):
            self.refused(f"the role[{name}] is a default role, which can't be dropped", self.root.drop_role, name)

    def test_a_role_is_described_anew(self):
        self.make_role()
        self.root.alter_role(self.role, "reads")
        self.refused(NO_ROLE, self.root.alter_role, unique("r"), "nothing")

    def test_roles_are_given_and_taken(self):
        self.make_user()
        self.make_role()
        for _ in range(2):
            self.root.grant_role(self.user, self.role)
        self.assertEqual(tuple(self.root.describe_user(self.user)["roles"]), (self.role,))
        for _ in range(2):
            self.root.revoke_role(self.user, self.role)
        self.root.revoke_role(unique("u"), self.role)
        self.assertEqual(tuple(self.root.describe_user(self.user)["roles"]), ())
        self.refused("not found the user, maybe the user isn't existed", self.root.grant_role, unique("u"), self.role)
        self.refused(NO_ROLE, self.root.grant_role, self.user, unique("r"))
        self.refused("not found the role", self.root.revoke_role, self.user, unique("r"))

    def test_an_administrator_may_do_everything(self):
        user = self.make_user()
        self.denied(user.create_role, unique("r"))
        self.root.grant_role(self.user, "admin")
        name = unique("c")
        user.create_collection(name, dimension=2)
        user.drop_collection(name)
        self.assertIn(self.user, user.list_users())


class Grants(SecurityCase):
    def setUp(self):
        super().setUp()
        self.films, self.books = self.make_collection(), self.make_collection()
        self.client_of_user = self.make_user()
        self.make_role()
        self.root.grant_role(self.user, self.role)

    def search(self, name):
        return self.client_of_user.search(name, [[1.0, 1.0]], limit=2)

    def privileges(self, **kwargs):
        return [p["privilege"] for p in self.root.describe_role(self.role, **kwargs)["privileges"]]

    def test_a_privilege_is_of_one_collection_and_counts_at_once(self):
        self.denied(self.search, self.films)
        for _ in range(2):
            self.root.grant_privilege(self.role, "Collection", "Search", self.films)
        self.assertEqual(len(self.search(self.films)[0]), 2)
        self.denied(self.search, self.books)
        self.denied(self.client_of_user.insert, self.films, [{"id": 9, "vector": [1.0, 1.0]}])
        self.assertEqual(self.client_of_user.list_collections(), [self.films])
        self.assertEqual(self.privileges(), ["Search"])
        self.assertEqual(self.privileges(db_name="another"), [])
        for _ in range(2):
            self.root.revoke_privilege(self.role, "Collection", "Search", self.films)
        self.denied(self.search, self.films)

    def test_groups_of_privileges(self):
        self.root.grant_privilege_v2(self.role, "CollectionReadOnly", self.films, "default")
        self.search(self.films)
        self.denied(self.client_of_user.delete, self.films, ids=[1])
        self.root.grant_privilege_v2(self.role, "CollectionReadWrite", "*", "default")
        self.client_of_user.delete(self.books, ids=[1])
        self.refused(
            "dbName and collectionName should be * for the cluster level privilege: ClusterReadOnly",
            self.root.grant_privilege_v2, self.role, "ClusterReadOnly", "*", "default",
        )
        self.denied(self.client_of_user.list_users)
        self.root.grant_privilege_v2(self.role, "ClusterReadOnly", "*", "*")
        self.assertIn("root", self.client_of_user.list_users())

    def test_groups_of_ones_own(self):
        group = unique("g")
        self.root.create_privilege_group(group)
        self.addCleanup(lambda: self.root.drop_privilege_group(group))
        self.refused("is defined by users", self.root.create_privilege_group, group)
        self.refused("is defined by built in privileges", self.root.create_privilege_group, "Search")
        for name in ("n%$#@!", "test-group", "ff ff"):
            self.refused(
                f"privilege group name {name} can only contain numbers, letters and underscores: invalid parameter",
                self.root.create_privilege_group, name,
            )
        self.root.grant_privilege_v2(self.role, group, self.films, "default")
        self.root.add_privileges_to_group(group, ["Search"])
        self.search(self.films)
        self.refused("not the same privilege level", self.root.add_privileges_to_group, group, ["CreateDatabase"])
        self.refused(
            "there is no privilege group name [nothing] defined in system",
            self.root.add_privileges_to_group, "nothing", ["Search"],
        )
        self.refused("Use REVOKE API to revoke it first", self.root.drop_privilege_group, group)
        self.root.remove_privileges_from_group(group, ["Search"])
        self.denied(self.search, self.films)
        self.root.revoke_privilege_v2(self.role, group, self.films, "default")
        names = [g["privilege_group"] for g in self.root.list_privilege_groups()]
        self.assertTrue({"ClusterAdmin", "DatabaseReadWrite", "CollectionReadOnly", group} <= set(names))

    def test_what_is_not_there_cannot_be_granted(self):
        self.refused(
            "the object entity in the request is nil or invalid",
            self.root.grant_privilege, self.role, "Nothing", "*", "*",
        )
        self.refused("not found the privilege name", self.root.grant_privilege, self.role, "Global", "Fly", "*")
        self.refused("not found the privilege name", self.root.grant_privilege_v2, self.role, "Fly", "*")
        self.refused(
            "database name can only contain", self.root.grant_privilege_v2, self.role, "Insert", "*", "n%$#@!"
        )

    def test_a_role_with_grants_is_dropped_by_force(self):
        self.root.grant_privilege(self.role, "Global", "CreateCollection", "*")
        self.refused("fail to drop the role that it has privileges", self.root.drop_role, self.role)
        self.root.drop_role(self.role, force_drop=True)
        self.root.create_role(self.role)
        self.denied(self.client_of_user.create_collection, unique("c"), dimension=2)

    def test_all_is_everything_in_a_database(self):
        self.root.grant_privilege(self.role, "Global", "All", "*")
        self.search(self.books)
        name = unique("c")
        self.client_of_user.create_collection(name, dimension=2)
        self.client_of_user.drop_collection(name)

    def test_everybody_sees_oneself(self):
        self.root.grant_privilege(self.role, "Collection", "Search", self.films)
        self.assertEqual(tuple(self.client_of_user.describe_user(self.user)["roles"]), (self.role,))
        self.assertEqual(len(self.client_of_user.describe_role(self.role)["privileges"]), 1)
        self.denied(self.client_of_user.describe_user, "root")


if __name__ == "__main__":
    unittest.main()
