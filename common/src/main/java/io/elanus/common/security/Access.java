package io.elanus.common.security;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who may do what, spelled out of a [SecurityState] so that a question costs a few look-ups: groups are taken
/// apart into their privileges. Immutable.
///
/// ```
///  grant: CollectionReadOnly on films in default
///    -> Search, Query, ... on films in default
///    -> DescribeCollection, ... in default: what requests do not ask of a collection
/// ```
public final class Access {
  /// What is asked of one object.
  ///
  /// @param object empty: of none in particular
  private record Right(String privilege, String database, Optional<String> object) {}

  /// What a role may do.
  ///
  /// @param databases where it may do everything
  private record Rights(Set<Right> rights, Set<String> databases) {
    boolean allow(String privilege, String database, Optional<String> object) {
      return allowIn(privilege, database, object) || allowIn(privilege, Grant.ANY, object);
    }

    private boolean allowIn(String privilege, String database, Optional<String> object) {
      return databases.contains(database)
          || rights.contains(new Right(privilege, database, object))
          || object.isPresent()
              && rights.contains(new Right(privilege, database, Optional.of(Grant.ANY)));
    }
  }

  private final SecurityState state;
  private final Map<RoleId, Rights> rights = new HashMap<>();

  private Access(SecurityState state) {
    this.state = state;
    state.roles().forEach(role -> rights.put(role.id(), rightsOf(role)));
  }

  public static Access of(SecurityState state) {
    return new Access(state);
  }

  public SecurityState state() {
    return state;
  }

  /// Root, and who has the role `admin`.
  public boolean isAdmin(String user) {
    return user.equals(User.ROOT)
        || state.findUser(user).filter(u -> u.roles().contains(Role.ADMIN.id())).isPresent();
  }

  /// Whether `user` may use the privilege on an object, or, when `object` is empty, without one in particular.
  ///
  /// @param privilege as the API names it: `Search`
  public boolean permits(String user, String privilege, String database, Optional<String> object) {
    return isAdmin(user)
        || rolesOf(user).anyMatch(role -> rights(role).allow(privilege, database, object));
  }

  /// Whether the user has that role.
  public boolean hasRole(String user, String role) {
    return rolesOf(user)
        .anyMatch(r -> state.findRole(role).filter(f -> f.id().equals(r)).isPresent());
  }

  /// Whether the user has anything to do in the database. What everybody may do does not count.
  public boolean sees(String user, String database) {
    return isAdmin(user)
        || grantsOf(user)
            .anyMatch(grant -> grant.database().equals(database) || isAny(grant.database()));
  }

  /// Whether the user has anything to do with the collection.
  public boolean sees(String user, String database, String collection) {
    return isAdmin(user)
        || grantsOf(user)
            .filter(grant -> grant.database().equals(database) || isAny(grant.database()))
            .filter(this::isOfCollections)
            .anyMatch(grant -> grant.object().equals(collection) || isAny(grant.object()));
  }

  private boolean isOfCollections(Grant grant) {
    return grant.objectType().equals(Privileges.COLLECTION)
        || grant.privilege().equals(Privileges.ALL)
        || expand(grant).anyMatch(p -> Privileges.objectType(p).equals(Privileges.COLLECTION));
  }

  private static boolean isAny(String name) {
    return name.equals(Grant.ANY);
  }

  private Stream<RoleId> rolesOf(String user) {
    return Stream.concat(
        state.findUser(user).stream().flatMap(u -> u.roles().stream()),
        Stream.of(Role.PUBLIC.id()));
  }

  private Stream<Grant> grantsOf(String user) {
    return state.findUser(user).stream()
        .flatMap(u -> state.rolesOf(u).stream())
        .filter(role -> !role.equals(Role.PUBLIC))
        .flatMap(role -> state.grantsOf(role).stream());
  }

  /// None of a role that is gone.
  private Rights rights(RoleId role) {
    return rights.getOrDefault(role, new Rights(Set.of(), Set.of()));
  }

  private Rights rightsOf(Role role) {
    Set<Right> all = new HashSet<>();
    Set<String> databases = new HashSet<>();
    for (Grant grant : state.grantsOf(role)) {
      if (isEverything(grant)) {
        databases.add(grant.database());
      } else {
        expand(grant).flatMap(Privileges::implied).forEach(privilege -> add(privilege, grant, all));
      }
    }
    return new Rights(all, databases);
  }

  private static boolean isEverything(Grant grant) {
    return grant.privilege().equals(Privileges.ALL) && isAny(grant.object());
  }

  private static void add(String privilege, Grant grant, Set<Right> all) {
    all.add(new Right(privilege, grant.database(), Optional.of(grant.object())));
    if (!isNarrowed(grant)) {
      all.add(new Right(privilege, grant.database(), Optional.empty()));
    }
  }

  /// All of one object is not more than of that object.
  private static boolean isNarrowed(Grant grant) {
    return grant.privilege().equals(Privileges.ALL) && !isAny(grant.object());
  }

  private Stream<String> expand(Grant grant) {
    if (isAny(grant.privilege())) {
      return Privileges.allOf(grant.objectType()).stream();
    }
    if (grant.privilege().equals(Privileges.ALL)) {
      return Privileges.allOf(Privileges.COLLECTION).stream();
    }
    Set<String> found = new HashSet<>();
    expand(grant.privilege(), found, new HashSet<>());
    return found.stream();
  }

  /// A group may name groups; `seen` ends a circle.
  private void expand(String name, Set<String> found, Set<String> seen) {
    Optional<PrivilegeGroup> group = state.findGroup(name).or(() -> Privileges.findGroup(name));
    if (group.isEmpty()) {
      found.add(name);
    } else if (seen.add(name)) {
      List<String> members = group.get().privileges();
      members.forEach(member -> expand(member, found, seen));
    }
  }
}
