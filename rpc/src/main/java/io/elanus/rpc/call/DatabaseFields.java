package io.elanus.rpc.call;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.elanus.proto.milvus.AlterDatabaseRequest;
import io.elanus.proto.milvus.CreateDatabaseRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeDatabaseRequest;
import io.elanus.proto.milvus.DropDatabaseRequest;
import io.elanus.proto.milvus.FlushAllRequest;
import io.elanus.proto.milvus.GetFlushAllStateRequest;
import io.elanus.proto.milvus.GrantEntity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The fields of a request type that name a database and may be left empty to mean the one the
/// client is connected to. Looked up once per type.
///
/// @param selection names the database the call is about
/// @param names all names, `selection` among them
/// @param entity a grant's entity, which has a name of its own
record DatabaseFields(
    Optional<FieldDescriptor> selection,
    List<FieldDescriptor> names,
    Optional<FieldDescriptor> entity) {
  /// Milvus spells it both ways.
  private static final Set<String> SELECTION = Set.of("db_name", "dbName");

  private static final Set<String> NAMES =
      Set.of("db_name", "dbName", "newDBName", "target_db_name");

  /// Their name is the object of the call, or empty means all databases.
  private static final Set<Descriptor> KEPT =
      Set.of(
          CreateDatabaseRequest.getDescriptor(),
          DropDatabaseRequest.getDescriptor(),
          AlterDatabaseRequest.getDescriptor(),
          DescribeDatabaseRequest.getDescriptor(),
          FlushAllRequest.getDescriptor(),
          GetFlushAllStateRequest.getDescriptor());

  /// Whether they may be called is a matter of the cluster, so, as in Milvus, of the database the client is
  /// connected to.
  private static final Set<Descriptor> OF_THE_CLUSTER =
      Set.of(CreateDatabaseRequest.getDescriptor(), DropDatabaseRequest.getDescriptor());

  private static final DatabaseFields NONE =
      new DatabaseFields(Optional.empty(), List.of(), Optional.empty());

  private static final Map<Descriptor, DatabaseFields> BY_TYPE = new ConcurrentHashMap<>();

  static DatabaseFields of(Descriptor type) {
    return KEPT.contains(type) ? NONE : BY_TYPE.computeIfAbsent(type, DatabaseFields::find);
  }

  /// The databases a caller has to be allowed to work in.
  ///
  /// @param request with its names filled in
  /// @param settled the database of the call
  static List<String> judged(Message request, String settled) {
    if (isDescribeById(request)) {
      return List.of(RequiredPrivilege.ANY); // whichever has it
    }
    if (OF_THE_CLUSTER.contains(request.getDescriptorForType())) {
      return List.of(settled);
    }
    List<String> named =
        find(request.getDescriptorForType()).names.stream()
            .map(field -> (String) request.getField(field))
            .filter(name -> !name.isEmpty())
            .distinct()
            .toList();
    return named.isEmpty() ? List.of(settled) : named;
  }

  private static DatabaseFields find(Descriptor type) {
    List<FieldDescriptor> names =
        type.getFields().stream().filter(f -> isText(f) && NAMES.contains(f.getName())).toList();
    return new DatabaseFields(
        names.stream().filter(f -> SELECTION.contains(f.getName())).findFirst(),
        names,
        type.getFields().stream().filter(DatabaseFields::isEntity).findFirst());
  }

  private static boolean isText(FieldDescriptor field) {
    return field.getJavaType() == JavaType.STRING && !field.isRepeated();
  }

  private static boolean isEntity(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE
        && !field.isRepeated()
        && field.getMessageType() == GrantEntity.getDescriptor();
  }

  /// The database `request` names itself.
  Optional<String> selected(Message request) {
    return selection.map(field -> (String) request.getField(field)).filter(name -> !name.isEmpty());
  }

  /// `request` with every empty name set to `database`; itself when there is nothing to do.
  Message filled(Message request, String database) {
    if (isDescribeById(request)) {
      return request;
    }
    List<FieldDescriptor> empty = names.stream().filter(f -> isEmpty(request, f)).toList();
    Optional<FieldDescriptor> grant = entity.filter(f -> hasUnnamedGrant(request, f));
    if (empty.isEmpty() && grant.isEmpty()) {
      return request;
    }
    Message.Builder builder = request.toBuilder();
    empty.forEach(field -> builder.setField(field, database));
    grant.ifPresent(field -> builder.setField(field, named(request, field, database)));
    return builder.build();
  }

  private static boolean isEmpty(Message request, FieldDescriptor field) {
    return ((String) request.getField(field)).isEmpty();
  }

  private static boolean hasUnnamedGrant(Message request, FieldDescriptor field) {
    return request.hasField(field) && ((GrantEntity) request.getField(field)).getDbName().isEmpty();
  }

  private static GrantEntity named(Message request, FieldDescriptor field, String database) {
    GrantEntity grant = (GrantEntity) request.getField(field);
    return grant.toBuilder().setDbName(database).build();
  }

  /// Ids are unique across databases: left empty, the name means "whichever has it".
  private static boolean isDescribeById(Message request) {
    return request instanceof DescribeCollectionRequest describe
        && describe.getCollectionID() > 0
        && describe.getCollectionName().isEmpty();
  }
}
