package io.elanus.common.meta;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import io.elanus.common.security.RoleId;
import io.elanus.common.wal.LogId;

/// Makes every key of the metastore.
///
/// ```
/// cluster/incarnation                       drawn when the cluster was made; raised by a restore
/// cluster/rebuild                           who rebuilds the store now: nobody is elected meanwhile
/// election/<role>                           who coordinates; leased
/// node/<role>/<node>                        who is there, with address; leased
/// mark/timestamp, mark/id                   high-water marks of the oracle and of id ranges
/// sequence/<role>                           batches of a coordinator
/// catalog/database/<database>
/// catalog/collection/<collection>
/// catalog/index/<collection>/<index>
/// security/user/<name>                      a user, with the hash of the password
/// security/role/<role>                      a role's name
/// security/grants/<role>                    what the role may do
/// security/group/<name>                     a privilege group
/// load/<collection>                         what is to be served
/// replica/<collection>/<replica>            which nodes serve a replica
/// route/<collection>/<shard>/<replica>      which node leads the shard in that replica
/// rg/<name>                                 a resource group
/// owner/<log>                               which datanode owns the log, and its epoch
/// pointer/<collection>/<shard>              the newest manifest of a shard: the one commit point
/// floor/<log>                               readers of shards without checkpoint start here
/// flush/<note>                              log ends a flush has to pass
/// pin/<collection>                          marks of the collection that are kept readable
/// snapshot/<collection>/<snapshot>          what is kept of the collection as of a mark
/// restore/<restore>                         a collection that is being made of a snapshot, or was
/// ```
public final class MetaKeys {
  public static final String INCARNATION = "cluster/incarnation";
  public static final String REBUILD = "cluster/rebuild";
  public static final String ELECTIONS = "election/";
  public static final String NODES = "node/";
  public static final String TIMESTAMP_MARK = "mark/timestamp";
  public static final String ID_MARK = "mark/id";
  public static final String DATABASES = "catalog/database/";
  public static final String COLLECTIONS = "catalog/collection/";
  public static final String INDEXES = "catalog/index/";
  public static final String SECURITY = "security/";
  public static final String USERS = SECURITY + "user/";
  public static final String ROLES = SECURITY + "role/";
  public static final String GRANTS = SECURITY + "grants/";
  public static final String PRIVILEGE_GROUPS = SECURITY + "group/";
  public static final String LOADS = "load/";
  public static final String REPLICAS = "replica/";
  public static final String ROUTES = "route/";
  public static final String RESOURCE_GROUPS = "rg/";
  public static final String OWNERS = "owner/";
  public static final String POINTERS = "pointer/";
  public static final String FLOORS = "floor/";
  public static final String FLUSHES = "flush/";
  public static final String COMPACTIONS = "compaction/";
  public static final String PINS = "pin/";
  public static final String SNAPSHOTS = "snapshot/";
  public static final String RESTORES = "restore/";

  private MetaKeys() {}

  public static String election(String role) {
    return ELECTIONS + role;
  }

  public static String nodes(String role) {
    return NODES + role + "/";
  }

  public static String node(String role, NodeId node) {
    return nodes(role) + number(node.value());
  }

  public static String sequence(String role) {
    return "sequence/" + role;
  }

  public static String database(DatabaseId database) {
    return DATABASES + number(database.value());
  }

  public static String collection(CollectionId collection) {
    return COLLECTIONS + number(collection.value());
  }

  public static String indexes(CollectionId collection) {
    return INDEXES + number(collection.value()) + "/";
  }

  public static String index(CollectionId collection, IndexId index) {
    return indexes(collection) + number(index.value());
  }

  public static String user(String name) {
    return USERS + name;
  }

  public static String role(RoleId role) {
    return ROLES + number(role.value());
  }

  public static String grants(RoleId role) {
    return GRANTS + number(role.value());
  }

  public static String privilegeGroup(String name) {
    return PRIVILEGE_GROUPS + name;
  }

  public static String load(CollectionId collection) {
    return LOADS + number(collection.value());
  }

  public static String routes(CollectionId collection) {
    return ROUTES + number(collection.value()) + "/";
  }

  public static String routes(ShardId shard) {
    return routes(shard.collection()) + "%04d/".formatted(shard.index());
  }

  public static String route(ShardId shard, ReplicaId replica) {
    return routes(shard) + number(replica.value());
  }

  /// The shard whose route `key` is.
  public static ShardId routedShard(String key) {
    return shardOf(key);
  }

  /// The shard whose pointer `key` is.
  public static ShardId pointedShard(String key) {
    return shardOf(key);
  }

  /// `<kind>/<collection>/<shard>`
  private static ShardId shardOf(String key) {
    String[] parts = key.split("/", -1);
    return new ShardId(new CollectionId(Long.parseLong(parts[1])), Integer.parseInt(parts[2]));
  }

  /// The collection that an entry below [#COLLECTIONS], [#LOADS] or [#PINS] is about.
  public static CollectionId collectionOf(String key) {
    return new CollectionId(Long.parseLong(lastPart(key)));
  }

  /// The log that an entry below [#OWNERS] or [#FLOORS] is about.
  public static LogId logOf(String key) {
    return new LogId(Integer.parseInt(lastPart(key)));
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /// The replica whose route `key` is.
  public static ReplicaId routedReplica(String key) {
    return new ReplicaId(Long.parseLong(key.split("/", -1)[3]));
  }

  public static String replica(CollectionId collection, ReplicaId replica) {
    return REPLICAS + number(collection.value()) + "/" + number(replica.value());
  }

  public static String resourceGroup(String name) {
    return RESOURCE_GROUPS + name;
  }

  public static String owner(LogId log) {
    return OWNERS + "%06d".formatted(log.value());
  }

  public static String pointers(CollectionId collection) {
    return POINTERS + number(collection.value()) + "/";
  }

  public static String pointer(ShardId shard) {
    return pointers(shard.collection()) + "%04d".formatted(shard.index());
  }

  public static String floor(LogId log) {
    return FLOORS + "%06d".formatted(log.value());
  }

  public static String flush(long note) {
    return FLUSHES + number(note);
  }

  public static String compaction(long note) {
    return COMPACTIONS + number(note);
  }

  public static String pins(CollectionId collection) {
    return PINS + number(collection.value());
  }

  public static String restore(long restore) {
    return RESTORES + number(restore);
  }

  public static String snapshots(CollectionId collection) {
    return SNAPSHOTS + number(collection.value()) + "/";
  }

  public static String snapshot(CollectionId collection, long snapshot) {
    return snapshots(collection) + number(snapshot);
  }

  /// Fixed width, so that the order of keys is the order of numbers.
  private static String number(long value) {
    return "%019d".formatted(value);
  }
}
