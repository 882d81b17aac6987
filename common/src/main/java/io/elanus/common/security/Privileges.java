package io.elanus.common.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What there is to be granted, as Milvus has it (its `pkg/util/constant.go`): names are those of the API,
/// without the prefix `Privilege`.
///
/// Every privilege has an object type, which the first API grants it by, and a level, which the second one
/// does. Groups build on each other: read-only, read-write, admin.
public final class Privileges {
  public static final String GLOBAL = "Global";
  public static final String COLLECTION = "Collection";
  public static final String USER = "User";

  /// Everything in a database.
  public static final String ALL = "All";

  private static final String PREFIX = "Privilege";

  public enum Level {
    CLUSTER,
    DATABASE,
    COLLECTION
  }

  private static final List<String> COLLECTION_READ_ONLY =
      List.of(
          "Query",
          "Search",
          "IndexDetail",
          "GetFlushState",
          "GetLoadState",
          "GetLoadingProgress",
          "HasPartition",
          "ShowPartitions",
          "DescribeCollection",
          "DescribeAlias",
          "GetStatistics",
          "ListAliases",
          "GetImportProgress",
          "ListImport");

  private static final List<String> COLLECTION_READ_WRITE =
      with(
          COLLECTION_READ_ONLY,
          "Load",
          "Release",
          "Insert",
          "Delete",
          "Upsert",
          "Import",
          "Flush",
          "Compaction",
          "LoadBalance",
          "CreateIndex",
          "DropIndex",
          "CreatePartition",
          "DropPartition",
          "AddCollectionField",
          "AlterCollectionSchema",
          "RefreshExternalCollection");

  private static final List<String> COLLECTION_ADMIN =
      with(COLLECTION_READ_WRITE, "CreateAlias", "DropAlias");

  private static final List<String> DATABASE_READ_ONLY =
      List.of("ShowCollections", "DescribeDatabase", "DescribeSnapshot", "ListSnapshots");

  private static final List<String> DATABASE_READ_WRITE =
      with(
          DATABASE_READ_ONLY,
          "AlterDatabase",
          "CreateSnapshot",
          "DropSnapshot",
          "PinSnapshotData",
          "UnpinSnapshotData");

  private static final List<String> DATABASE_ADMIN =
      with(
          DATABASE_READ_WRITE,
          "CreateCollection",
          "DropCollection",
          "RestoreSnapshot",
          "ExportSnapshot",
          "RestoreExternalSnapshot");

  private static final List<String> CLUSTER_READ_ONLY =
      List.of(
          "ListDatabases",
          "SelectOwnership",
          "SelectUser",
          "DescribeResourceGroup",
          "ListResourceGroups",
          "ListPrivilegeGroups",
          "ListFileResources",
          "GetReplicateConfiguration");

  private static final List<String> CLUSTER_READ_WRITE =
      with(
          CLUSTER_READ_ONLY, "FlushAll", "TransferNode", "TransferReplica", "UpdateResourceGroups");

  private static final List<String> CLUSTER_ADMIN =
      with(
          CLUSTER_READ_WRITE,
          "BackupRBAC",
          "RestoreRBAC",
          "CreateDatabase",
          "DropDatabase",
          "CreateOwnership",
          "DropOwnership",
          "ManageOwnership",
          "CreateResourceGroup",
          "DropResourceGroup",
          "UpdateUser",
          "RenameCollection",
          "CreatePrivilegeGroup",
          "DropPrivilegeGroup",
          "OperatePrivilegeGroup",
          "AddFileResource",
          "RemoveFileResource",
          "UpdateReplicateConfiguration");

  /// Of before there were levels.
  private static final List<String> OLD_READ_ONLY =
      with(
          without(COLLECTION_READ_ONLY, "GetImportProgress", "ListImport"),
          "ShowCollections",
          "ListDatabases",
          "DescribeDatabase");

  private static final List<String> OLD_READ_WRITE =
      with(
          OLD_READ_ONLY,
          "CreateIndex",
          "DropIndex",
          "CreateCollection",
          "DropCollection",
          "CreatePartition",
          "DropPartition",
          "Load",
          "Release",
          "Insert",
          "Delete",
          "Upsert",
          "Import",
          "Flush",
          "Compaction",
          "LoadBalance",
          "RenameCollection",
          "CreateAlias",
          "DropAlias");

  private static final List<String> OLD_ADMIN =
      with(
          OLD_READ_WRITE,
          "CreateOwnership",
          "DropOwnership",
          "SelectOwnership",
          "ManageOwnership",
          "SelectUser",
          "UpdateUser",
          "BackupRBAC",
          "RestoreRBAC",
          "CreateResourceGroup",
          "UpdateResourceGroups",
          "DropResourceGroup",
          "DescribeResourceGroup",
          "ListResourceGroups",
          "TransferReplica",
          "TransferNode",
          "CreateDatabase",
          "DropDatabase",
          "AlterDatabase");

  /// Whose object is a collection; that of the others is the database or the cluster, or a user.
  private static final Set<String> OF_COLLECTIONS =
      Set.copyOf(
          with(
              without(COLLECTION_READ_WRITE, "DescribeCollection", "DescribeAlias", "ListAliases"),
              "CreateSnapshot",
              "DropSnapshot",
              "DescribeSnapshot",
              "ListSnapshots",
              "RestoreSnapshot"));

