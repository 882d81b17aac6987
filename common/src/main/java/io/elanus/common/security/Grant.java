package io.elanus.common.security;

/// One thing a role may do.
///
/// @param objectType `Global`, `Collection` or `User`
/// @param object a collection or a user; `*` for all
/// @param database `*` for all
/// @param privilege `Search`; a group, `CollectionReadOnly`; `*` for all of the object type
/// @param grantor who granted it
public record Grant(
    String objectType, String object, String database, String privilege, String grantor) {
  public static final String ANY = "*";

  /// Whether both allow the same, whoever granted it.
  public boolean sameRight(Grant other) {
    return objectType.equals(other.objectType)
        && object.equals(other.object)
        && database.equals(other.database)
        && privilege.equals(other.privilege);
  }
}