  private static final Set<String> OF_USERS = Set.of("UpdateUser", "SelectUser");

  /// Who may do the one thing may do the others, without which it is of no use.
  private static final Map<String, List<String>> IMPLIED =
      Map.of(
          "Load", List.of("GetLoadState", "GetLoadingProgress"), "Flush", List.of("GetFlushState"));

  /// Listed by `ListPrivilegeGroups`, in this order.
  public static final List<PrivilegeGroup> BUILT_IN_GROUPS =
      List.of(
          new PrivilegeGroup("ClusterReadOnly", CLUSTER_READ_ONLY),
          new PrivilegeGroup("ClusterReadWrite", CLUSTER_READ_WRITE),
          new PrivilegeGroup("ClusterAdmin", CLUSTER_ADMIN),
          new PrivilegeGroup("DatabaseReadOnly", DATABASE_READ_ONLY),
          new PrivilegeGroup("DatabaseReadWrite", DATABASE_READ_WRITE),
          new PrivilegeGroup("DatabaseAdmin", DATABASE_ADMIN),
          new PrivilegeGroup("CollectionReadOnly", COLLECTION_READ_ONLY),
          new PrivilegeGroup("CollectionReadWrite", COLLECTION_READ_WRITE),
          new PrivilegeGroup("CollectionAdmin", COLLECTION_ADMIN));

  private static final List<PrivilegeGroup> OLD_GROUPS =
      List.of(
          new PrivilegeGroup("ReadOnly", OLD_READ_ONLY),
          new PrivilegeGroup("ReadWrite", OLD_READ_WRITE),
          new PrivilegeGroup("Admin", OLD_ADMIN));

  private static final Map<String, PrivilegeGroup> GROUPS = byName();

  /// What the role `public` is granted as long as nobody changes it.
  static final List<Grant> OF_PUBLIC =
      List.of(
          new Grant(GLOBAL, Grant.ANY, Grant.ANY, "DescribeCollection", User.ROOT),
          new Grant(GLOBAL, Grant.ANY, Grant.ANY, "ListAliases", User.ROOT),
          new Grant(COLLECTION, Grant.ANY, Grant.ANY, "IndexDetail", User.ROOT));

  private Privileges() {}

  private static List<String> with(List<String> base, String... more) {
    return Stream.concat(base.stream(), Stream.of(more)).toList();
  }

  private static List<String> without(List<String> base, String... fewer) {
    return base.stream().filter(name -> !List.of(fewer).contains(name)).toList();
  }

  private static Map<String, PrivilegeGroup> byName() {
    Map<String, PrivilegeGroup> groups = new LinkedHashMap<>();
    BUILT_IN_GROUPS.forEach(group -> groups.put(group.name(), group));
    OLD_GROUPS.forEach(group -> groups.put(group.name(), group));
    return groups;
  }

  /// `Search` for `PrivilegeSearch`, as the API names it.
  public static String nameOf(String declared) {
    return declared.startsWith(PREFIX) ? declared.substring(PREFIX.length()) : declared;
  }

  /// All single privileges, without groups.
  public static Set<String> names() {
    TreeSet<String> names = new TreeSet<>();
    BUILT_IN_GROUPS.forEach(group -> names.addAll(group.privileges()));
    names.add(ALL);
    return names;
  }

  /// Whether there is a privilege or a built-in group of that name.
  public static boolean isDefined(String name) {
    return name.equals(ALL) || GROUPS.containsKey(name) || level(name).isPresent();
  }

  public static Optional<PrivilegeGroup> findGroup(String name) {
    return Optional.ofNullable(GROUPS.get(name));
  }

  /// One of those that the second API lists and grants.
  public static boolean isListedGroup(String name) {
    return BUILT_IN_GROUPS.stream().anyMatch(group -> group.name().equals(name));
  }

  /// What the first API grants it by. A group, and what is unknown, is global.
  public static String objectType(String privilege) {
    if (OF_COLLECTIONS.contains(privilege)) {
      return COLLECTION;
    }
    return OF_USERS.contains(privilege) ? USER : GLOBAL;
  }

  /// Whether the first API grants the privilege by that object type.
  public static boolean isOf(String privilege, String objectType) {
    return switch (privilege) {
      case "ReadOnly", "ReadWrite" -> objectType.equals(COLLECTION);
      case "Admin" -> objectType.equals(GLOBAL);
      default -> objectType(privilege).equals(objectType);
    };
  }

  /// Empty for a group, and for what is not there.
  public static Optional<Level> level(String privilege) {
    if (CLUSTER_ADMIN.contains(privilege)) {
      return Optional.of(Level.CLUSTER);
    }
    if (DATABASE_ADMIN.contains(privilege)) {
      return Optional.of(Level.DATABASE);
    }
    return COLLECTION_ADMIN.contains(privilege) ? Optional.of(Level.COLLECTION) : Optional.empty();
  }

  /// The privilege and what goes without saying with it.
  static Stream<String> implied(String privilege) {
    return Stream.concat(Stream.of(privilege), IMPLIED.getOrDefault(privilege, List.of()).stream());
  }

  /// All of an object type.
  static List<String> allOf(String objectType) {
    List<String> all = new ArrayList<>(names());
    all.removeIf(privilege -> !objectType(privilege).equals(objectType));
    return all;
  }
}
